import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import { limitAt, scheduleOf } from '../domain/profile/schedule.ts';
import { amperes, epochSeconds, seconds } from '../domain/units.ts';
import { backdated } from './quirks.ts';

const now = epochSeconds(1_800_000_000);
const profileAt = (start: number | undefined, starts: readonly number[], duration?: number): ChargingProfile => ({
  unit: 'A',
  ...(start !== undefined && { start: epochSeconds(start) }),
  ...(duration !== undefined && { duration: seconds(duration) }),
  periods: starts.map((it, n) => ({ start: seconds(it), limit: amperes(6 + n) })),
});

describe('clock-behind: a profile of the node’s own', () => {
  test('that starts now started a minute ago, its later periods and its end where they were', () => {
    expect(backdated(profileAt(now, [0, 600], 900), now)).toEqual(profileAt(now - 60, [0, 660], 960));
    expect(backdated(profileAt(now - 20, [0, 600]), now)).toEqual(profileAt(now - 60, [0, 640]));
  });

  test.each([
    ['started long ago', now - 60],
    ['starts later', now + 1],
    ['counts from the start of charging', undefined],
  ])('that %s stays as it is', (_, start) => {
    const profile = profileAt(start, [0, 600], 900);
    expect(backdated(profile, now)).toBe(profile);
  });

  test('says the same of every second from its own start on', () => {
    const starts = fc.uniqueArray(fc.integer({ min: 1, max: 4_000 }), { maxLength: 5 }).map((them) => [0, ...them.sort((a, b) => a - b)]);
    const duration = fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({ offset: fc.integer({ min: -90, max: 10 }), at: starts, lasting: duration, ahead: fc.nat(5_000) }),
        ({ offset, at, lasting, ahead }) => {
          const profile = profileAt(now + offset, at, lasting);
          const moment = epochSeconds(now + offset + ahead);
          const limitOf = (it: ChargingProfile) => limitAt(scheduleOf<number>(it, now), moment);
          expect(limitOf(backdated(profile, now))).toBe(limitOf(profile));
        },
      ),
    );
  });
});
