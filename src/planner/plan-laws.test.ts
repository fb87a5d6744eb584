import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import { type Limit, scheduleOf } from '../domain/profile/schedule.ts';
import { amperes, epochSeconds, volts, wattHours, watts } from '../domain/units.ts';
import { costOf, type Offer } from './cheapest-slots.ts';
import { evseLimits, loadPerUnit } from './evse-limits.ts';
import { plan } from './plan.ts';
import { A, ac32, cheap, hours, keyOf, limitIn, now, oneSite, problem, session } from './problem.fixture.ts';
import type { PlannedEvse, PlannedSession, Problem, SiteLimit } from './problem.ts';
import { slotsOf } from './slots.ts';

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
      (evseLimits(evse).wattsPerUnit / 3_600)
    : 0;

describe('the laws of a plan', () => {
  test('no limit of a site is exceeded at any second, whatever is asked, unless those that nobody steers do it alone', () => {
    fc.assert(
      fc.property(problems, (it) => {
        const found = plan(it);
        const [site] = it.sites;
        const loads = (state: string) => site?.sessions.filter((one) => one.state === state) ?? [];
        const taken = loads('uncontrolled').reduce((sum, { evse }) => sum + evseLimits(evse).most * loadPerUnit(evse, site?.limit.unit ?? 'A'), 0);
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
          const { unit, most, least } = evseLimits(evse);
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
            { need: it.need * 1000, wires: evseLimits(ac32) },
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
