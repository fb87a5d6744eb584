import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evse, PowerType } from '../evse.ts';
import { amperes, epochSeconds, seconds, volts, watts } from '../units.ts';
import type { ChargingProfile } from './charging-profile.ts';
import { combineWithCsms, csmsWish, flattened, type ProfileAtEvse, type SmartChargingMode, wishedSchedule } from './csms-wish.ts';
import { type Limit, limitAt, scheduleOf } from './schedule.ts';
import type { InstalledProfile } from './stacked-profile.ts';

const T0 = epochSeconds(1_770_000_000);
const evseOf = (powerType: PowerType): Evse => ({ uid: 'E1', evseId: 1, connectorId: 1, powerType, maxVoltage: volts(230), maxAmperage: amperes(32) });
const evse = evseOf('AC_3_PHASE');
const here = { evse, transactionId: '7', chargingStarted: T0, from: T0 };
const MODES: readonly SmartChargingMode[] = ['strictest', 'ours', 'csms'];

const inAmperes = (limits: readonly number[], more: Partial<Pick<ChargingProfile, 'start' | 'duration'>> = {}): ChargingProfile => ({
  ...more,
  unit: 'A',
  periods: limits.map((limit, n) => ({ start: seconds(n * 600), limit: amperes(limit) })),
});
const inWatts = (limits: readonly number[]): ChargingProfile => ({
  unit: 'W',
  periods: limits.map((limit, n) => ({ start: seconds(n * 600), limit: watts(limit) })),
});
const theirs = (limits: readonly number[], more: Partial<InstalledProfile> & { evseId?: number; duration?: number } = {}): ProfileAtEvse => {
  const { evseId = 1, duration, ...profile } = more;
  const schedule = inAmperes(limits, duration === undefined ? {} : { duration: seconds(duration) });
  return { evseId, profile: { id: 5, stackLevel: 0, purpose: 'tx', kind: 'Relative', schedule, ...profile } };
};
const at = (profile: ChargingProfile | undefined, second: number) => profile && limitAt<Limit>(scheduleOf<Limit>(profile, T0), epochSeconds(T0 + second));
const wishOf = (...set: ProfileAtEvse[]) => csmsWish(set, ['tx', 'tx-default'], here);
const combined = (mode: SmartChargingMode, ours: ChargingProfile | undefined, ...set: ProfileAtEvse[]) =>
  combineWithCsms(mode, ours, { ...here, wish: wishOf(...set) });
const limitsAt = (profile: ChargingProfile | undefined, seconds = [0, 700, 1300]) => seconds.map((it) => at(profile, it));

describe('GW-P04: what a CSMS wants at an EVSE', () => {
  test.each([
    ['its TxProfile over its default', [theirs([10]), theirs([20], { purpose: 'tx-default', stackLevel: 9 })], [10, 10, 10]],
    ['the default where the TxProfile has ended', [theirs([10], { duration: 600 }), theirs([20], { purpose: 'tx-default' })], [10, 20, 20]],
    ['the higher stack level', [theirs([10]), theirs([20], { stackLevel: 1 })], [20, 20, 20]],
    ['the lower level where the higher one has no period', [theirs([10]), theirs([20], { stackLevel: 1, duration: 600 })], [20, 10, 10]],
    [
      'the default of the EVSE before that of the station',
      [theirs([9], { purpose: 'tx-default', evseId: 0 }), theirs([8], { purpose: 'tx-default' })],
      [8, 8, 8],
    ],
    ['the default of the station', [theirs([9], { purpose: 'tx-default', evseId: 0 })], [9, 9, 9]],
    ['nothing of another EVSE', [theirs([9], { evseId: 2 }), theirs([9], { purpose: 'tx-default', evseId: 2 })], [undefined, undefined, undefined]],
    ['nothing of another transaction', [theirs([9], { transactionId: '8' })], [undefined, undefined, undefined]],
    ['nothing after its validity', [theirs([9], { validTo: epochSeconds(T0 + 600) })], [9, undefined, undefined]],
  ] as const)('%s', (_, set, limits) => {
    expect(limitsAt(combined('strictest', undefined, ...set))).toEqual(limits);
  });

  test('a daily profile is written out for two days; after that its lowest limit applies', () => {
    const daily = theirs([], { kind: 'Daily', schedule: { ...inAmperes([10, 6, 16]), start: epochSeconds(T0 - 43_200), duration: seconds(86_400) } });
    const day = 86_400;
    expect(limitsAt(combined('strictest', undefined, daily), [0, day / 2, day / 2 + 700, day, (3 * day) / 2 + 700, 5 * day])).toEqual([16, 10, 6, 16, 6, 6]);
  });
});

