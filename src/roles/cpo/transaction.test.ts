import { describe, expect, test } from 'vitest';
import { epochMillis, watts } from '../../domain/units.ts';
import {
  available,
  end20,
  followStation,
  holder,
  look,
  meter16,
  meter20,
  minute,
  register,
  type Said,
  stamp,
  start16,
  start20,
  stop16,
  update20,
} from './transaction.fixture.ts';

interface Case {
  what: string;
  evses?: 1 | 2;
  said: readonly Said[];
  sessions: readonly string[];
}

const power = (n: number, value: number) => ({ at: minute(n), power: watts(value) });

/** What ends a transaction, which one is meant, and when it is ACTIVE. A session in short: transaction, EVSE, status, kWh. */
const CASES: readonly Case[] = [
  {
    what: 'F-01: meter values without an id are of the transaction at the connector',
    said: [start16(0, '7'), meter16(5, undefined, 1_500)],
    sessions: ['7 E1 ACTIVE 0.5'],
  },
  { what: 'F-01: so are those with an id that nobody knows', said: [start16(0, '7'), meter16(5, '99', 1_500)], sessions: ['7 E1 ACTIVE 0.5'] },
  { what: 'F-01: without a car they are of none', said: [meter16(5, undefined, 1_500), meter16(6, '1', 1_600)], sessions: [] },
  {
    what: 'F-01: at another connector they are of none',
    evses: 2,
    said: [start16(0, '7'), { ...meter16(5, undefined, 9_000), evseId: 2 }],
    sessions: ['7 E1 ACTIVE 0'],
  },
  { what: 'F-01: those from before the transaction are not its own', said: [start16(10, '7'), meter16(5, undefined, 9_000)], sessions: ['7 E1 ACTIVE 0'] },
  {
    what: 'F-01: those of an ended transaction are not of the next',
    said: [start16(0, '7'), stop16(5, '7', 2_000), start16(6, '8', { energy: 2_000 }), meter16(7, '7', 9_000)],
    sessions: ['7 E1 COMPLETED 1', '8 E1 ACTIVE 0'],
  },
  {
    what: 'F-01: OCPP 2.x: MeterValues at the EVSE are of the transaction that runs there, if its own events have no register',
    said: [start20(0, 'a', { connected: true, readings: [register(0, 1_000, 'begin')] }), meter20(5, 1_500), update20(6, 'a'), meter20(7, 1_800)],
    sessions: ['a E1 ACTIVE 0.8'],
  },
  {
    what: 'F-01: OCPP 2.x: with registers of its own they are not, since they may be of another meter',
    said: [
      start20(0, 'a', { connected: true, readings: [register(0, 0, 'begin')] }),
      update20(5, 'a', { readings: [register(5, 500)] }),
      meter20(6, 3_000),
      update20(10, 'a', { readings: [register(10, 1_000)] }),
    ],
    sessions: ['a E1 ACTIVE 1'],
  },
  {
    what: 'F-01: OCPP 2.x: the register of the meter may differ from that of the transaction',
    said: [
      start20(0, 'a', { connected: true, readings: [register(0, 0, 'begin')] }),
      meter20(5, 9_243_800),
      meter20(15, 9_245_800),
      end20(20, 'a', [register(20, 3_000, 'end')]),
    ],
    sessions: ['a E1 COMPLETED 3'],
  },
  {
    what: 'F-01: OCPP 2.x: those from before the transaction, of another EVSE or without a transaction are of none',
    evses: 2,
    said: [meter20(1, 500), start20(5, 'a', { connected: true, readings: [register(5, 0, 'begin')] }), meter20(4, 700), { ...meter20(6, 900), evseId: 2 }],
    sessions: ['a E1 ACTIVE 0'],
  },
  {
    what: 'F-03: OCPP 2.x: nor are those of an available connector a sign that the transaction goes on',
    said: [start20(0, 'a', { connected: true, readings: [register(0, 0, 'begin')] }), available(30), meter20(31, 1_800, { power: watts(5) }), look(32)],
    sessions: ['a E1 COMPLETED 0'],
  },
  { what: 'F-02: a stop without an id ends the only transaction', said: [start16(0, '7'), stop16(5, undefined, 3_000)], sessions: ['7 E1 COMPLETED 2'] },
  {
    what: 'F-02: with two transactions it ends neither',
    evses: 2,
    said: [start16(0, '7'), start16(0, '8', { evseId: 2 }), stop16(5, undefined, 3_000)],
    sessions: ['7 E1 ACTIVE 0', '8 E2 ACTIVE 0'],
  },
  { what: 'F-02: it does not end a transaction that began later', said: [start16(5, '7'), stop16(4, undefined, 3_000)], sessions: ['7 E1 ACTIVE 0'] },
  {
    what: 'F-02: a stop with an id that nobody knows ends the transaction of the only EVSE',
    said: [start16(0, '7'), stop16(5, '99', 3_000)],
    sessions: ['7 E1 COMPLETED 2'],
  },
  { what: 'F-02: but none where another EVSE may be meant', evses: 2, said: [start16(0, '7'), stop16(5, '99', 3_000)], sessions: ['7 E1 ACTIVE 0'] },
  {
    what: 'F-02: a stop that is sent twice changes nothing the second time',
    said: [start16(0, '7'), stop16(5, '7', 3_000), stop16(6, '7', 9_000)],
    sessions: ['7 E1 COMPLETED 2'],
  },
  { what: 'F-02: a stop without a transaction begins none', said: [stop16(5, undefined, 3_000), stop16(5, '9', 3_000)], sessions: [] },
  { what: 'F-02: a stop that arrives before its start ends it', said: [stop16(5, undefined, 3_000), start16(0, '7')], sessions: ['7 E1 COMPLETED 2'] },
  { what: 'F-02: but not a start that began after it', said: [stop16(5, undefined, 3_000), start16(6, '7')], sessions: ['7 E1 ACTIVE 0'] },
  { what: 'F-02: nor one with a higher register', said: [stop16(5, undefined, 500), start16(0, '7')], sessions: ['7 E1 ACTIVE 0'] },
  { what: 'F-02: and it counts once', said: [stop16(5, undefined, 3_000), start16(6, '7'), start16(4, '8')], sessions: ['7 E1 ACTIVE 0', '8 E1 PENDING 0'] },
  {
    what: 'F-03: a start that began later ends what ran at the EVSE',
    said: [start16(0, '7'), meter16(5, '7', 1_800), start16(30, '8', { energy: 2_000 }), stop16(40, '8', 2_500)],
    sessions: ['7 E1 COMPLETED 0.8', '8 E1 COMPLETED 0.5'],
  },
  {
    what: 'F-03: at another EVSE it does not',
    evses: 2,
    said: [start16(0, '7'), start16(30, '8', { energy: 0, evseId: 2 })],
    sessions: ['7 E1 ACTIVE 0', '8 E2 ACTIVE 0'],
  },
  { what: 'F-03: the same start again is the same session', said: [start16(0, '7'), meter16(5, '7', 1_800), start16(0, '7')], sessions: ['7 E1 ACTIVE 0.8'] },
  {
    what: 'F-03: a start from before, delivered late, does not end the newer one',
    said: [start16(30, '8'), start16(0, '7', { energy: 500 })],
    sessions: ['8 E1 ACTIVE 0', '7 E1 PENDING 0'],
  },
  {
    what: 'F-03: it gets its own end',
    said: [start16(30, '8'), start16(0, '7', { energy: 500 }), stop16(20, '7', 1_000)],
    sessions: ['8 E1 ACTIVE 0', '7 E1 COMPLETED 0.5'],
  },
  {
    what: 'F-03: without one it is closed',
    said: [start16(30, '8'), start16(0, '7', { energy: 500 }), look(31)],
    sessions: ['8 E1 ACTIVE 0', '7 E1 INVALID 0'],
  },
  { what: 'F-03: an available connector ends it', said: [start16(0, '7'), meter16(5, '7', 1_800), available(30), look(31)], sessions: ['7 E1 COMPLETED 0.8'] },
  {
    what: 'F-03: its end may follow, with the whole energy',
    said: [start16(0, '7'), meter16(5, '7', 1_800), available(30), stop16(29, '7', 3_000), look(31)],
    sessions: ['7 E1 COMPLETED 2'],
  },
  {
    what: 'F-03: an available other connector does not',
    evses: 2,
    said: [start16(0, '7'), available(30, { evseId: 2, connectorId: 2 }), look(31)],
    sessions: ['7 E1 ACTIVE 0'],
  },
  {
    what: 'F-03: nor does the status of the whole station',
    said: [start16(0, '7'), available(30, { evseId: 0, connectorId: 0 }), look(31)],
    sessions: ['7 E1 ACTIVE 0'],
  },
  { what: 'F-03: nor does a status from before the start', said: [start16(10, '7'), available(5), look(31)], sessions: ['7 E1 ACTIVE 0'] },
  {
    what: 'F-03: a status without a time counts as it arrives',
    said: [start16(90, '7'), available(30, { undated: true }), look(91)],
    sessions: ['7 E1 COMPLETED 0'],
  },
  {
    what: 'F-03: a charge point that goes on has not ended it',
    said: [start16(0, '7'), available(30), { ...meter16(31, undefined, 1_800), charging: true }, look(40)],
    sessions: ['7 E1 ACTIVE 0.8'],
  },
  {
    what: 'F-03: OCPP 2.x: an available connector before the car is there ends nothing',
    said: [start20(0, 'a'), available(1), look(40)],
    sessions: ['a E1 PENDING 0'],
  },
  {
    what: 'F-03: OCPP 2.x: nor does one after a car has left and the transaction goes on, as in a parking bay',
    said: [start20(0, 'a', { connected: true }), update20(5, 'a', { connected: false }), available(6), look(40)],
    sessions: ['a E1 ACTIVE 0'],
  },
  {
    what: 'F-03: OCPP 2.x: one with a car connected does',
    said: [start20(0, 'a', { connected: true }), available(6), look(40)],
    sessions: ['a E1 COMPLETED 0'],
  },
  {
    what: 'F-03: OCPP 2.x: the other connector of the EVSE does not',
    said: [start20(0, 'a', { connected: true, connectorId: 2 }), available(6, { connectorId: 1 }), look(40)],
    sessions: ['a E1 ACTIVE 0'],
  },
  {
    what: 'F-03: OCPP 2.x: an update that names the EVSE ends what ran there',
    evses: 2,
    said: [start20(0, 'a', { connected: true }), start20(10, 'b', { evseId: 0 }), update20(11, 'b', { evseId: 1, connected: true })],
    sessions: ['a E1 COMPLETED 0', 'b E1 ACTIVE 0'],
  },
  { what: 'F-04, CDP-05: an authorised car that is connected is ACTIVE', said: [start20(0, 'a', { connected: true })], sessions: ['a E1 ACTIVE 0'] },
  { what: 'F-04: without a car it is PENDING', said: [start20(0, 'a'), update20(1, 'a', { connected: false })], sessions: ['a E1 PENDING 0'] },
  {
    what: 'F-04: a car that draws power is connected',
    said: [start20(0, 'a'), update20(1, 'a', { readings: [power(1, 7_000)] })],
    sessions: ['a E1 ACTIVE 0'],
  },
  {
    what: 'F-04: no power is drawn without a car',
    said: [start20(0, 'a', { connected: false }), update20(1, 'a', { readings: [power(1, 3)] })],
    sessions: ['a E1 PENDING 0'],
  },
  {
    what: 'F-04: a suspended car is ACTIVE',
    said: [start20(0, 'a'), update20(1, 'a', { charging: false, connected: true, suspendedByEvse: true })],
    sessions: ['a E1 ACTIVE 0'],
  },
  {
    what: 'F-04: without a token it is PENDING',
    said: [start20(0, 'a', { connected: true, idToken: { uid: 'UNKNOWN', type: 'RFID' } })],
    sessions: ['a E1 PENDING 0'],
  },
  {
    what: 'F-30, F-33: after a refused token it is PENDING and nobody’s',
    said: [start16(0, '7', { refused: true }), meter16(5, '7', 2_000)],
    sessions: ['7 E1 PENDING 1'],
  },
  { what: 'OCPP 2.x: an update without a start counts as the start', said: [update20(1, 'a', { evseId: 1, connected: true })], sessions: ['a E1 PENDING 0'] },
  {
    what: 'OCPP 2.x: the start may arrive after an update',
    said: [update20(5, 'a', { evseId: 1, charging: true, readings: [register(5, 1_500)] }), start20(0, 'a', { readings: [register(0, 1_000, 'begin')] })],
    sessions: ['a E1 ACTIVE 0.5'],
  },
  {
    what: 'OCPP 2.x: the end may arrive before the start',
    said: [end20(9, 'a', [register(9, 3_000, 'end')]), start20(0, 'a', { readings: [register(0, 1_000, 'begin')] })],
    sessions: ['a E1 COMPLETED 2'],
  },
  {
    what: 'OCPP 2.x: an end alone is a session that is over',
    said: [end20(9, 'a', [register(9, 3_000, 'end'), register(0, 1_000, 'begin')])],
    sessions: ['a E1 COMPLETED 2'],
  },
  {
    what: 'OCPP 2.x: an older charging state, delivered late, changes nothing',
    said: [start20(0, 'a', { connected: true }), update20(9, 'a', { connected: true }), update20(5, 'a', { connected: false }), available(10), look(20)],
    sessions: ['a E1 COMPLETED 0'],
  },
  { what: 'OCPP 1.6: connector 0 of a station with one EVSE is that EVSE', said: [start16(0, '7', { energy: 0, evseId: 0 })], sessions: ['7 E1 ACTIVE 0'] },
];

