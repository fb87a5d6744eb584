import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sessionKey } from '../domain/ids.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from '../domain/profile/schedule.ts';
import { amperes, epochSeconds, volts, wattHours, watts } from '../domain/units.ts';
import { costOf, type Offer } from './cheapest-slots.ts';
import { plan } from './plan.ts';
import type { PlannedEvse, PlannedSession, Problem, Site, SiteLimit } from './problem.ts';
import { slotsOf } from './slots.ts';
import { loadPerUnit, wiresOf } from './wires.ts';

const now = epochSeconds(Date.UTC(2026, 10, 24, 18) / 1000);
const hours = (n: number) => epochSeconds(now + Math.round(n * 3_600));
const ac32: PlannedEvse = { current: 'AC', phases: 3, voltage: volts(230), amperage: amperes(32) };
const keyOf = (n: number) => sessionKey('NL', 'CPO', `S${n}`);
const session = (n: number, more: Partial<PlannedSession> = {}): PlannedSession => ({
  key: keyOf(n),
  evse: ac32,
  given: wattHours(0),
  state: 'steered',
  ...more,
});
const cheap = (departure: number, kWh: number) => ({
  preferences: { profileType: 'CHEAP' as const, departure: hours(departure), energyNeed: wattHours(kWh * 1000), dischargeAllowed: false },
});
const oneSite = (limit: SiteLimit, sessions: readonly PlannedSession[]): Site => ({ location: 'LOC1', limit, sessions });
const A = (n: number): SiteLimit => ({ unit: 'A', value: amperes(n) });
const problem = (site: Site, prices?: readonly number[], horizon = 24): Problem => ({
  now,
  horizonEnd: hours(horizon),
  sites: [site],
  ...(prices && {
    prices: prices.map((price, n) => ({ from: hours(n), to: n === prices.length - 1 ? epochSeconds(Infinity) : hours(n + 1), limit: price })),
  }),
});
/** Limits as [hours from now, limit]. */
const told = (it: Problem, n = 1) =>
  plan(it)
    .profiles.get(keyOf(n))
    ?.periods.map(({ start, limit }) => [start / 3_600, limit]);
const limitIn = (profile: ChargingProfile | undefined, at: number) => (profile ? (limitAt(scheduleOf<Limit>(profile, now), epochSeconds(at)) ?? 0) : 0);

