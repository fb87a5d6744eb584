import { describe, expect, test } from 'vitest';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { patch, put } from './receive-session.ts';

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const period = (minute: number, volume = 1) => ({ start_date_time: at(minute), dimensions: [{ type: 'ENERGY' as const, volume }] });
const session = (minute: number, more: Partial<WireSession> = {}): WireSession => ({
  country_code: 'NL',
  party_id: 'CPO',
  id: 's1',
  start_date_time: at(0),
  kwh: 1,
  cdr_token: { country_code: 'NL', party_id: 'EVK', uid: 'DEADBEEF', type: 'RFID', contract_id: 'C1' },
  auth_method: 'WHITELIST',
  location_id: 'LOC1',
  evse_uid: 'E1',
  connector_id: '1',
  currency: 'EUR',
  status: 'ACTIVE',
  last_updated: at(minute),
  ...more,
});
const changes = (minute: number, more: Omit<WireSessionPatch, 'last_updated'> = {}): WireSessionPatch => ({ ...more, last_updated: at(minute) });

describe('a PUT of a session', () => {
  test('SES-31: replaces what is held, whole; an optional field that it lacks is gone', () => {
    const held = session(1, { authorization_reference: 'r', total_cost: { excl_vat: 1 } });
    expect(put(held, session(2, { kwh: 2 }))).toEqual({ session: session(2, { kwh: 2 }), dirty: false });
  });

  test.each([
    ['other periods', { charging_periods: [period(5)] }],
    ['an empty list', { charging_periods: [] }],
    ['no list', {}],
  ])('SES-32: with %s leaves none of the old charging periods', (_, told) => {
    expect(put(session(1, { charging_periods: [period(0)] }), session(2, told)).session).toEqual(session(2, told));
  });

  test('SES-42: that is older than what is held changes nothing that is newer, and leaves a doubt', () => {
    const held = session(5, { kwh: 5 });
    expect(put(held, session(2, { kwh: 2 }))).toEqual({ session: held, dirty: true });
  });

  test('SES-42: told twice is told once', () => {
    const once = put(undefined, session(1)).session;
    expect(put(once, session(1))).toEqual({ session: session(1), dirty: false });
  });

  test('SES-42: does not bring an ended session back, and leaves a doubt', () => {
    const ended = session(3, { status: 'COMPLETED', end_date_time: at(3) });
    const { session: kept, stale } = put(ended, session(4, { status: 'ACTIVE' }));
    expect(kept).toMatchObject({ status: 'COMPLETED', end_date_time: at(3) });
    expect(stale).toBe(true);
  });

  test('SES-42: with less energy than was told before leaves a doubt', () => {
    expect(put(session(1, { kwh: 5 }), session(2, { kwh: 4 })).stale).toBe(true);
  });
});

describe('a PATCH of a session', () => {
  test('SES-39: leaves the fields alone that it does not name', () => {
    expect(patch(session(1, { kwh: 1, authorization_reference: 'r' }), changes(2, { kwh: 2 }))).toEqual({
      session: session(2, { kwh: 2, authorization_reference: 'r' }),
      dirty: false,
    });
  });

  test('SES-36: adds its charging periods to those there are', () => {
    const held = session(1, { charging_periods: [period(0)] });
    expect(patch(held, changes(2, { charging_periods: [period(5)] })).session.charging_periods).toEqual([period(0), period(5)]);
  });

  test('SES-36: adds no period twice; the one told later wins', () => {
    const held = session(1, { charging_periods: [period(0), period(5, 1)] });
    expect(patch(held, changes(2, { charging_periods: [period(5, 2)] })).session.charging_periods).toEqual([period(0), period(5, 2)]);
  });

  test.each([
    ['without charging periods', {}],
    ['with an empty list', { charging_periods: [] }],
  ])('SES-37: %s leaves those there are', (_, told) => {
    expect(patch(session(1, { charging_periods: [period(0)] }), changes(2, told)).session.charging_periods).toEqual([period(0)]);
  });

  test('SES-42: that is older than what is held adds its periods and changes no field, and leaves a doubt', () => {
    const held = session(5, { kwh: 5, charging_periods: [period(5, 2)] });
    const { session: kept, stale } = patch(held, changes(2, { kwh: 2, charging_periods: [period(0), period(5, 1)] }));
    expect(kept).toEqual(session(5, { kwh: 5, charging_periods: [period(0), period(5, 2)] }));
    expect(stale).toBe(true);
  });

  test('SES-42: does not bring an ended session back', () => {
    const ended = session(3, { status: 'INVALID' });
    expect(patch(ended, changes(4, { status: 'ACTIVE' }))).toMatchObject({ session: { status: 'INVALID' }, dirty: true });
  });
});
