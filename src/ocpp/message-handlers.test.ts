import { describe, expect, test } from 'vitest';
import { seconds } from '../domain/units.ts';
import { answerCall } from './answer-call.ts';
import type { Ears } from './dialect.ts';
import { dialects } from './dialects.ts';
import { printFrame } from './frame.ts';
import { now, sampled, T, tables } from './message-handlers.fixture.ts';
import { openBook } from './schema.ts';
import type { OcppVersion, StationEvent } from './station.ts';

/** Ears of a node that knows the token GOOD and writes down what it hears. */
function attentiveEars(): Ears & { events: StationEvent[] } {
  const events: StationEvent[] = [];
  return {
    events,
    now: () => now,
    heartbeat: seconds(300),
    running: new Map(),
    heard: async (event) => void events.push(event),
    authorize: async ({ uid }) => uid === 'GOOD',
    chargingNeeds: async ({ evseId }) => (evseId === 1 ? 'Accepted' : 'Rejected'),
    startTransaction: async ({ idTag }) => ({ transactionId: 7, accepted: idTag === 'GOOD' }),
  };
}

async function say(version: OcppVersion, action: string, payload: unknown) {
  const dialect = dialects.find((it) => it.version === version);
  if (!dialect) throw new Error(version);
  const ears = attentiveEars();
  const { frame } = await answerCall({ type: 'call', id: 'x', action, payload: structuredClone(payload) }, { dialect, book: await openBook(version), ears });
  const [type, , ...rest]: unknown[] = JSON.parse(printFrame(frame));
  return { type, rest, events: ears.events, dialect };
}

describe.each(tables)('OCPP %s: every message that a station may send', (version, rows) => {
  test.each(rows.map(([action, payload, answer, events]) => ({ action, payload, answer, events })))(
    '$action $payload',
    async ({ action, payload, answer, events = [] }) => {
      const said = await say(version, action, payload);
      expect([said.type, said.rest]).toEqual([3, [answer]]);
      expect(said.events).toMatchObject(events);
      const checked = (await openBook(version)).check(`${action}Response`, structuredClone(answer));
      expect(checked).toEqual({ ok: true, value: answer });
    },
  );

  test('the table leaves none out', () => {
    const dialect = dialects.find((it) => it.version === version);
    expect([...(dialect?.notices.keys() ?? [])].sort()).toEqual([...new Set(rows.map(([action]) => action))].sort());
  });

  test('a message that only a node sends is not supported, one that nobody sends is not known', async () => {
    for (const action of ['SetChargingProfile', 'Reset', 'TriggerMessage']) expect((await say(version, action, {})).rest[0]).toBe('NotSupported');
    for (const action of ['Nonsense', '', '__proto__', 'constructor']) expect((await say(version, action, {})).rest[0]).toBe('NotImplemented');
  });

  test('a payload that does not fit gets the version’s error, the field named, and is not heard', async () => {
    const occurrence = version === '1.6' ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation';
    const format = version === '1.6' ? 'FormationViolation' : 'FormatViolation';
    const booted = await say(version, 'BootNotification', { reason: 'PowerUp' });
    expect(booted.rest).toEqual([occurrence, expect.stringContaining("must have required property 'charg"), {}]);
    expect(booted.events).toEqual([]);
    expect((await say(version, 'Heartbeat', [])).rest[0]).toBe(format);
    expect((await say(version, 'Authorize', { idTag: 7, idToken: 7 })).rest[0]).toBe('TypeConstraintViolation');
    expect((await say(version, 'FirmwareStatusNotification', { status: 'Perhaps' })).rest[0]).toBe('PropertyConstraintViolation');
  });
});

describe('OCPP 1.6 messages that name only the connector', () => {
  test('belong to the transaction that runs there', async () => {
    const [dialect] = dialects.filter(({ version }) => version === '1.6');
    if (!dialect) throw new Error('no 1.6');
    const ears = attentiveEars();
    const book = await openBook('1.6');
    const tell = (action: string, payload: object) => answerCall({ type: 'call', id: 'x', action, payload }, { dialect, book, ears });
    await tell('StartTransaction', { connectorId: 2, idTag: 'GOOD', meterStart: 0, timestamp: T });
    await tell('MeterValues', { connectorId: 2, meterValue: structuredClone(sampled) });
    await tell('StatusNotification', { connectorId: 2, errorCode: 'NoError', status: 'SuspendedEVSE' });
    await tell('StopTransaction', { transactionId: 7, meterStop: 9, timestamp: T });
    await tell('StatusNotification', { connectorId: 2, errorCode: 'NoError', status: 'Charging' });
    expect(ears.events).toMatchObject([
      { kind: 'transaction-started' },
      { kind: 'transaction-updated', transactionId: '7', evseId: 2, readings: [{ energy: 1500 }] },
      { kind: 'status' },
      { kind: 'transaction-updated', transactionId: '7', charging: false, suspendedByEvse: true },
      { kind: 'transaction-ended' },
      { kind: 'status' },
    ]);
  });

  test('a station that names thousands of connectors fills no memory', async () => {
    const [dialect] = dialects.filter(({ version }) => version === '1.6');
    if (!dialect) throw new Error('no 1.6');
    const ears = attentiveEars();
    const book = await openBook('1.6');
    for (let connectorId = 0; connectorId < 1000; connectorId += 1) {
      await answerCall(
        { type: 'call', id: 'x', action: 'MeterValues', payload: { connectorId, transactionId: 1, meterValue: structuredClone(sampled) } },
        { dialect, book, ears },
      );
    }
    expect(ears.running.size).toBe(64);
  });
});
