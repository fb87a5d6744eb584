import { describe, expect, test } from 'vitest';
import { seconds } from '../domain/units.ts';
import { answerCall } from './answer-call.ts';
import type { HandlerContext } from './dialect.ts';
import { dialects } from './dialects.ts';
import { printFrame } from './frame.ts';
import { now, sampled, T, tables } from './message-handlers.fixture.ts';
import { boundedMoment } from './patience/clock.ts';
import { openSchemas } from './schema.ts';
import type { OcppVersion, StationEvent } from './station.ts';

/** A handler context that authorizes the token GOOD and records all events. */
function recordingContext(): HandlerContext & { events: StationEvent[] } {
  const events: StationEvent[] = [];
  return {
    events,
    now: () => now,
    moment: (text) => boundedMoment(text, now).at,
    heartbeat: seconds(300),
    transactions: new Map(),
    report: async (event) => void events.push(event),
    authorize: async ({ uid }) => ({ status: uid === 'GOOD' ? 'Accepted' : 'Invalid' }),
    chargingNeeds: async ({ evseId }) => (evseId === 1 ? 'Accepted' : 'Rejected'),
    startTransaction: async ({ idTag }) => ({ transactionId: 7, decision: { status: idTag === 'GOOD' ? 'Accepted' : 'Invalid' } }),
  };
}

async function call(version: OcppVersion, action: string, payload: unknown) {
  const dialect = dialects.find((it) => it.version === version);
  if (!dialect) throw new Error(version);
  const context = recordingContext();
  const { frame } = await answerCall(
    { type: 'call', id: 'x', action, payload: structuredClone(payload) },
    { dialect, schemas: await openSchemas(version), handlerContext: context },
  );
  const [type, , ...rest]: unknown[] = JSON.parse(printFrame(frame));
  return { type, rest, events: context.events, dialect };
}

describe.each(tables)('OCPP %s: every CALL that a station may send', (version, rows) => {
  test.each(rows.map(([action, payload, answer, events]) => ({ action, payload, answer, events })))(
    '$action $payload',
    async ({ action, payload, answer, events = [] }) => {
      const called = await call(version, action, payload);
      expect([called.type, called.rest]).toEqual([3, [answer]]);
      expect(called.events).toMatchObject(events);
      const checked = (await openSchemas(version)).check(`${action}Response`, structuredClone(answer));
      expect(checked).toEqual({ ok: true, value: answer });
    },
  );

  test('the table has all of them', () => {
    const dialect = dialects.find((it) => it.version === version);
    expect([...(dialect?.handlers.keys() ?? [])].sort()).toEqual([...new Set(rows.map(([action]) => action))].sort());
  });

  test('an action that only the node sends gets NotSupported, an unknown one NotImplemented', async () => {
    for (const action of ['SetChargingProfile', 'Reset', 'TriggerMessage']) expect((await call(version, action, {})).rest[0]).toBe('NotSupported');
    for (const action of ['Nonsense', '', '__proto__', 'constructor']) expect((await call(version, action, {})).rest[0]).toBe('NotImplemented');
  });

  test('an invalid payload of a strict station gets the error code of the version and the field name, and causes no event', async () => {
    const occurrence = version === '1.6' ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation';
    const format = version === '1.6' ? 'FormationViolation' : 'FormatViolation';
    const booted = await call(version, 'BootNotification', { reason: 'PowerUp' });
    expect(booted.rest).toEqual([occurrence, expect.stringContaining("must have required property 'charg"), {}]);
    expect(booted.events).toEqual([]);
    expect((await call(version, 'Heartbeat', [])).rest[0]).toBe(format);
    expect((await call(version, 'Authorize', { idTag: 7, idToken: 7 })).rest[0]).toBe('TypeConstraintViolation');
    expect((await call(version, 'FirmwareStatusNotification', { status: 'Perhaps' })).rest[0]).toBe('PropertyConstraintViolation');
  });
});

describe('messages that name only a connector or an EVSE', () => {
  test('F-05: are reported with their connector, since only the store knows the transaction that runs there', async () => {
    const [dialect] = dialects.filter(({ version }) => version === '1.6');
    if (!dialect) throw new Error('no 1.6');
    const context = recordingContext();
    const schemas = await openSchemas('1.6');
    const call = (action: string, payload: object) => answerCall({ type: 'call', id: 'x', action, payload }, { dialect, schemas, handlerContext: context });
    await call('MeterValues', { connectorId: 2, meterValue: structuredClone(sampled) });
    await call('MeterValues', { connectorId: 0, meterValue: structuredClone(sampled) });
    await call('StatusNotification', { connectorId: 2, errorCode: 'NoError', status: 'SuspendedEVSE' });
    expect(context.events).toEqual([
      { kind: 'transaction-updated', evseId: 2, idsAreOurs: true, at: now, readings: [{ at: now, energy: 1500 }] },
      { kind: 'status', evseId: 2, connectorId: 2, status: 'SuspendedEVSE', at: now, undated: true },
      { kind: 'transaction-updated', evseId: 2, idsAreOurs: true, at: now, charging: false, connected: true, suspendedByEvse: true, readings: [] },
    ]);
  });

  test.each(['2.0.1', '2.1'] as const)('F-01: so are the readings of an EVSE in OCPP %s; EVSE 0 is the meter of the whole station', async (version) => {
    const meterValue = [{ timestamp: T, sampledValue: [{ value: 1.5, unitOfMeasure: { unit: 'kWh' } }] }];
    const { events } = await call(version, 'MeterValues', { evseId: 2, meterValue });
    expect(events).toMatchObject([{ kind: 'transaction-updated', ofEvse: true, evseId: 2, readings: [{ energy: 1500 }] }]);
    expect((await call(version, 'MeterValues', { evseId: 0, meterValue })).events).toEqual([]);
  });

  test.each([0, -1, -2147483648, 2147483648, 2 ** 63])('F-01, F-02: transaction id %s names no transaction', async (transactionId) => {
    const meter = await call('1.6', 'MeterValues', { connectorId: 2, transactionId, meterValue: sampled });
    const stop = await call('1.6', 'StopTransaction', { transactionId, meterStop: 2000, timestamp: T });
    for (const [event] of [meter.events, stop.events]) {
      expect(event).toMatchObject({ idsAreOurs: true });
      expect(event).not.toHaveProperty('transactionId');
    }
  });
});
