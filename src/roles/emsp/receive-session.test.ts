import { describe, expect, test } from 'vitest';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { atMinute, energyPeriod, wireSession } from '../../ocpi/sessions/wire-session.fixture.ts';
import { patch, put } from './receive-session.ts';

const session = (minute: number, changes: Partial<WireSession> = {}) => wireSession({ last_updated: atMinute(minute), ...changes });
const changes = (minute: number, more: Omit<WireSessionPatch, 'last_updated'> = {}): WireSessionPatch => ({ ...more, last_updated: atMinute(minute) });

describe('a PUT of a session', () => {
  test('SES-31: replaces the whole stored session; an optional field that it does not have is removed', () => {
    const stored = session(1, { authorization_reference: 'r', total_cost: { excl_vat: 1 } });
    expect(put(stored, session(2, { kwh: 2 }))).toEqual({ session: session(2, { kwh: 2 }), stale: false });
  });

  test.each([
    ['other periods', { charging_periods: [energyPeriod(5)] }],
    ['an empty list', { charging_periods: [] }],
    ['no list', {}],
  ])('SES-32: with %s removes the old charging periods', (_, received) => {
    expect(put(session(1, { charging_periods: [energyPeriod(0)] }), session(2, received)).session).toEqual(session(2, received));
  });

  test('SES-42: that is older than the stored session changes no newer field, and makes it stale', () => {
    const stored = session(5, { kwh: 5 });
    expect(put(stored, session(2, { kwh: 2 }))).toEqual({ session: stored, stale: true });
  });

  test('SES-42: received twice changes nothing the second time', () => {
    const once = put(undefined, session(1));
    expect(once).toEqual({ session: session(1), stale: false });
    expect(put(once.session, session(1))).toEqual({ session: session(1), stale: false });
  });

  test('SES-31: with the same last_updated replaces the stored session', () => {
    expect(put(session(1), session(1, { kwh: 2 }))).toEqual({ session: session(1, { kwh: 2 }), stale: false });
  });

  test('SES-42: that is older brings periods that are missing, also to a session without any', () => {
    expect(put(session(5), session(2, { charging_periods: [energyPeriod(0)] }))).toEqual({
      session: session(5, { charging_periods: [energyPeriod(0)] }),
      stale: true,
    });
  });

  test.each(['PENDING', 'RESERVATION'] as const)('SES-42: does not take a running session back to %s', (status) => {
    expect(put(session(1), session(2, { status }))).toEqual({ session: session(2), stale: true });
  });

  test('SES-42: does not restart an ended session, and makes it stale', () => {
    const ended = session(3, { status: 'COMPLETED', end_date_time: atMinute(3) });
    const { session: after, stale } = put(ended, session(4, { status: 'ACTIVE' }));
    expect(after).toMatchObject({ status: 'COMPLETED', end_date_time: atMinute(3) });
    expect(stale).toBe(true);
  });

  test('SES-42: with less energy than before makes the session stale', () => {
    expect(put(session(1, { kwh: 5 }), session(2, { kwh: 4 })).stale).toBe(true);
  });
});

describe('a PATCH of a session', () => {
  test('SES-39: keeps the fields that it does not contain', () => {
    expect(patch(session(1, { kwh: 1, authorization_reference: 'r' }), changes(2, { kwh: 2 }))).toEqual({
      session: session(2, { kwh: 2, authorization_reference: 'r' }),
      stale: false,
    });
  });

  test('SES-36: adds its charging periods to the stored ones', () => {
    const stored = session(1, { charging_periods: [energyPeriod(0)] });
    expect(patch(stored, changes(2, { charging_periods: [energyPeriod(5)] })).session.charging_periods).toEqual([energyPeriod(0), energyPeriod(5)]);
  });

  test('SES-36: keeps the charging periods in the order of their start', () => {
    const stored = session(1, { charging_periods: [energyPeriod(0), energyPeriod(10)] });
    expect(patch(stored, changes(2, { charging_periods: [energyPeriod(5)] })).session.charging_periods).toEqual([
      energyPeriod(0),
      energyPeriod(5),
      energyPeriod(10),
    ]);
  });

  test('SES-39: with the same last_updated is applied', () => {
    expect(patch(session(1), changes(1, { kwh: 2 }))).toEqual({ session: session(1, { kwh: 2 }), stale: false });
  });

  test('SES-36: adds no period twice; the one received later replaces the other', () => {
    const stored = session(1, { charging_periods: [energyPeriod(0), energyPeriod(5, 1)] });
    expect(patch(stored, changes(2, { charging_periods: [energyPeriod(5, 2)] })).session.charging_periods).toEqual([energyPeriod(0), energyPeriod(5, 2)]);
  });

  test.each([
    ['without charging periods', {}],
    ['with an empty list', { charging_periods: [] }],
  ])('SES-37: %s keeps the stored charging periods', (_, received) => {
    expect(patch(session(1, { charging_periods: [energyPeriod(0)] }), changes(2, received)).session.charging_periods).toEqual([energyPeriod(0)]);
    expect(patch(session(1), changes(2, received)).session).not.toHaveProperty('charging_periods');
  });

  test('SES-42: that is older than the stored session adds its periods, changes no field, and makes it stale', () => {
    const stored = session(5, { kwh: 5, charging_periods: [energyPeriod(5, 2)] });
    const { session: after, stale } = patch(stored, changes(2, { kwh: 2, charging_periods: [energyPeriod(0), energyPeriod(5, 1)] }));
    expect(after).toEqual(session(5, { kwh: 5, charging_periods: [energyPeriod(0), energyPeriod(5, 2)] }));
    expect(stale).toBe(true);
  });

  test('SES-42: does not restart an ended session', () => {
    const ended = session(3, { status: 'INVALID' });
    expect(patch(ended, changes(4, { status: 'ACTIVE' }))).toMatchObject({ session: { status: 'INVALID' }, stale: true });
  });
});