describe('a plan, by hand', () => {
  test('one session at a site that carries more gets what its EVSE carries', () => {
    expect(plan(problem(oneSite(A(63), [session(1)]))).profiles.get(keyOf(1))).toEqual({ unit: 'A', start: now, periods: [{ start: 0, limit: 32 }] });
  });

  test('three sessions share 50 A, rounded down to 0.1', () => {
    const it = problem(oneSite(A(50), [session(1), session(2), session(3)]));
    expect([1, 2, 3].map((n) => told(it, n))).toEqual([[[0, 16.6]], [[0, 16.6]], [[0, 16.6]]]);
  });

  test('what one EVSE cannot carry is for the others', () => {
    const small = { ...ac32, amperage: amperes(10) };
    const it = problem(oneSite(A(50), [session(1, { evse: small }), session(2), session(3)]));
    expect([1, 2, 3].map((n) => told(it, n))).toEqual([[[0, 10]], [[0, 20]], [[0, 20]]]);
  });

  test('where 6 A for each is too much, they pause in turn, quarter by quarter', () => {
    const it = problem(oneSite(A(16), [session(1), session(2), session(3)]), undefined, 0.75);
    const limits = [1, 2, 3].map((n) => [0, 0.25, 0.5].map((hour) => limitIn(plan(it).profiles.get(keyOf(n)), now + hour * 3_600)));
    expect(limits.map((quarters) => quarters.toSorted())).toEqual([
      [0, 8, 8],
      [0, 8, 8],
      [0, 8, 8],
    ]);
  });

  test('a site in watts counts three phases where nobody knows how many', () => {
    const unknown: PlannedEvse = { current: 'AC' };
    const it = problem(oneSite({ unit: 'W', value: watts(22_080) }, [session(1, { evse: unknown }), session(2, { evse: unknown })]));
    expect([told(it, 1), told(it, 2)]).toEqual([[[0, 16]], [[0, 16]]]);
  });

  test('a DC session has its limit in watts, and at a site in amperes takes them from three phases', () => {
    const dc: PlannedEvse = { current: 'DC', power: watts(50_000) };
    const it = plan(problem(oneSite(A(100), [session(1, { evse: dc })])));
    expect(it.profiles.get(keyOf(1))).toMatchObject({ unit: 'W', periods: [{ start: 0, limit: 50_000 }] });
  });

  test('one that takes no profile is left out, and what its EVSE carries is kept for it', () => {
    const it = plan(problem(oneSite(A(40), [session(1, { state: 'uncontrolled' }), session(2)])));
    expect([...it.profiles].map(([key, { periods }]) => [key, periods])).toEqual([[keyOf(2), [{ start: 0, limit: 8 }]]]);
  });

  test('CHEAP charges in the cheapest hours before departure, and behind it gets its share', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(5, 22.08 * 2))]), [5, 1, 4, 1, 3, 2]);
    expect(told(it)).toEqual([
      [0, 0],
      [1, 32],
      [2, 0],
      [3, 32],
      [4, 0],
      [5, 32],
    ]);
    expect(plan(it).why.get(keyOf(1))).toMatch(/^CHEAP: 44.16 kWh until 2026-11-24T23:00Z, in the cheapest/);
  });

  test('of equal prices CHEAP takes the earlier, and no more than is needed, but 6 A where it charges', () => {
    expect(told(problem(oneSite(A(32), [session(1, cheap(3, 23))]), [1, 1, 1]))).toEqual([
      [0, 32],
      [1, 6],
      [1.25, 0],
      [3, 32],
    ]);
  });

  test('CHEAP charges from now on when it cannot have what it needs', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(2, 100))]), [5, 1, 4]);
    expect(told(it)).toEqual([[0, 32]]);
    expect(plan(it).why.get(keyOf(1))).toContain('cannot be reached');
  });

  test('CHEAP counts what the session has had already', () => {
    expect(told(problem(oneSite(A(32), [session(1, { ...cheap(5, 30), given: wattHours(30_000) })]), [1, 2]))).toEqual([
      [0, 0],
      [5, 32],
    ]);
  });

  test('what CHEAP leaves is for those who charge now', () => {
    const it = problem(oneSite(A(32), [session(1, cheap(4, 11.04)), session(2)]), [5, 5, 1, 5]);
    expect(told(it, 2)).toEqual([
      [0, 32],
      [2, 16],
      [3, 32],
      [4, 16],
    ]);
  });

  test('CHEAP without prices is as good as REGULAR', () => {
    expect(told(problem(oneSite(A(20), [session(1, cheap(5, 30)), session(2)])))).toEqual([[0, 10]]);
  });

  test('a horizon that is over is no reason to fail', () => {
    expect(told(problem(oneSite(A(20), [session(1)]), undefined, -1))).toEqual([[0, 20]]);
  });
});

const tenths = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((n) => n / 10);
const evses = fc.oneof(
  fc.record(
    {
      current: fc.constant('AC' as const),
      phases: fc.constantFrom(1 as const, 2 as const, 3 as const),
      voltage: fc.constantFrom(volts(230), volts(240), volts(120)),
      amperage: tenths(4, 63).map(amperes),
      power: tenths(1_000, 44_000).map(watts),
    },
    { requiredKeys: ['current'] },
  ),
  fc.record({ current: fc.constant('DC' as const), power: tenths(1_000, 300_000).map(watts), voltage: fc.constant(volts(500)) }, { requiredKeys: ['current'] }),
);
const preferences = fc.record(
  {
    profileType: fc.constantFrom('CHEAP' as const, 'CHEAP' as const, 'FAST' as const, 'GREEN' as const, 'REGULAR' as const),
    departure: fc.integer({ min: -3_600, max: 90_000 }).map((after) => epochSeconds(now + after)),
    energyNeed: fc.integer({ min: 0, max: 90_000 }).map(wattHours),
    dischargeAllowed: fc.boolean(),
  },
  { requiredKeys: ['profileType', 'dischargeAllowed'] },
);
const sessions = fc
  .array(
    fc.record(
      {
        evse: evses,
        preferences,
        given: fc.integer({ min: 0, max: 20_000 }).map(wattHours),
        state: fc.constantFrom('steered' as const, 'steered' as const, 'steered' as const, 'uncontrolled' as const),
      },
      { requiredKeys: ['evse', 'given', 'state'] },
    ),
    { maxLength: 8 },
  )
  .map((list) => list.map((it, n): PlannedSession => ({ key: keyOf(n), ...it })));
