import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { epochMillis } from '../src/domain/units.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import { buildCar } from './battery.ts';
import type { StationOptions } from './charge-point/options.ts';
import { evse, idToken, VERSIONS } from './charge-point/rig.fixture.ts';
import { violationOf } from './charge-point/schema-check.ts';
import { type ChargePoint, plugInStation } from './charge-point.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import { ANSWERS, answerByStandard, CsmsMemory } from './csms/answers.ts';
import { STANDARD_CSMS } from './csms/traits.ts';
import { type Csms, openCsms } from './csms.ts';

let clock: VirtualClock;
let csms: Csms;
const stations: ChargePoint[] = [];
beforeEach(async () => {
  clock = virtualClock(epochMillis(Date.parse('2026-06-01T08:00:00Z')));
  csms = await openCsms({ clock });
});
afterEach(async () => {
  for (const station of stations.splice(0)) await station[Symbol.asyncDispose]();
  await csms[Symbol.asyncDispose]();
  expect(await csms.violations()).toEqual([]);
});

async function connect(version: OcppVersion, options: Partial<StationOptions> = {}): Promise<ChargePoint> {
  const station = await plugInStation({ url: csms.url, id: 'CP1', version, evses: [evse], clock, ...options });
  stations.push(station);
  await station.idle();
  return station;
}

/** The actions of CP1's calls, each once for a row of the same. */
function calledActions(): unknown[] {
  const actions = csms.frames.flatMap(({ from, text }) => (from === 'station' && text.startsWith('[2,') ? [JSON.parse(text)[2]] : []));
  return actions.filter((action, i) => action !== actions[i - 1]);
}

/** Opens a bare WebSocket; resolves with how the CSMS closed it, or with the error of a refused upgrade. */
function closedAs(protocols: string[]): Promise<string> {
  const socket = new WebSocket(`${csms.url}/CP1`, protocols);
  return new Promise((done) => {
    socket.on('error', (problem) => done(problem.message));
    socket.on('close', (code) => done(String(code)));
  });
}

const REMOTE: Record<OcppVersion, { start: string; stop: string; token: object }> = {
  '1.6': { start: 'RemoteStartTransaction', stop: 'RemoteStopTransaction', token: { idTag: 'X' } },
  '2.0.1': { start: 'RequestStartTransaction', stop: 'RequestStopTransaction', token: { idToken: { idToken: 'X', type: 'Central' }, remoteStartId: 7 } },
  '2.1': { start: 'RequestStartTransaction', stop: 'RequestStopTransaction', token: { idToken: { idToken: 'X', type: 'Central' }, remoteStartId: 7 } },
};

