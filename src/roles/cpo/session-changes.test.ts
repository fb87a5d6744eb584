import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMillis, seconds } from '../../domain/units.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { atMinute, energyPeriod, wireSession } from '../../ocpi/sessions/wire-session.fixture.ts';
import { patch } from '../emsp/receive-session.ts';
import { pushDelay, sessionChange } from './session-changes.ts';

const later = (changes: Partial<WireSession>) => wireSession({ last_updated: atMinute(60), ...changes });

describe('the message with the changes of a session', () => {
  test('SES-01: is the whole object when the receiver has none', () => {
    expect(sessionChange(undefined, wireSession())).toEqual({ by: 'PUT', session: wireSession() });
  });

  test('SES-02: is a PATCH with the changed fields and last_updated', () => {
    expect(sessionChange(wireSession(), later({ kwh: 2 }))).toEqual({ by: 'PATCH', patch: { kwh: 2, last_updated: atMinute(60) } });
  });

  test('SES-02: is none when nothing changed', () => {
    expect(sessionChange(wireSession(), wireSession())).toEqual({ by: 'nothing' });
  });

  test('SES-36: has only the new charging periods, because a receiver adds them', () => {
    const change = sessionChange(wireSession({ charging_periods: [energyPeriod(0)] }), later({ charging_periods: [energyPeriod(0), energyPeriod(1)] }));
    expect(change).toMatchObject({ by: 'PATCH', patch: { charging_periods: [energyPeriod(1)] } });
  });

  test('SES-37: has no charging periods when none is new', () => {
    const change = sessionChange(wireSession({ charging_periods: [energyPeriod(0)] }), later({ kwh: 2, charging_periods: [energyPeriod(0)] }));
    expect(change).toEqual({ by: 'PATCH', patch: { kwh: 2, last_updated: atMinute(60) } });
  });

  test.each([
    ['a period was corrected', { charging_periods: [energyPeriod(0)] }, { charging_periods: [energyPeriod(0, 2)] }],
    ['a period was removed', { charging_periods: [energyPeriod(0), energyPeriod(1)] }, { charging_periods: [energyPeriod(0)] }],
    ['a field was removed', { authorization_reference: 'r' }, {}],
  ])('SES-38: is a PUT when %s, because a PATCH cannot express it', (_, before, now) => {
    expect(sessionChange(wireSession(before), later(now))).toMatchObject({ by: 'PUT' });
  });

  test('SES-02, SES-36, SES-38: brings a conforming receiver up to date after every change', () => {
    const sessions = fc.record(
      {
        kwh: fc.nat(10),
        status: fc.constantFrom('ACTIVE' as const, 'COMPLETED' as const),
        end_date_time: fc.constant(atMinute(90)),
        charging_periods: fc
          .subarray([0, 1, 2, 3])
          .chain((minutes) => fc.tuple(...minutes.map((minute) => fc.nat(2).map((volume) => energyPeriod(minute, volume))))),
      },
      { requiredKeys: ['kwh', 'status'] },
    );
    fc.assert(
      fc.property(sessions, sessions, fc.nat(1), (before, now, moved) => {
        const held = wireSession({ ...before, status: 'ACTIVE', kwh: 0 });
        const current = moved === 0 ? held : later(now);
        const change = sessionChange(held, current);
        const received = change.by === 'PUT' ? change.session : change.by === 'PATCH' ? patch(held, change.patch).session : held;
        // no list and an empty list are equal (SES-32)
        expect({ charging_periods: [], ...received }).toEqual({ charging_periods: [], ...current });
      }),
    );
  });
});

describe('CDP-06: how long the push of a change waits', () => {
  const parked = { start_date_time: atMinute(30), dimensions: [{ type: 'PARKING_TIME' as const, volume: 0 }] };
  const [held, now] = [wireSession({ charging_periods: [energyPeriod(0)] }), epochMillis(Date.UTC(2026, 0, 31))];
  const delay = (changes: Partial<WireSession>, { every = 300, ago = 60_000, before = held } = {}) =>
    pushDelay({ acknowledged: before, session: later({ ...before, ...changes }), pushedAt: epochMillis(now - ago), every: seconds(every), now });

  test.each<[string, Partial<WireSession>]>([
    ['energy', { kwh: 2 }],
    ['a charging period', { kwh: 2, charging_periods: [energyPeriod(0), energyPeriod(5)] }],
    ['the cost', { total_cost: { excl_vat: 1 } }],
  ])('%s waits until five minutes after the last push, or the time of the contract', (_what, changes) => {
    expect([delay(changes), delay(changes, { every: 90 }), delay(changes, { ago: 301_000 })]).toEqual([240_000, 30_000, -1_000]);
  });

  test.each<[string, Partial<WireSession>]>([
    ['the status', { status: 'COMPLETED' }],
    ['the EVSE', { evse_uid: 'E9' }],
    ['the owner', { cdr_token: { ...held.cdr_token, party_id: 'TNM' } }],
    ['suspended charging', { charging_periods: [energyPeriod(0), parked] }],
  ])('%s does not wait', (_what, changes) => {
    expect(delay(changes)).toBe(0);
  });

  test('charging that goes on does not wait; charging that stays suspended does', () => {
    const before = wireSession({ charging_periods: [energyPeriod(0), parked] });
    expect(delay({ charging_periods: [energyPeriod(0), energyPeriod(30), { ...parked, dimensions: [{ type: 'TIME', volume: 0 }] }] }, { before })).toBe(0);
    expect(delay({ charging_periods: [energyPeriod(0), parked, { ...parked, start_date_time: atMinute(60) }] }, { before })).toBe(240_000);
  });

  test('a clock that was set back by a day delays it by five minutes', () => {
    expect(delay({ kwh: 2 }, { ago: -86_400_000 })).toBe(300_000);
  });
});