const limits = fc.oneof(
  tenths(0, 160).map(A),
  tenths(0, 200_000).map((n): SiteLimit => ({ unit: 'W', value: watts(n) })),
);
const pricesOf = fc.option(fc.array(fc.integer({ min: -50, max: 400 }), { minLength: 1, maxLength: 26 }), { nil: undefined });
const problems = fc
  .record({ limit: limits, sessions, prices: pricesOf, horizon: fc.integer({ min: 1, max: 26 }) })
  .map((it) => problem(oneSite(it.limit, it.sessions), it.prices, it.horizon));

/** Every moment at which something may change, also behind the horizon. */
const moments = ({ profiles }: ReturnType<typeof plan>) => [
  now,
  hours(100),
  ...[...profiles.values()].flatMap(({ periods }) => periods.map(({ start }) => now + start)),
];
const energyUntil = (profile: ChargingProfile | undefined, end: number, evse: PlannedEvse) =>
  profile
    ? scheduleOf<Limit>(profile, now, { from: now, to: epochSeconds(end) }).reduce((sum, { from, to, limit }) => sum + limit * (to - from), 0) *
      (wiresOf(evse).wattsPerUnit / 3_600)
    : 0;

describe('the laws of a plan', () => {
  test('no limit of a site is exceeded at any second, whatever is asked, unless those that nobody steers do it alone', () => {
    fc.assert(
      fc.property(problems, (it) => {
        const found = plan(it);
        const [site] = it.sites;
        const loads = (state: string) => site?.sessions.filter((one) => one.state === state) ?? [];
        const taken = loads('uncontrolled').reduce((sum, { evse }) => sum + wiresOf(evse).most * loadPerUnit(evse, site?.limit.unit ?? 'A'), 0);
        for (const at of moments(found)) {
          const sum = loads('steered').reduce(
            (all, { key, evse }) => all + limitIn(found.profiles.get(key), at) * loadPerUnit(evse, site?.limit.unit ?? 'A'),
            0,
          );
          expect(sum).toBeLessThanOrEqual(Math.max(0, (site?.limit.value ?? 0) - taken) + 1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no limit is above what the EVSE carries, between nothing and 6 A, or finer than 0.1; each steered session has a profile of at most 24 periods', () => {
    fc.assert(
      fc.property(problems, (it) => {
        const found = plan(it);
        const steered = it.sites[0]?.sessions.filter(({ state }) => state === 'steered') ?? [];
        expect([...found.profiles.keys()].toSorted()).toEqual(steered.map(({ key }) => key).toSorted());
        for (const { key, evse } of steered) {
          const { unit, most, least } = wiresOf(evse);
          const profile = found.profiles.get(key);
          expect(profile).toMatchObject({ unit, start: now });
          expect(profile?.duration).toBeUndefined();
          expect(profile?.periods.length).toBeLessThanOrEqual(24);
          for (const { limit } of profile?.periods ?? []) {
            expect(limit === 0 || (limit >= least && limit <= most)).toBe(true);
            expect(Math.round(limit * 10) / 10).toBe(limit);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the same problem has the same plan, in whatever order its sessions stand', () => {
    fc.assert(
      fc.property(problems, (it) => {
        const turned = { ...it, sites: it.sites.map((site) => ({ ...site, sessions: site.sessions.toReversed() })) };
        const sorted = (found: ReturnType<typeof plan>) => [...found.profiles].toSorted(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(plan(it))).toEqual(sorted(plan(it)));
        expect(sorted(plan(turned))).toEqual(sorted(plan(it)));
      }),
      { numRuns: 100 },
    );
  });

  const wanting = fc.record({
    need: fc.integer({ min: 1, max: 60 }),
    departure: fc.integer({ min: 1, max: 23 * 4 }).map((quarters) => quarters / 4),
    others: fc.integer({ min: 0, max: 3 }),
    limit: tenths(24, 100),
    prices: fc.array(fc.integer({ min: -20, max: 300 }), { minLength: 1, maxLength: 24 }),
  });
  const wishFor = ({ need, departure, others, limit, prices }: { need: number; departure: number; others: number; limit: number; prices: number[] }) => {
    const rest = [...Array(others).keys()].map((n) => session(n + 2));
    const asked = problem(oneSite(A(limit), [session(1, cheap(departure, need)), ...rest]), prices);
    return { asked, equal: problem(oneSite(A(limit), [session(1), ...rest]), prices) };
  };

  test('CHEAP gets what it needs whenever an equal share would bring it', () => {
    fc.assert(
      fc.property(wanting, (it) => {
        const { asked, equal } = wishFor(it);
        const [mine, shared] = [asked, equal].map((one) => energyUntil(plan(one).profiles.get(keyOf(1)), hours(it.departure), ac32));
        expect(mine).toBeGreaterThanOrEqual(Math.min(it.need * 1000, shared ?? 0) - 1e-3);
      }),
      { numRuns: 300 },
    );
  });

  test('CHEAP never costs more than an equal share for the same energy', () => {
    fc.assert(
      fc.property(wanting, (it) => {
        const { asked, equal } = wishFor(it);
        const slots = slotsOf(asked).filter(({ from }) => from < hours(it.departure));
        const offersIn = (one: Problem): Offer[] => {
          const profile = plan(one).profiles.get(keyOf(1));
          return slots.map((slot) => ({ slot, most: limitIn(profile, slot.from) }));
        };
        const [mine, shared] = [offersIn(asked), offersIn(equal)].map((offers) =>
          costOf(
            offers,
            offers.map(({ most }) => most),
            { need: it.need * 1000, wires: wiresOf(ac32) },
          ),
        );
        const reached = energyUntil(plan(equal).profiles.get(keyOf(1)), hours(it.departure), ac32) >= it.need * 1000;
        fc.pre(reached);
        expect(mine).toBeLessThanOrEqual((shared ?? 0) + 1e-3);
      }),
      { numRuns: 300 },
    );
  });

  test('equal sessions get the same energy over as many quarters as there are sessions, also where they must pause', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), tenths(6, 80), (count, limit) => {
        const found = plan(
          problem(
            oneSite(
              A(limit),
              [...Array(count).keys()].map((n) => session(n)),
            ),
            undefined,
            count / 4,
          ),
        );
        const energies = [...Array(count).keys()].map((n) => energyUntil(found.profiles.get(keyOf(n)), now + count * 900, ac32));
        expect(Math.max(...energies) - Math.min(...energies)).toBeLessThan(1e-3);
        expect(Math.min(...energies)).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  test('nobody who could use more has less than another: max-min fairness', () => {
    fc.assert(
      fc.property(fc.array(tenths(6, 63), { minLength: 1, maxLength: 8 }), fc.integer({ min: 48, max: 200 }), (carried, limit) => {
        const list = carried.map((it, n) => session(n, { evse: { ...ac32, amperage: amperes(it) } }));
        const found = plan(problem(oneSite(A(limit), list)));
        const shares = list.map(({ key }, n) => ({ share: limitIn(found.profiles.get(key), now), most: carried[n] ?? 0 }));
        const highest = Math.max(...shares.map(({ share }) => share));
        for (const { share, most } of shares) expect(share === most || share >= highest - 0.1 - 1e-9).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