describe('GW-P05: ours beside what a CSMS wants', () => {
  test.each([
    ['strictest', [10, 16, 12]],
    ['ours', [20, 16, 12]],
    ['csms', [10, 20, 20]],
  ] as const)('%s', (mode, limits) => {
    expect(limitsAt(combined(mode, inAmperes([20, 16, 12]), theirs([10, 20])))).toEqual(limits);
  });

  test('ends with ours, where that of the CSMS applies again by itself; begins not before ours', () => {
    const ours = inAmperes([20], { start: epochSeconds(T0 + 100), duration: seconds(600) });
    expect(limitsAt(combined('csms', ours, theirs([10])), [0, 200, 701])).toEqual([undefined, 10, undefined]);
  });

  test('holds for that of the CSMS too where ours has its place', () => {
    const ours = inAmperes([8], { duration: seconds(600) });
    const it = combineWithCsms('strictest', ours, { ...here, wish: wishOf(theirs([10, 12])), standsFor: true });
    expect(limitsAt(it)).toEqual([8, 12, 12]);
  });

  test.each(MODES)('%s: nothing is above the limit of the site', (mode) => {
    const below = inAmperes([6]);
    const it = combineWithCsms(mode, inAmperes([6]), { ...here, wish: wishOf(theirs([10])), below });
    expect(limitsAt(it)).toEqual([6, 6, 6]);
  });

  test('W and A are compared with the phases of the EVSE, in the unit of ours', () => {
    expect(combined('strictest', inWatts([11_040]), theirs([10, 20]))).toMatchObject({ unit: 'W', periods: [{ limit: 6900 }, { start: 600, limit: 11_040 }] });
  });

  test.each([
    { name: 'ours in W', ours: inWatts([23_000]), set: theirs([80]), limit: 80 },
    { name: 'ours in W, lower', ours: inWatts([9_200]), set: theirs([80]), limit: 40 },
    { name: 'that of the CSMS in W', ours: inAmperes([80]), set: theirs([], { schedule: inWatts([9_200]) }), limit: 40 },
  ])('on DC, $name: a limit in W counts as the current at the highest voltage, so neither is exceeded', ({ ours, set, limit }) => {
    const dc = { ...here, evse: evseOf('DC') };
    expect(combineWithCsms('strictest', ours, { ...dc, wish: csmsWish([set], ['tx'], dc) })).toMatchObject({ unit: 'A', periods: [{ limit }] });
  });

  test('a relative profile that has to hold for several transactions counts as its lowest limit', () => {
    expect(flattened(theirs([20, 6, 10]).profile)).toMatchObject({ kind: 'Absolute', schedule: { periods: [{ start: 0, limit: 6 }] } });
    const absolute = theirs([20, 6], { kind: 'Absolute' }).profile;
    expect(flattened(absolute)).toBe(absolute);
  });
});

const anyOurs = fc
  .record({
    limits: fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 1, maxLength: 5 }),
    start: fc.option(fc.integer({ min: -900, max: 900 }), { nil: undefined }),
    duration: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
  })
  .map(({ limits, start, duration }) =>
    inAmperes(limits, { ...(start !== undefined && { start: epochSeconds(T0 + start) }), ...(duration !== undefined && { duration: seconds(duration) }) }),
  );
const anyTheirs = fc
  .record({
    limits: fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 1, maxLength: 5 }),
    purpose: fc.constantFrom('tx' as const, 'tx-default' as const),
    stackLevel: fc.integer({ min: 0, max: 3 }),
    kind: fc.constantFrom('Relative' as const, 'Absolute' as const, 'Daily' as const),
    duration: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
  })
  .map(({ limits, duration, ...more }) => theirs(limits, { ...more, ...(duration !== undefined && { duration }) }));
const someTheirs = fc.array(anyTheirs, { maxLength: 4 });
const anySecond = fc.integer({ min: 0, max: 400_000 });
const wantedAt = (set: readonly ProfileAtEvse[], second: number) => limitAt(wishedSchedule('A', { ...here, wish: wishOf(...set) }), epochSeconds(T0 + second));
const orMore = (limit: number | undefined) => limit ?? Infinity;

describe('GW-P05: laws', () => {
  test('strictest is never above ours, nor above what the CSMS wants while ours lasts', () => {
    fc.assert(
      fc.property(anyOurs, someTheirs, anySecond, (ours, set, second) => {
        const both = combined('strictest', ours, ...set);
        const own = at(ours, second);
        if (own === undefined) return;
        expect(orMore(at(both, second))).toBeLessThanOrEqual(own);
        expect(orMore(at(both, second))).toBeLessThanOrEqual(orMore(wantedAt(set, second)));
      }),
    );
  });

  test('without a wish ours is ours, the same object', () => {
    fc.assert(fc.property(anyOurs, fc.constantFrom(...MODES), (ours, mode) => void expect(combined(mode, ours)).toBe(ours)));
  });

  test('ours is ours, whatever the CSMS wants', () => {
    fc.assert(fc.property(anyOurs, someTheirs, (ours, set) => void expect(combined('ours', ours, ...set)).toBe(ours)));
  });

  test('csms is what the CSMS wants where it wants something, and ours where it does not', () => {
    fc.assert(
      fc.property(anyOurs, someTheirs, anySecond, (ours, set, second) => {
        const own = at(ours, second);
        if (own === undefined) return;
        expect(at(combined('csms', ours, ...set), second)).toBe(wantedAt(set, second) ?? own);
      }),
    );
  });

  test('nothing is sent where ours has no period, unless ours has the place of that of the CSMS', () => {
    fc.assert(
      fc.property(fc.record({ ours: anyOurs, set: someTheirs, mode: fc.constantFrom(...MODES), second: anySecond }), ({ ours, set, mode, second }) => {
        const own = at(ours, second);
        const it = combined(mode, ours, ...set);
        if (own === undefined && it !== ours) expect(at(it, second)).toBeUndefined();
        const stands = combineWithCsms(mode, ours, { ...here, wish: wishOf(...set), standsFor: true });
        if (own === undefined && set.length > 0) expect(orMore(at(stands, second))).toBeLessThanOrEqual(orMore(at(combined(mode, undefined, ...set), second)));
      }),
    );
  });

  test('what is sent is never above the limit of the site', () => {
    fc.assert(
      fc.property(
        fc.record({ set: someTheirs, mode: fc.constantFrom(...MODES), second: anySecond, limit: fc.integer({ min: 0, max: 32 }) }),
        ({ set, mode, second, limit }) => {
          const below = inAmperes([limit]);
          const it = combineWithCsms(mode, below, { ...here, wish: wishOf(...set), below });
          expect(orMore(at(it, second))).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });
});
