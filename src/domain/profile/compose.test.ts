import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amperes, amperes, epochSeconds, seconds, volts, watts } from '../units.ts';
import type { RateUnit } from './charging-profile.ts';
import { type CompositionContext, composeIn, compositeSchedule } from './compose.ts';
import type { Wires } from './convert.ts';
import { clip, constant, lowest, periodsOf } from './schedule.ts';
import type { InstalledProfile, Purpose, StackedProfile } from './stacked-profile.ts';

const DAY = 86_400;
const now = 100 * DAY;
const situation = (from: number, to: number): CompositionContext<Amperes> => ({
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

describe('profiles in watts and in amperes at once', () => {
  const threePhases: Wires = { powerType: 'AC_3_PHASE', maxVoltage: volts(230) };
  const inWatts = (purpose: Purpose, limit: number, numberPhases?: number): InstalledProfile => ({
    ...installedAs(purpose),
    schedule: { unit: 'W', periods: [{ start: seconds(0), limit: watts(limit), ...(numberPhases !== undefined && { numberPhases }) }] },
  });
  const inAmperes = (purpose: Purpose, limit: number, numberPhases?: number): InstalledProfile => ({
    ...installedAs(purpose),
    schedule: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit), ...(numberPhases !== undefined && { numberPhases }) }] },
  });
  const installedAs = (purpose: Purpose) => ({ id: 1, stackLevel: 0, purpose, kind: 'Relative' as const });
  const limitOf = (unit: RateUnit, profiles: InstalledProfile[], wires = threePhases) => {
    const made =
      unit === 'W' ? composeIn('W', profiles, { ...hour, wires, maximum: watts(33_120) }) : composeIn('A', profiles, { ...hour, wires, maximum: amperes(48) });
    return made.ok ? made.value.map(({ limit }) => limit) : made.problem;
  };
  const hour = { from: epochSeconds(now), to: epochSeconds(now + 3600), chargingStarted: epochSeconds(now) };

  test.each([
    ['10 A on three phases stay below 11 kW on one', { profiles: [inAmperes('tx', 10, 3), inWatts('max', 11_000, 1)], W: 6900, A: 10 }],
    [
      '11 kW are 15.9 A on the three phases that are meant when none are named',
      { profiles: [inWatts('tx', 11_000), inAmperes('max', 16)], W: 11_000, A: 15.9 },
    ],
    ['16 A on one phase are less than 11 kW', { profiles: [inAmperes('tx', 16, 1), inWatts('max', 11_000)], W: 3680, A: 15.9 }],
  ])('CP-32: each limit by its own phases, then the lowest: %s', (_, { profiles, W, A }) => {
    expect([limitOf('W', profiles), limitOf('A', profiles)]).toEqual([[W], [A]]);
  });
  test('CP-32: phases that the EVSE does not have count for nothing', () => {
    expect(limitOf('W', [inAmperes('tx', 10, 3)], { powerType: 'AC_1_PHASE', maxVoltage: volts(230) })).toEqual([2300]);
  });
  test('CP-32: on DC watts stay watts, and amperes beside them do not compose', () => {
    const dc: Wires = { powerType: 'DC', maxVoltage: volts(400) };
    expect([limitOf('W', [inWatts('tx', 50), inWatts('max', 40)], dc), limitOf('W', [inWatts('tx', 50), inAmperes('max', 40)], dc)]).toEqual([
      [40],
      'not convertible',
    ]);
  });
  test('SEC-35: in amperes it never allows more watts than in watts, where all are meant for all phases', () =>
    fc.assert(
      fc.property(fc.nat(400), fc.nat(30_000), (a, w) => {
        const profiles = [inAmperes('tx', a / 10), inWatts('max', w)];
        const [current, power] = [limitOf('A', profiles)[0], limitOf('W', profiles)[0]];
        expect(Number(current) * 690).toBeLessThanOrEqual(Number(power) + 1e-6);
      }),
    ));
});

describe('what OCPP 2.1 adds', () => {
  const within = (profiles: StackedProfile<Amperes>[], more: Partial<CompositionContext<Amperes>>) =>
    periodsOf(compositeSchedule(profiles, { ...situation(now, now + 400), ...more }), epochSeconds(now)).map(({ start, limit }) => [start, limit]);
  const span = (from: number, to: number) => ({ from: epochSeconds(now + from), to: epochSeconds(now + to) });

  test('a priority profile replaces the transaction and its default, higher or lower, but not what binds the station', () => {
    const profiles = [profile('tx', [[0, 10]]), profile('priority', [[0, 32]], { duration: 100 }), profile('max', [[0, 25]])];
    expect(compose(profiles)).toEqual([
      [0, 25],
      [100, 10],
    ]);
  });
  test('a priority profile waits while priority charging is switched off', () => {
    expect(within([profile('tx', [[0, 10]]), profile('priority', [[0, 32]])], { priorityCharging: span(50, 80) })).toEqual([
      [0, 10],
      [50, 32],
      [80, 10],
    ]);
  });
  test('local generation comes on top of the lowest, as far as the wires carry it', () => {
    const profiles = [
      profile('tx', [[0, 30]]),
      profile('max', [[0, 20.2]], { duration: 300 }),
      profile('local-generation', [[0, 8.1]]),
      profile('local-generation', [[0, 30]], { stackLevel: 1, duration: 60 }),
    ];
    expect(compose(profiles)).toEqual([
      [0, 48],
      [60, 28.3],
      [300, 38.1],
    ]);
  });
  test('a dynamic profile holds from its last update, for its duration', () => {
    const schedule = { start: epochSeconds(now - 50), duration: seconds(90), periods: [{ start: seconds(0), limit: amperes(7) }] };
    expect(compose([profile('tx', [], { kind: 'Dynamic', schedule }), profile('tx-default', [[0, 9]])])).toEqual([
      [0, 7],
      [40, 9],
    ]);
  });
  test('a period without a limit limits nothing, and still leads its purpose', () => {
    expect(compose([profile('tx', [[0, Infinity]], { stackLevel: 1, duration: 60 }), profile('tx', [[0, 9]])])).toEqual([
      [0, 48],
      [60, 9],
    ]);
  });
  test.each([
    ['is back when the station is', { forGood: false, offline: span(-20, 200), ends: [80], begins: [0, 200] }],
    ['is gone for good where it says so', { forGood: true, offline: span(-20, 200), ends: [80], begins: [0] }],
    ['holds all the time when the station was back in time', { forGood: true, offline: span(-20, 80), ends: [], begins: [0] }],
  ])('a profile that outlives its connection by 100 s %s', (_, { forGood, offline, ends, begins }) => {
    const own = profile('tx', [[0, 7]], { maxOfflineDuration: seconds(100), invalidAfterOfflineDuration: forGood });
    const made = within([own], { offline });
    expect([7, 48].map((limit) => made.filter((it) => it[1] === limit).map(([start]) => start))).toEqual([begins, ends]);
  });
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