describe.each(VERSIONS)('a stand-in CSMS and a station of OCPP %s', (version) => {
  test('boot, authorize, start, meter and stop, each frame recorded byte for byte', async () => {
    const station = await connect(version, { sampleEvery: 60 });
    const transaction = await station.plugIn(1, { car: buildCar(), idToken });
    await clock.advance(60_000);
    await station.unplug(1);
    const transactionMessages = version === '1.6' ? ['StartTransaction', 'StatusNotification', 'MeterValues', 'StopTransaction'] : ['TransactionEvent'];
    expect(calledActions()).toEqual(['BootNotification', 'StatusNotification', 'Authorize', ...transactionMessages, 'StatusNotification']);
    expect(csms.frames.map(({ from, text }) => [from === 'csms' ? 'node' : from, JSON.parse(text)])).toEqual(
      station.frames.map(({ from, frame }) => [from, frame]),
    );
    if (version !== '1.6') return;
    expect(transaction).toBe('1');
    expect(csms.transactions).toEqual([{ id: 1, station: 'CP1', connectorId: 1, idTag: idToken.uid, meterStop: expect.any(Number) }]);
  });

  test('remote start and stop', async () => {
    const { start, stop, token } = REMOTE[version];
    const station = await connect(version);
    await station.plugIn(1, { car: buildCar() });
    expect(await csms.call('CP1', start, token)).toMatchObject({ ok: true, payload: { status: 'Accepted' }, text: expect.stringMatching(/^\[3,"csms-1",/) });
    await station.idle();
    const id = station.transaction(1);
    expect(await csms.call('CP1', stop, { transactionId: version === '1.6' ? Number(id) : id })).toMatchObject({ payload: { status: 'Accepted' } });
    expect(station.transaction(1)).toBeUndefined();
  });

  test('reservation, firmware, diagnostics and local list', async () => {
    const isOld = version === '1.6';
    const station = await connect(version);
    const token = isOld ? { idTag: idToken.uid } : { idToken: { idToken: idToken.uid, type: 'ISO14443' } };
    const statusOf = async (action: string, payload: object) => Object((await csms.call('CP1', action, payload)) as object).payload?.status;
    const until = { [isOld ? 'expiryDate' : 'expiryDateTime']: '2026-06-02T08:00:00Z' };
    const reserve = (id: number) => ({ ...until, ...token, ...(isOld ? { connectorId: 1, reservationId: id } : { id, evseId: 1 }) });
    expect(await statusOf('ReserveNow', reserve(5))).toBe('Accepted');
    expect(await statusOf('CancelReservation', { reservationId: 5 })).toBe('Accepted');
    expect(await statusOf('CancelReservation', { reservationId: 5 })).toBe('Rejected');
    expect(await statusOf('ReserveNow', reserve(6))).toBe('Accepted');
    await station.plugIn(1, { car: buildCar(), idToken });
    expect(csms.received('CP1', isOld ? 'StartTransaction' : 'TransactionEvent')[0]?.reservationId).toBe(6);
    expect(await statusOf('ReserveNow', reserve(7))).toBe('Occupied');

    const [location, retrieveDate] = ['http://files.example/a', '2026-06-01T08:00:00Z'];
    await csms.call('CP1', 'UpdateFirmware', isOld ? { location, retrieveDate } : { requestId: 9, firmware: { location, retrieveDateTime: retrieveDate } });
    await csms.call(
      'CP1',
      isOld ? 'GetDiagnostics' : 'GetLog',
      isOld ? { location } : { logType: 'DiagnosticsLog', requestId: 8, log: { remoteLocation: location } },
    );
    await station.idle();
    const ids = isOld ? [{}, {}] : [{ requestId: 9 }, { requestId: 8 }];
    const named = (status: string) => ({ status, ...ids[0] });
    expect(csms.received('CP1', 'FirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed'].map(named));
    const uploads = csms.received('CP1', isOld ? 'DiagnosticsStatusNotification' : 'LogStatusNotification');
    expect(uploads).toEqual(['Uploading', 'Uploaded'].map((status) => ({ status, ...ids[1] })));

    const list = isOld ? { listVersion: 3 } : { versionNumber: 3 };
    expect(await statusOf('SendLocalList', { ...list, updateType: 'Full' })).toBe('Accepted');
    expect(await csms.call('CP1', 'GetLocalListVersion', {})).toMatchObject({ payload: list });
    expect(await statusOf('TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' })).toBe('Accepted');
  });

  test('a transaction message is repeated over lost connections, and after a CALLERROR when the station does so', async () => {
    const isOld = version === '1.6';
    const end = isOld ? 'StopTransaction' : 'TransactionEvent';
    const station = await connect(version, { traits: { repeatsRefusedAfter: 10 } });
    await station.plugIn(1, { car: buildCar(), idToken });
    const before = csms.received('CP1', end).length;
    csms.behave({ answers: { [end]: [...Array(5).fill({ is: 'drop', done: false }), { is: 'call-error', code: 'InternalError' }] } });
    const unplugged = station.unplug(1);
    for (let drops = 1; drops <= 5; drops += 1) {
      await csms.until((it) => it.connections.length > drops - 1 && it.connections[drops - 1]?.closed !== undefined);
      await clock.advance(60_000);
    }
    await clock.advance(30_000);
    await unplugged;
    const ends = csms.received('CP1', end).slice(before);
    expect(ends.length).toBe(7);
    expect(new Set(ends.map((payload) => payload.timestamp)).size).toBe(1);
  });

  test('a pending boot, and a token that is blocked', async () => {
    csms.behave({ answers: { BootNotification: [{ is: 'with', fields: { status: 'Pending', interval: 5 } }] }, tokens: { [idToken.uid]: 'Blocked' } });
    const connecting = connect(version);
    await csms.until(() => csms.frames.length === 2);
    await clock.advance(5000);
    const station = await connecting;
    expect(csms.received('CP1', 'BootNotification')).toHaveLength(2);
    expect(await station.plugIn(1, { car: buildCar(), idToken })).toBeUndefined();
    expect(csms.transactions).toEqual([]);
  });

  test('it disappears and comes back on the same port; a transaction goes on', async () => {
    const station = await connect(version);
    const transaction = await station.plugIn(1, { car: buildCar(), idToken });
    await csms.disappear();
    await clock.advance(3000);
    expect(station.connected).toBe(false);
    await csms.comeBack();
    await clock.advance(70_000);
    await station.unplug(1);
    expect(csms.connections.map(({ number, closed }) => [number, closed?.code])).toEqual([
      [1, 1006],
      [2, undefined],
    ]);
    expect(JSON.stringify(csms.received('CP1', version === '1.6' ? 'StopTransaction' : 'TransactionEvent').at(-1))).toContain(transaction);
  });

  test('every action of a station has an answer that fits its schema', async () => {
    const subprotocol = `ocpp${version}`;
    for (const action of Object.keys(ANSWERS[subprotocol] ?? {})) {
      const certificateHashData = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: 'c' };
      const payload = {
        idTag: 'X',
        idToken: { idToken: 'X', type: 'Central' },
        vatNumber: 'NL1',
        certificateStatusRequests: [{ source: 'OCSP', urls: ['http://ocsp.example'], certificateHashData }],
      };
      const call = { station: 'CP1', subprotocol, action, payload, now: clock.now(), traits: STANDARD_CSMS, memory: new CsmsMemory() };
      const answer = answerByStandard(call);
      expect({ action, violation: await violationOf(version, `${action}Response`, answer) }).toEqual({ action, violation: undefined });
    }
  });

  test('an action that no station sends gets NotSupported, one that nobody knows NotImplemented', async () => {
    const station = await connect(version);
    expect(await station.call('Reset', { type: version === '1.6' ? 'Soft' : 'Immediate' })).toEqual({ ok: false, code: 'NotSupported' });
    expect(await station.call('MakeCoffee', {})).toEqual({ ok: false, code: 'NotImplemented' });
  });
});