test.each(CASES)('$what', ({ evses = 1, said, sessions }) => {
  const station = followStation({ evses });
  station.say(...said);
  expect(station.list()).toEqual(sessions);
});

describe('a session that is closed without its end (A-36)', () => {
  test('ends with its last reading, and says why it was closed and how its energy is known', () => {
    const station = followStation();
    station.say(start16(0, '7'), meter16(5, '7', 1_800), start16(30, '8', { energy: 2_000 }));
    const [closed] = station.sessions();
    expect(closed?.wire.end_date_time).toBe(stamp(5));
    expect(closed?.progress.closed).toEqual({ because: 'next-start', energyAt: minute(5) });
  });

  test('without a reading it ends with the next start, or when its connector is available', () => {
    const [one, other] = [followStation(), followStation()];
    one.say(start16(0, '7'), start16(30, '8'));
    other.say(start16(0, '7'), available(20), look(31));
    expect(one.sessions()[0]?.wire.end_date_time).toBe(stamp(30));
    expect(other.sessions()[0]?.wire.end_date_time).toBe(stamp(20));
    expect(other.sessions()[0]?.progress.closed).toEqual({ because: 'available' });
  });

  test('SES-17: an end that comes later changes nothing that was told, and its energy is kept for the operator', () => {
    const station = followStation();
    station.say(start16(0, '7'), meter16(5, '7', 1_800), available(30), look(31));
    const told = station.sessions()[0]?.wire;
    station.say(stop16(29, '7', 3_000));
    expect(station.sessions()[0]?.wire).toBe(told);
    expect(station.sessions()[0]?.progress.closed).toEqual({ because: 'available', energyAt: minute(5), later: 2 });
  });

  test('is not closed while messages of the transaction still arrive', () => {
    const station = followStation();
    station.say(start16(0, '7'), available(30));
    const late = { ...meter16(5, '7', 1_800) };
    station.say({ kind: 'look', at: epochMillis(minute(30) + 1_999) }, late, { kind: 'look', at: epochMillis(minute(30) + 2_100) });
    expect(station.list()).toEqual(['7 E1 ACTIVE 0.8']);
    station.say({ kind: 'look', at: epochMillis(minute(30) + 4_000) });
    expect(station.list()).toEqual(['7 E1 COMPLETED 0.8']);
  });
});

test('the start that arrives after the end brings owner, start and end', () => {
  const station = followStation();
  station.say(end20(9, 'a', [register(9, 3_000, 'end')]), start20(0, 'a', { connected: true, readings: [register(0, 1_000, 'begin')] }));
  expect(station.sessions()[0]?.wire).toMatchObject({ cdr_token: holder, start_date_time: stamp(0), end_date_time: stamp(9), kwh: 2 });
  station.say(start20(0, 'a'));
  expect(station.list()).toEqual(['a E1 COMPLETED 2']);
});

test('F-12, CDP-02: no charging period begins before its session', () => {
  const station = followStation();
  station.say(start20(0, 'a', { readings: [register(0, 1_000, 'begin')] }), update20(12, 'a', { connected: true, readings: [register(12, 1_000)] }));
  station.say(update20(20, 'a', { readings: [register(20, 3_000)] }), end20(25, 'a', [register(25, 4_000, 'end')]));
  const { start_date_time, charging_periods } = station.sessions()[0]?.wire ?? {};
  expect(start_date_time).toBe(stamp(12));
  expect(charging_periods?.map((it) => it.start_date_time)).toEqual([stamp(12), stamp(20)]);
});
