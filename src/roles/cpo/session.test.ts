import { describe, expect, test } from 'vitest';
import type { TransactionStarted as Started, TransactionUpdated as Updated } from '../../domain/station.ts';
import { amperes, epochMillis, wattHours, watts } from '../../domain/units.ts';
import { socket } from './profile-request.fixture.ts';
import {
  begin,
  complete,
  hasOwner,
  isOver,
  limitMayHaveChanged,
  type OwnSession,
  type Progress,
  proceed,
  reserve,
  type SessionLocation,
  type TrackedSession,
  useReservation,
} from './session.ts';

const token: NonNullable<OwnSession['cdr_token']> = { uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C1' };
const place: SessionLocation = { countryCode: 'NL', partyId: 'EVK', currency: 'EUR', locationId: 'LOC1', evse: socket };
const minutes = (n: number) => epochMillis(Date.UTC(2026, 0, 1) + n * 60_000);
const stamp = (n: number) => new Date(minutes(n)).toISOString();
const periodOf = (volumes: Record<string, number>) => Object.entries(volumes).map(([type, volume]) => ({ type, volume }));
const energy = (n: number, register: number) => ({ at: minutes(n), energy: wattHours(register) });

const started = (more: Partial<Started> = {}): Started => ({
  kind: 'transaction-started',
  evseId: 1,
  transactionId: 't1',
  at: minutes(0),
  charging: true,
  readings: [energy(0, 1_000)],
  ...more,
});
const updated = (n: number, more: Partial<Updated> = {}): Updated => ({
  kind: 'transaction-updated',
  transactionId: 't1',
  at: minutes(n),
  charging: true,
  readings: [],
  ...more,
});
const starting = (more: Partial<Started> = {}, holder: OwnSession['cdr_token'] = token) =>
  begin('s1', place, { ...started(more), token: holder, now: minutes(0) });
const going = (charging: TrackedSession, n: number, { holder, ...more }: Partial<Updated> & { holder?: OwnSession['cdr_token'] } = {}) =>
  proceed(charging, updated(n, more), { token: holder, place, now: minutes(n) });
const ending = (charging: TrackedSession, n: number, register?: number) =>
  complete(charging, { at: minutes(n), readings: register === undefined ? [] : [energy(n, register)] }, minutes(n));

describe('the start of a session', () => {
  test('SES-14: is ACTIVE from the start when the car charges with an accepted token', () => {
    expect(starting().wire).toEqual({
      country_code: 'NL',
      party_id: 'EVK',
      id: 's1',
      start_date_time: stamp(0),
      kwh: 0,
      cdr_token: token,
      auth_method: 'WHITELIST',
      location_id: 'LOC1',
      evse_uid: 'E1',
      connector_id: '1',
      currency: 'EUR',
      status: 'ACTIVE',
      last_updated: stamp(0),
    });
  });

  test('SES-14: is PENDING until the car charges, and start_date_time becomes the moment of ACTIVE', () => {
    const pending = starting({ charging: false });
    expect(pending.wire).toMatchObject({ status: 'PENDING', start_date_time: stamp(0) });
    for (const charging of [false, undefined] as const) {
      const { charging: _, ...update } = updated(1);
      const next = proceed(pending, { ...update, ...(charging !== undefined && { charging }) }, { token: undefined, place, now: minutes(1) });
      expect(next.wire).toBe(pending.wire);
    }
    expect(going(pending, 3).wire).toMatchObject({ status: 'ACTIVE', start_date_time: stamp(3) });
  });

  test('SES-14: a later update of charging keeps start_date_time', () => {
    expect(going(starting(), 3, { readings: [energy(3, 1_500)] }).wire.start_date_time).toBe(stamp(0));
  });

  test('SES-16: has #NA and stays PENDING while its EVSE is unknown, and gets the EVSE later', () => {
    const unassigned = begin('s1', { ...place, evse: undefined }, { ...started({ evseId: 0 }), token, now: minutes(0) });
    expect(unassigned.wire).toMatchObject({ status: 'PENDING', evse_uid: '#NA', connector_id: '#NA' });
    expect(going(unassigned, 1).wire).toMatchObject({ status: 'ACTIVE', evse_uid: 'E1', connector_id: '1' });
  });

  test('SES-16: keeps its EVSE once that is known', () => {
    const elsewhere = { ...place, evse: { ...socket, uid: 'E2', connectorId: 2 } };
    expect(proceed(starting(), updated(1), { token: undefined, place: elsewhere, now: minutes(1) }).wire).toMatchObject({ evse_uid: 'E1', connector_id: '1' });
  });

  test('SES-01: a session without an accepted token has no owner, and stays PENDING until a token is presented', () => {
    const ownerless = begin('s1', place, { ...started(), token: undefined, now: minutes(0) });
    expect(hasOwner(ownerless.wire)).toBe(false);
    expect(ownerless.wire.status).toBe('PENDING');
    expect(going(ownerless, 1, { holder: token }).wire).toMatchObject({ status: 'ACTIVE', cdr_token: token, start_date_time: stamp(1) });
  });

  test('CP-35: another token does not change the owner of a running session', () => {
    const other = { ...token, uid: 'C0FFEE', party_id: 'TNM' };
    expect(going(starting(), 1, { holder: other }).wire.cdr_token).toEqual(token);
  });
});

describe('the course of a session', () => {
  test('SES-02: counts energy from the meter register at its start', () => {
    expect(going(starting(), 1, { readings: [energy(1, 1_234)] }).wire.kwh).toBe(0.234);
  });

  test('SES-02: every change has a later last_updated, also within one millisecond', () => {
    const first = starting();
    const second = proceed(first, updated(0, { readings: [energy(0, 1_100)] }), { token: undefined, place, now: minutes(0) });
    const third = proceed(second, updated(0, { readings: [energy(0, 1_200)] }), { token: undefined, place, now: minutes(0) });
    const times = [first, second, third].map((it) => it.wire.last_updated);
    expect(new Set(times).size).toBe(3);
    expect(times.toSorted()).toEqual(times);
  });

  test('SES-02: an update without a change keeps last_updated', () => {
    const before = going(starting(), 1, { readings: [energy(1, 1_234)] });
    expect(going(before, 2, { readings: [energy(2, 1_234)] }).wire).toBe(before.wire);
  });

  test('SES-42: a reset of the meter does not decrease the energy', () => {
    const before = going(starting(), 1, { readings: [energy(1, 3_000)] });
    expect(going(before, 2, { readings: [energy(2, 50)] }).wire.kwh).toBe(2);
  });

  test('SES-19: closes a charging period at most every five minutes', () => {
    let charging = starting();
    for (let n = 1; n <= 12; n++) charging = going(charging, n, { readings: [energy(n, 1_000 + n * 100)] });
    expect(charging.wire.charging_periods).toEqual([
      { start_date_time: stamp(0), dimensions: periodOf({ ENERGY: 0.5, TIME: 0.0833, POWER: 6 }) },
      { start_date_time: stamp(5), dimensions: periodOf({ ENERGY: 0.5, TIME: 0.0833, POWER: 6 }) },
    ]);
  });

  test('SES-19: a period without energy is not closed while the car charges, and its time is parking in the end', () => {
    const idle = going(going(starting(), 1), 10, { readings: [energy(10, 1_000)] });
    expect(idle.wire).not.toHaveProperty('charging_periods');
    expect(going(idle, 20, { readings: [energy(20, 1_500)] }).wire.charging_periods).toEqual([
      { start_date_time: stamp(0), dimensions: periodOf({ ENERGY: 0.5, TIME: 0.3333, POWER: 1.5 }) },
    ]);
    expect(ending(starting(), 10).wire.charging_periods).toEqual([
      { start_date_time: stamp(0), dimensions: periodOf({ ENERGY: 0, PARKING_TIME: 0.1667, POWER: 0 }) },
    ]);
  });

  test('SES-19: has at most 200 charging periods, and kwh is still complete', () => {
    let charging = starting();
    for (let n = 1; n <= 210; n++) charging = going(charging, n * 6, { readings: [energy(n * 6, 1_000 + n * 100)] });
    const ended = ending(charging, 211 * 6, 1_000 + 211 * 100).wire;
    expect(ended.charging_periods?.length).toBeLessThanOrEqual(200);
    expect(ended.kwh).toBe(21.1);
  });

  test('SES-14: start_date_time follows the clock of the charge point, also when it is behind', () => {
    const behind = starting({ at: minutes(-90), readings: [{ at: minutes(-90), energy: wattHours(1_000) }] });
    expect(behind.wire).toMatchObject({ start_date_time: stamp(-90), last_updated: stamp(0) });
  });

  test('CP-27: the offered current is stored separately from the measured power', () => {
    const charging = going(starting(), 1, { readings: [{ at: minutes(1), power: watts(3_000), currentOffered: amperes(10) }] });
    expect(charging.progress).toMatchObject({ power: 3_000, offered: { unit: 'A', limit: 10 } });
    expect(charging.wire.kwh).toBe(0);
  });

  test('CP-27: a reading replaces only the values that it has, and the power is offered where no current is', () => {
    const first = going(starting(), 1, { readings: [{ at: minutes(1), power: watts(3_000), currentOffered: amperes(10) }] });
    expect(going(first, 2, { readings: [energy(2, 1_100)] }).progress).toMatchObject({ power: 3_000, offered: { unit: 'A', limit: 10 } });
    const inWatts = [{ at: minutes(2), powerOffered: watts(7_000) }];
    expect(going(first, 2, { readings: inWatts }).progress).toMatchObject({ power: 3_000, offered: { unit: 'W', limit: 7_000 } });
    const both = [{ at: minutes(2), currentOffered: amperes(8), powerOffered: watts(7_000) }];
    expect(going(first, 2, { readings: both }).progress.offered).toEqual({ unit: 'A', limit: 8 });
  });

  test('CP-19: that the charge point suspends charging is kept until it says otherwise', () => {
    const suspended = going(starting(), 1, { charging: false, suspendedByEvse: true });
    expect(suspended.progress).toMatchObject({ connected: true, suspended: true, stateAt: minutes(1), stated: { charging: false, by: 'EVSE' } });
    expect(going(suspended, 2).progress.suspended).toBe(true);
    expect(going(suspended, 2, { suspendedByEvse: false }).progress.suspended).toBe(false);
  });
});

describe('the end of a session', () => {
  test('SES-03: is COMPLETED with its last energy and its end', () => {
    expect(ending(starting(), 10, 3_500).wire).toMatchObject({ status: 'COMPLETED', kwh: 2.5, end_date_time: stamp(10) });
  });

  test('SES-20: closes the last period, so that the sum of the periods is the energy', () => {
    const { wire } = ending(going(starting(), 5, { readings: [energy(5, 1_500)] }), 7, 2_000);
    expect(wire.charging_periods?.map((it) => it.dimensions[0]?.volume)).toEqual([0.5, 0.5]);
    expect(wire.kwh).toBe(1);
  });

  test('SES-21: is INVALID when the session was never ACTIVE', () => {
    expect(ending(starting({ charging: false }), 10).wire).toMatchObject({ status: 'INVALID', end_date_time: stamp(10) });
  });

  test('SES-21: is COMPLETED when the session has energy, although it was never ACTIVE', () => {
    expect(ending(starting({ charging: false }), 10, 1_500).wire).toMatchObject({ status: 'COMPLETED', kwh: 0.5 });
  });

  test('SES-17: is final; later updates and meter values change nothing', () => {
    const over = ending(starting(), 10, 3_500);
    expect(going(over, 11, { readings: [energy(11, 9_000)] })).toBe(over);
    expect(ending(over, 12, 9_000)).toBe(over);
  });

  test.each([
    ['COMPLETED', true],
    ['INVALID', true],
    ['ACTIVE', false],
    ['PENDING', false],
    ['RESERVATION', false],
  ])('SES-03: %s is over: %s', (status, over) => {
    expect(isOver({ status })).toBe(over);
  });
});

describe('a reservation', () => {
  const reserved = () => reserve('s1', place, { token, now: minutes(0), reference: 'ref-1' });

  test('SES-10: is a session with status RESERVATION before the car arrives', () => {
    expect(reserved().wire).toMatchObject({ status: 'RESERVATION', id: 's1', evse_uid: 'E1', cdr_token: token, kwh: 0 });
  });

  test('SES-15: keeps its reference until the end of the session', () => {
    const used = useReservation(reserved(), place, { ...started({ at: minutes(5), readings: [energy(5, 1_000)] }), now: minutes(5) });
    expect(ending(used, 9, 2_000).wire.authorization_reference).toBe('ref-1');
  });

  test('SES-12: becomes ACTIVE under the same id when the car charges', () => {
    const used = useReservation(reserved(), place, { ...started({ at: minutes(5), readings: [energy(5, 1_000)] }), now: minutes(5) });
    expect(used.wire).toMatchObject({ id: 's1', status: 'ACTIVE', start_date_time: stamp(5) });
    expect(going(used, 6, { readings: [energy(6, 1_500)] }).wire.kwh).toBe(0.5);
  });

  test('SES-12: is PENDING while the car is connected and does not charge', () => {
    const used = useReservation(reserved(), place, { ...started({ at: minutes(5), charging: false }), now: minutes(5) });
    expect(used.wire.status).toBe('PENDING');
  });

  test('SES-13: is COMPLETED without energy when it was not used', () => {
    expect(ending(reserved(), 30).wire).toMatchObject({ status: 'COMPLETED', kwh: 0 });
    expect(ending(reserved(), 30).wire).not.toHaveProperty('charging_periods');
  });
});

describe('a session with real-time authorization', () => {
  const grant = { reference: 'R-1' };

  test('has AUTH_REQUEST from its start, with the reference of the eMSP', () => {
    expect(begin('S1', place, { ...started(), token, now: minutes(0), grant }).wire).toMatchObject({
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'R-1',
    });
    expect(begin('S1', place, { ...started(), token, now: minutes(0), grant: {} }).wire).not.toHaveProperty('authorization_reference');
  });

  test('gets AUTH_REQUEST when the token is presented later', () => {
    const ownerless = begin('S1', place, { ...started(), token: undefined, now: minutes(0) });
    expect(proceed(ownerless, updated(1), { token, grant, place, now: minutes(1) }).wire).toMatchObject({
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'R-1',
      cdr_token: token,
    });
  });
});

const progress = (more: Partial<Progress> = {}): Progress => ({ period: { since: epochMillis(0) }, ...more });
const update = { kind: 'transaction-updated', transactionId: 'x', at: epochMillis(0), readings: [] } as const;
const at16: Partial<Progress> = { offered: { unit: 'A', limit: 16 } };

test.each([
  { what: 'a reported change of the rate', event: { ...update, rateChanged: true }, before: {}, after: {}, expected: true },
  { what: 'another offered current', event: update, before: at16, after: { offered: { unit: 'A', limit: 10 } }, expected: true },
  { what: 'an offered power of the same number', event: update, before: at16, after: { offered: { unit: 'W', limit: 16 } }, expected: true },
  { what: 'the first offered current', event: update, before: {}, after: at16, expected: true },
  { what: 'the same offered current', event: update, before: at16, after: at16, expected: false },
  { what: 'suspended charging', event: update, before: {}, after: { suspended: true }, expected: true },
  { what: 'resumed charging', event: update, before: { suspended: true }, after: { suspended: false }, expected: true },
  { what: 'charging that stays suspended', event: update, before: { suspended: true }, after: { suspended: true }, expected: false },
  { what: 'charging that was never suspended', event: update, before: {}, after: { suspended: false }, expected: false },
] as const)('CP-19: $what may mean another limit: $expected', ({ event, before, after, expected }) => {
  expect(limitMayHaveChanged(event, progress(before), progress(after))).toBe(expected);
});