describe('a stand-in CSMS that refuses', () => {
  test.each([401, 404, 503])('an upgrade with %i, and records it', async (http) => {
    csms.behave({ upgrades: { CP1: [{ is: 'refuse', http }] } });
    await expect(connect('1.6')).rejects.toThrow('could not connect');
    expect(csms.refused).toMatchObject([{ station: 'CP1', url: '/ocpp/CP1', http }]);
    await connect('1.6');
  });

  test('a station with a wrong password', async () => {
    await using strict = await openCsms({ clock, passwordOf: () => 'right' });
    await expect(connect('1.6', { url: strict.url, password: 'wrong' })).rejects.toThrow('could not connect');
    await connect('1.6', { url: strict.url, password: 'right' });
    expect([strict.refused[0]?.http, strict.stations]).toEqual([401, ['CP1']]);
  });

  test('a subprotocol that it does not speak, and a handshake that it drops', async () => {
    expect(await closedAs(['ocpp9.9'])).toBe('Server sent no subprotocol');
    expect(csms.connections.map(({ subprotocol }) => subprotocol)).toEqual(['']);
    csms.behave({ upgrades: { '*': { is: 'drop' } } });
    expect(await closedAs(['ocpp1.6'])).toMatch(/socket hang up|ECONNRESET/);
  });
});

