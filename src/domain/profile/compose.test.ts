import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amperes, amperes, epochSeconds, seconds } from '../units.ts';
import { compositeSchedule, type Situation } from './compose.ts';
import { clip, constant, lowest, periodsOf } from './schedule.ts';
import type { Purpose, StackedProfile } from './stacked-profile.ts';

const DAY = 86_400;
const now = 100 * DAY;
const situation = (from: number, to: number): Situation<Amperes> => ({
  from: epochSeconds(from),
  to: epochSeconds(to),
  chargingStarted: epochSeconds(now),
  maximum: amperes(48),
});
const profile = (
  purpose: Purpose,
  pairs: [start: number, limit: number][],
  more: Partial<StackedProfile<Amperes>> & { duration?: number } = {},
): StackedProfile<Amperes> => {
  const { duration, ...rest } = more;
  const periods = pairs.map(([start, limit]) => ({ start: seconds(start), limit: amperes(limit) }));
  return { id: 1, stackLevel: 0, purpose, kind: 'Relative', schedule: { periods, ...(duration !== undefined && { duration: seconds(duration) }) }, ...rest };
};
const compose = (profiles: StackedProfile<Amperes>[], from = now, to = now + 400) =>
  periodsOf(compositeSchedule(profiles, situation(from, to)), epochSeconds(from)).map(({ start, limit }) => [start, limit]);

describe('the composite schedule of an EVSE', () => {
  test('CP-23: is the maximum where no profile says anything', () => expect(compose([])).toEqual([[0, 48]]));
  test('SEC-35: is never above the maximum, whatever a profile allows', () => expect(compose([profile('tx', [[0, 999_999]])])).toEqual([[0, 48]]));
  test('takes the transaction over the default, and the lowest of that and the station', () => {
    const station = profile('max', [[0, 10]]);
    const byDefault = profile(
      'tx-default',
      [
        [0, 6],
        [60, 10],
        [120, 8],
        [180, 15],
        [260, 8],
      ],
      { duration: 300 },
    );
    const own = profile(
      'tx',
      [
        [0, 8],
        [50, 11],
        [140, 16],
        [200, 6],
        [240, 12],
      ],
      { duration: 260 },
    );
    expect(compose([station, byDefault, own])).toEqual([
      [0, 8],
      [50, 10],
      [200, 6],
      [240, 10],
      [260, 8],
      [300, 10],
    ]);
  });
  test('falls through to the lower stack level where the higher one has no period', () => {
    expect(compose([profile('tx', [[0, 20]]), profile('tx', [[0, 30]], { stackLevel: 1, duration: 100 })])).toEqual([
      [0, 30],
      [100, 20],
    ]);
  });
  test('lets what is outside the station bind as the station itself does', () =>
    expect(compose([profile('tx', [[0, 20]]), profile('external', [[0, 9]], { duration: 60 })])).toEqual([
      [0, 9],
      [60, 20],
    ]));
  test.each([200, 28 * DAY])('starts a recurring profile %i s ahead no earlier than it says', (ahead) => {
    const schedule = { start: epochSeconds(now + ahead), periods: [{ start: seconds(0), limit: amperes(7) }] };
    const composed = compose([profile('tx', [], { kind: 'Daily', schedule })], now, now + 30 * DAY);
    expect(composed).toEqual([
      [0, 48],
      [ahead, 7],
    ]);
  });
  test('repeats a week every week, and what a day leaves over is not executed', () => {
    const schedule = {
      start: epochSeconds(now),
      periods: [
        { start: seconds(0), limit: amperes(7) },
        { start: seconds(DAY + 1), limit: amperes(9) },
      ],
    };
    expect(compose([profile('tx', [], { kind: 'Daily', schedule })], now, now + 3 * DAY)).toEqual([[0, 7]]);
    expect(compose([profile('tx', [], { kind: 'Weekly', schedule })], now + 6 * DAY, now + 8 * DAY)).toEqual([
      [0, 9],
      [DAY, 7],
    ]);
  });
  test('is as short for a year as for an hour when nothing changes', () =>
    expect(compose([profile('tx', [[0, 16]])], now, now + 365 * DAY)).toEqual([[0, 16]]));
  test('refuses a span without end, in which a recurring profile never would', () => expect(() => compose([], now, Infinity)).toThrow(RangeError));
});

describe('laws of the composite schedule', () => {
  const level = fc.record({
    start: fc.integer({ min: -90, max: 200 }),
    duration: fc.integer({ min: 1, max: 200 }),
    limit: fc.integer({ min: 6, max: 60 }),
    purpose: fc.constantFrom<Purpose>('tx', 'tx-default', 'max', 'external'),
  });
  const stacks = fc.array(level, { maxLength: 6 }).map((drawn) =>
    drawn.map(({ start, duration, limit, purpose }, i) =>
      profile(purpose, [], {
        id: i,
        stackLevel: i,
        kind: i % 2 === 0 ? 'Absolute' : 'Daily',
        schedule: {
          start: epochSeconds(now + start),
          duration: seconds(duration),
          periods: [
            { start: seconds(0), limit: amperes(limit) },
            { start: seconds(50), limit: amperes(limit / 2) },
          ],
        },
      }),
    ),
  );
  const whole = situation(now, now + 300);
  test('the order in which profiles were installed does not matter', () =>
    fc.assert(fc.property(stacks, (profiles) => void expect(compositeSchedule([...profiles].reverse(), whole)).toEqual(compositeSchedule(profiles, whole)))));
  test('asking for less time gives a part of the same answer', () =>
    fc.assert(
      fc.property(stacks, fc.nat(300), fc.nat(300), (profiles, a, b) => {
        const part = situation(now + Math.min(a, b), now + Math.max(a, b));
        expect(compositeSchedule(profiles, part)).toEqual(clip(compositeSchedule(profiles, whole), part));
      }),
    ));
  test('a further ceiling makes it the lowest of what it was and that ceiling', () =>
    fc.assert(
      fc.property(stacks, fc.integer({ min: 6, max: 60 }), (drawn, limit) => {
        const profiles = drawn.filter(({ purpose }) => purpose !== 'external');
        const capped = compositeSchedule([...profiles, profile('external', [[0, limit]])], whole);
        expect(capped).toEqual(lowest(compositeSchedule(profiles, whole), constant(amperes(limit), whole)));
      }),
    ));
});
