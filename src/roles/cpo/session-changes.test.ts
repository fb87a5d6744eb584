import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { atMinute, energyPeriod, wireSession } from '../../ocpi/sessions/wire-session.fixture.ts';
import { patch } from '../emsp/receive-session.ts';
import { sessionChange } from './session-changes.ts';

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