describe('a stand-in CSMS that fails or breaks the rules', () => {
  test.each([
    ['a CALLERROR', { is: 'call-error', code: 'InternalError' }, { ok: false, code: 'InternalError' }],
    ['any payload', { is: 'answer', payload: { vendor: 'x' } }, { ok: true, payload: { vendor: 'x' } }],
    ['an invalid payload', { is: 'malformed' }, { ok: true, payload: { status: 42, odd: true } }],
    ['a dropped socket', { is: 'drop', done: false }, { ok: false, code: 'disconnected' }],
    ['a close', { is: 'close', code: 4001, reason: 'over' }, { ok: false, code: 'disconnected' }],
  ] as const)('%s', async (_, behaviour, expected) => {
    const station = await connect('1.6');
    csms.behave({ answers: { DataTransfer: behaviour } });
    expect(await station.call('DataTransfer', { vendorId: 'x' })).toEqual(expected);
  });

  test('a late answer, a second answer, and an answer to nothing', async () => {
    const station = await connect('1.6');
    csms.behave({ answers: { Heartbeat: [{ is: 'late', milliseconds: 5000 }, { is: 'twice' }, { is: 'answer-unasked', id: 'nobody' }] } });
    const late = station.call('Heartbeat', {});
    await clock.advance(4999);
    expect(csms.frames.at(-1)?.from).toBe('station');
    await clock.advance(1);
    expect((await late).ok).toBe(true);
    await station.call('Heartbeat', {});
    await station.call('Heartbeat', {});
    await station.call('Heartbeat', {});
    const answers = csms.frames.filter(({ from }) => from === 'csms').map(({ text }) => JSON.parse(text)[1]);
    expect(answers.slice(2).map((id) => (id === 'nobody' ? id : Number(/\d+$/.exec(id))))).toEqual([3, 4, 4, 'nobody', 5, 6]);
  });

  test('calls in a pipeline and with a used id; a text that is no frame', async () => {
    const station = await connect('2.0.1', { traits: { answers: { ClearCache: { is: 'late', milliseconds: 1000 } } } });
    csms.behave({ pipelines: true });
    const first = csms.connection('CP1').call('ClearCache', {}, 'same');
    const second = csms.connection('CP1').call('GetLocalListVersion', {}, 'same');
    expect(await second).toMatchObject({ ok: true, payload: { versionNumber: 0 } });
    await clock.advance(1000);
    await clock.advance(30_000);
    expect([await first, csms.strays]).toMatchObject([{ ok: false, code: 'timeout' }, [expect.stringContaining('"same"')]]);
    csms.sendText('CP1', '{"no frame"');
    await csms.until(() => csms.frames.at(-1)?.from === 'station');
    expect(csms.frames.at(-1)?.text).toContain('RpcFrameworkError');
    expect(station.connected).toBe(true);
  });

  test('calls wait for each other by default, and fail when the station leaves', async () => {
    const station = await connect('1.6', { traits: { answers: { '*': { is: 'never' } } } });
    const calls = [csms.call('CP1', 'ClearCache', {}), csms.call('CP1', 'GetLocalListVersion', {})];
    await csms.until(() => csms.frames.some(({ text }) => text.includes('ClearCache')));
    station.drop();
    expect((await Promise.all(calls)).map((answer) => answer.ok || answer.code)).toEqual(['disconnected', 'disconnected']);
    expect(csms.frames.some(({ text }) => text.includes('GetLocalListVersion'))).toBe(false);
    expect(() => csms.sendText('CP1', 'x')).toThrow('Station CP1 is not connected');
  });

  test('half-open, it reads nothing until it thaws', async () => {
    const station = await connect('1.6');
    csms.connection('CP1').freeze();
    const heartbeat = station.call('Heartbeat', {});
    await clock.advance(1000);
    expect(csms.received('CP1', 'Heartbeat')).toEqual([]);
    csms.connection('CP1').thaw();
    expect((await heartbeat).ok).toBe(true);
  });

  test('a repeated StartTransaction gets the same id', async () => {
    const station = await connect('1.6', { traits: {} });
    csms.behave({ answers: { StartTransaction: [{ is: 'never' }] } });
    const started = station.plugIn(1, { car: buildCar(), idToken });
    await csms.until(() => csms.received('CP1', 'StartTransaction').length === 1);
    await clock.advance(31_000);
    expect(await started).toBe('1');
    expect([csms.received('CP1', 'StartTransaction').length, csms.transactions.length]).toEqual([2, 1]);
  });
});
