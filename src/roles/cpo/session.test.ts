import { describe, expect, test } from 'vitest';
import type { StationEvent } from '../../domain/station.ts';
import { amperes, epochMillis, wattHours, watts } from '../../domain/units.ts';
import { socket } from './profile-request.fixture.ts';
import { begin, complete, hasOwner, isOver, type OwnSession, proceed, reserve, type SessionLocation, type TrackedSession, useReservation } from './session.ts';

type Started = Extract<StationEvent, { kind: 'transaction-started' }>;
type Updated = Extract<StationEvent, { kind: 'transaction-updated' }>;

const token: NonNullable<OwnSession['cdr_token']> = { uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C1' };
const place: SessionLocation = { countryCode: 'NL', partyId: 'EVK', currency: 'EUR', locationId: 'LOC1', evse: socket };
const minutes = (n: number) => epochMillis(Date.UTC(2026, 0, 1) + n * 60_000);
const stamp = (n: number) => new Date(minutes(n)).toISOString();
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

describe('the beginning of a session', () => {
  test('SES-14: is ACTIVE from the start when the car charges with an accepted token', () => {
    expect(starting().wire).toMatchObject({ status: 'ACTIVE', start_date_time: stamp(0), kwh: 0, evse_uid: 'E1', connector_id: '1', cdr_token: token });
  });

  test('SES-14: is PENDING at the charge point, and start_date_time moves to the ACTIVE moment', () => {
    const pending = starting({ charging: false });
    expect(pending.wire).toMatchObject({ status: 'PENDING', start_date_time: stamp(0) });
    expect(going(pending, 3).wire).toMatchObject({ status: 'ACTIVE', start_date_time: stamp(3) });
  });

  test('SES-14: a later news of charging leaves the ACTIVE moment where it was', () => {
    expect(going(starting(), 3, { readings: [energy(3, 1_500)] }).wire.start_date_time).toBe(stamp(0));
  });

  test('SES-16: says #NA for an EVSE that is not told yet, stays PENDING, and learns it later', () => {
    const unplaced = begin('s1', { ...place, evse: undefined }, { ...started({ evseId: 0 }), token, now: minutes(0) });
    expect(unplaced.wire).toMatchObject({ status: 'PENDING', evse_uid: '#NA', connector_id: '#NA' });
    expect(going(unplaced, 1).wire).toMatchObject({ status: 'ACTIVE', evse_uid: 'E1', connector_id: '1' });
  });

  test('SES-01: a session without an accepted token has no owner, and stays PENDING until one is shown', () => {
    const nobodys = begin('s1', place, { ...started(), token: undefined, now: minutes(0) });
    expect(hasOwner(nobodys.wire)).toBe(false);
    expect(nobodys.wire.status).toBe('PENDING');
    expect(going(nobodys, 1, { holder: token }).wire).toMatchObject({ status: 'ACTIVE', cdr_token: token, start_date_time: stamp(1) });
  });

  test('CP-35: the owner of a running session is not changed by another token', () => {
    const other = { ...token, uid: 'C0FFEE', party_id: 'TNM' };
    expect(going(starting(), 1, { holder: other }).wire.cdr_token).toEqual(token);
  });
});

describe('the course of a session', () => {
  test('SES-02: counts energy from the register at its start', () => {
    expect(going(starting(), 1, { readings: [energy(1, 1_234)] }).wire.kwh).toBe(0.234);
  });

  test('SES-02: every change is newer than the one before, also within one millisecond', () => {
    const first = starting();
    const second = proceed(first, updated(0, { readings: [energy(0, 1_100)] }), { token: undefined, place, now: minutes(0) });
    const third = proceed(second, updated(0, { readings: [energy(0, 1_200)] }), { token: undefined, place, now: minutes(0) });
    const times = [first, second, third].map((it) => it.wire.last_updated);
    expect(new Set(times).size).toBe(3);
    expect(times.toSorted()).toEqual(times);
  });

  test('SES-02: news that change nothing leave last_updated alone', () => {
    const before = going(starting(), 1, { readings: [energy(1, 1_234)] });
    expect(going(before, 2, { readings: [energy(2, 1_234)] }).wire).toBe(before.wire);
  });

  test('SES-42: a meter that was reset takes back no energy that was told', () => {
    const before = going(starting(), 1, { readings: [energy(1, 3_000)] });
    expect(going(before, 2, { readings: [energy(2, 50)] }).wire.kwh).toBe(2);
  });

  test('SES-19: closes a charging period at most each five minutes', () => {
    let charging = starting();
    for (let n = 1; n <= 12; n++) charging = going(charging, n, { readings: [energy(n, 1_000 + n * 100)] });
    expect(charging.wire.charging_periods).toEqual([
      { start_date_time: stamp(0), dimensions: [{ type: 'ENERGY', volume: 0.5 }] },
      { start_date_time: stamp(5), dimensions: [{ type: 'ENERGY', volume: 0.5 }] },
    ]);
  });

  test('SES-19: holds at most 200 charging periods, and their sum is still what flowed', () => {
    let charging = starting();
    for (let n = 1; n <= 210; n++) charging = going(charging, n * 6, { readings: [energy(n * 6, 1_000 + n * 100)] });
    const ended = ending(charging, 211 * 6, 1_000 + 211 * 100).wire;
    expect(ended.charging_periods?.length).toBeLessThanOrEqual(200);
    expect(ended.kwh).toBe(21.1);
  });

  test('SES-14: a clock of the charge point that runs behind is taken at its word', () => {
    const behind = starting({ at: minutes(-90), readings: [{ at: minutes(-90), energy: wattHours(1_000) }] });
    expect(behind.wire).toMatchObject({ start_date_time: stamp(-90), last_updated: stamp(0) });
  });

  test('CP-27: what the charge point offers is remembered apart from what flows', () => {
    const charging = going(starting(), 1, { readings: [{ at: minutes(1), power: watts(3_000), currentOffered: amperes(10) }] });
    expect(charging.progress).toMatchObject({ power: 3_000, offered: { unit: 'A', limit: 10 } });
    expect(charging.wire.kwh).toBe(0);
  });
});

describe('the end of a session', () => {
  test('SES-03: is COMPLETED with its last energy and its end', () => {
    expect(ending(starting(), 10, 3_500).wire).toMatchObject({ status: 'COMPLETED', kwh: 2.5, end_date_time: stamp(10) });
  });

  test('SES-20: closes the last period, so that the periods add up to the energy', () => {
    const { wire } = ending(going(starting(), 5, { readings: [energy(5, 1_500)] }), 7, 2_000);
    expect(wire.charging_periods?.map((it) => it.dimensions[0]?.volume)).toEqual([0.5, 0.5]);
    expect(wire.kwh).toBe(1);
  });

  test('SES-21: that never began is INVALID', () => {
    expect(ending(starting({ charging: false }), 10).wire).toMatchObject({ status: 'INVALID', end_date_time: stamp(10) });
  });

  test('SES-17: is for good; later news and meter values change nothing', () => {
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

  test('SES-10: is a session before its car, with the word RESERVATION', () => {
    expect(reserved().wire).toMatchObject({ status: 'RESERVATION', id: 's1', evse_uid: 'E1', cdr_token: token, kwh: 0 });
  });

  test('SES-15: repeats the reference that it was made with, to its end', () => {
    const used = useReservation(reserved(), place, { ...started({ at: minutes(5), readings: [energy(5, 1_000)] }), now: minutes(5) });
    expect(ending(used, 9, 2_000).wire.authorization_reference).toBe('ref-1');
  });

  test('SES-12: becomes ACTIVE under the same id when its car charges', () => {
    const used = useReservation(reserved(), place, { ...started({ at: minutes(5), readings: [energy(5, 1_000)] }), now: minutes(5) });
    expect(used.wire).toMatchObject({ id: 's1', status: 'ACTIVE', start_date_time: stamp(5) });
    expect(going(used, 6, { readings: [energy(6, 1_500)] }).wire.kwh).toBe(0.5);
  });

  test('SES-12: is PENDING while its car is there and does not charge', () => {
    const used = useReservation(reserved(), place, { ...started({ at: minutes(5), charging: false }), now: minutes(5) });
    expect(used.wire.status).toBe('PENDING');
  });

  test('SES-13: that nobody used is COMPLETED without energy', () => {
    expect(ending(reserved(), 30).wire).toMatchObject({ status: 'COMPLETED', kwh: 0 });
  });
});

describe('a session whose eMSP was asked for its token', () => {
  const grant = { reference: 'R-1' };

  test('says so from its start on, with the name that the eMSP gave to it', () => {
    expect(begin('S1', place, { ...started(), token, now: minutes(0), grant }).wire).toMatchObject({
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'R-1',
    });
    expect(begin('S1', place, { ...started(), token, now: minutes(0), grant: {} }).wire).not.toHaveProperty('authorization_reference');
  });

  test('says so when the token is shown later', () => {
    const nobodys = begin('S1', place, { ...started(), token: undefined, now: minutes(0) });
    expect(proceed(nobodys, updated(1), { token, grant, place, now: minutes(1) }).wire).toMatchObject({
      auth_method: 'AUTH_REQUEST',
      authorization_reference: 'R-1',
      cdr_token: token,
    });
  });
});
