import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import type { LimitTree } from './limit-tree.ts';
import { exceededLimits, remainingFor } from './remaining-capacity.ts';
import { type Demand, evseAt, type Rule, share } from './share.ts';
import { capacitiesAt, evseOf, leftAfter, NOON, streetOf, streets, treeOf } from './site.fixture.ts';
import { SLOT } from './waiting-order.ts';

const RULES: readonly Rule[] = ['equal', 'proportional', 'first-come', 'by-preference'];
const demandsFor = (tree: LimitTree, more: Partial<Demand> = {}): Demand[] =>
  tree.evses.map(({ maximum }, evse) => ({ evse, ceiling: maximum, since: epochSeconds(evse), weight: 1, ...more }));
const shareAt = (tree: LimitTree, demands: readonly Demand[], { rule = 'equal', at = NOON }: { rule?: Rule; at?: number } = {}) =>
  share(tree, demands, { rule, at: epochSeconds(at), capacities: capacitiesAt(tree), fixed: [] });

const single = (limit: number, count: number) =>
  treeOf(
    { name: 'grid', limit: { a: limit }, evses: Array.from({ length: count }, (_, n) => ({ uid: `E${n + 1}` })) },
    Array.from({ length: count }, (_, n) => evseOf(`E${n + 1}`)),
  );

const situations = streets.chain((tree) =>
  fc.record({
    tree: fc.constant(tree),
    rule: fc.constantFrom(...RULES),
    at: fc.integer({ min: NOON, max: NOON + 86_400 }),
    demands: fc
      .tuple(
        ...tree.evses.map((_, evse) =>
          fc.record({
            here: fc.boolean(),
            ceiling: fc.integer({ min: 0, max: 400 }),
            since: fc.nat(9),
            weight: fc.constantFrom(0, 0.5, 1, 3),
            evse: fc.constant(evse),
          }),
        ),
      )
      .map((drawn) =>
        drawn
          .filter(({ here }) => here)
          .map(({ evse, ceiling, since, weight }): Demand => ({ evse, ceiling: amperes(ceiling / 10), since: epochSeconds(since), weight })),
      ),
  }),
);

describe('for every tree, rule and set of demands', () => {
  test('no limit is exceeded on any phase of any node', () =>
    fc.assert(
      fc.property(situations, ({ tree, rule, at, demands }) => {
        const given = shareAt(tree, demands, { rule, at });
        expect(
          exceededLimits(
            tree,
            leftAfter(
              tree,
              demands.map(({ evse }, n) => [evse, given[n] ?? 0] as const),
            ),
          ),
        ).toEqual([]);
      }),
    ));
  test('each gets 0 or at least its minimum, in whole tenths, and at most its ceiling', () =>
    fc.assert(
      fc.property(situations, ({ tree, rule, at, demands }) => {
        const given = shareAt(tree, demands, { rule, at });
        const wrong = demands.filter(({ evse, ceiling }, n) => {
          const current = given[n] ?? -1;
          const lawful = current === 0 || (current >= evseAt(tree, evse).minimum && current <= Math.min(ceiling, evseAt(tree, evse).maximum));
          return !lawful || Math.abs(current * 10 - Math.round(current * 10)) > 1e-9;
        });
        expect(wrong).toEqual([]);
      }),
    ));
  test('no car that charges could get a tenth more, and no car that waits could charge', () =>
    fc.assert(
      fc.property(situations, ({ tree, rule, at, demands }) => {
        const given = shareAt(tree, demands, { rule, at });
        const remaining = leftAfter(
          tree,
          demands.map(({ evse }, n) => [evse, given[n] ?? 0] as const),
        );
        const short = demands.filter(({ evse, ceiling }, n) => {
          const { minimum, maximum } = evseAt(tree, evse);
          const most = Math.min(ceiling, maximum);
          const current = given[n] ?? 0;
          const available = remainingFor(remaining, evseAt(tree, evse));
          return current > 0 ? current < most - 1e-9 && available >= 1 : most >= minimum && available >= minimum * 10;
        });
        expect(short).toEqual([]);
      }),
    ));
  test('fixed currents are subtracted first', () =>
    fc.assert(
      fc.property(situations, fc.integer({ min: 0, max: 32 }), ({ tree, rule, at, demands }, current) => {
        const [first, ...others] = demands;
        if (!first) return;
        const fixed = [{ evse: first.evse, current: amperes(current) }];
        const given = share(tree, others, { rule, at: epochSeconds(at), capacities: capacitiesAt(tree), fixed });
        const alone = exceededLimits(tree, leftAfter(tree, [[first.evse, current]]));
        const all = exceededLimits(tree, leftAfter(tree, [[first.evse, current], ...others.map(({ evse }, n) => [evse, given[n] ?? 0] as const)]));
        expect(all).toEqual(alone);
      }),
    ));
});

test('an EVSE number that the tree does not have throws', () => {
  expect(() => evseAt(single(32, 2), 2)).toThrow('Found EVSE number 2; grid has 2.');
});

describe('rules', () => {
  test('equal: the same for each, and the others get what one cannot use', () => {
    const tree = single(60, 3);
    const demands = demandsFor(tree).map((demand, n) => (n === 0 ? { ...demand, ceiling: amperes(10) } : demand));
    expect(shareAt(tree, demands)).toEqual([10, 25, 25]);
  });
  test('equal: the lowest share is as high as possible, compared with a search', () =>
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 160 }), fc.array(fc.integer({ min: 60, max: 320 }), { minLength: 2, maxLength: 8 }), (limit, ceilings) => {
        const tree = single(limit, ceilings.length);
        const demands = demandsFor(tree).map((demand, n) => ({ ...demand, ceiling: amperes((ceilings[n] ?? 0) / 10) }));
        fc.pre(limit >= 6 * ceilings.length);
        const given = shareAt(tree, demands);
        const level = (at: number) => ceilings.reduce((sum, most) => sum + Math.min(most / 10, at), 0);
        let best = 6;
        while (best < 32 && level(best + 0.1) <= limit + 1e-9) best += 0.1;
        for (const [n, current] of given.entries()) expect(current).toBeGreaterThanOrEqual(Math.min((ceilings[n] ?? 0) / 10, best) - 0.1 - 1e-6);
      }),
    ));
  test('proportional: each gets the same part of what it could use', () => {
    const tree = single(30, 2);
    const [one, other] = demandsFor(tree);
    expect(shareAt(tree, [{ ...one, ceiling: amperes(32) } as Demand, { ...other, ceiling: amperes(16) } as Demand], { rule: 'proportional' })).toEqual([
      20, 10,
    ]);
  });
  test('first-come: the first gets all it can use, the others their minimum while the capacity lasts', () => {
    const tree = single(46, 3);
    const demands = demandsFor(tree).map((demand) => ({ ...demand, since: epochSeconds(9 - demand.evse) }));
    expect(shareAt(tree, demands, { rule: 'first-come' })).toEqual([6, 8, 32]);
  });
  test('first-come: the last waits, at every time of day', () => {
    const tree = single(14, 3);
    for (let slot = 0; slot < 96; slot++) expect(shareAt(tree, demandsFor(tree), { rule: 'first-come', at: NOON + slot * SLOT })).toEqual([8, 6, 0]);
  });
  test('by-preference: in proportion to the weights', () => {
    const tree = single(40, 2);
    const demands = demandsFor(tree).map((demand) => ({ ...demand, weight: demand.evse === 0 ? 3 : 1 }));
    expect(shareAt(tree, demands, { rule: 'by-preference' })).toEqual([30, 10]);
  });
  test('the tenths left over by rounding are shared too', () => {
    expect(shareAt(single(20, 3), demandsFor(single(20, 3))).reduce<number>((sum, it) => sum + it, 0)).toBeCloseTo(20, 9);
  });
});

describe('phases', () => {
  test('a full phase limits only the EVSEs on it', () => {
    const evses = [evseOf('A', 'AC_1_PHASE'), evseOf('B', 'AC_1_PHASE'), evseOf('C', 'AC_1_PHASE')];
    const tree = treeOf(
      {
        name: 'grid',
        limit: { a: 24 },
        evses: [
          { uid: 'A', rotation: 'R' },
          { uid: 'B', rotation: 'RST' },
          { uid: 'C', rotation: 'STR' },
        ],
      },
      evses,
    );
    expect(shareAt(tree, demandsFor(tree))).toEqual([12, 12, 24]);
  });
  test('three phases and one share the phase that both are on', () => {
    const evses = [evseOf('A', 'AC_3_PHASE'), evseOf('B', 'AC_1_PHASE'), evseOf('C', 'AC_1_PHASE')];
    const tree = treeOf({ name: 'grid', limit: { a: 30 }, evses: [{ uid: 'A' }, { uid: 'B', rotation: 'S' }, { uid: 'C', rotation: 'T' }] }, evses);
    expect(shareAt(tree, demandsFor(tree))).toEqual([15, 15, 15]);
  });
  test('a limit in watts counts all phases of each, and a DC EVSE as three balanced ones', () => {
    const evses = [evseOf('A', 'AC_1_PHASE'), evseOf('B', 'DC')];
    const tree = treeOf({ name: 'grid', limit: { w: 9200 }, evses: [{ uid: 'A', rotation: 'R' }, { uid: 'B' }] }, evses);
    expect(shareAt(tree, demandsFor(tree))).toEqual([10, 10]);
  });
});

describe('when the capacity is below the sum of the minimums', () => {
  const DAY = 96;
  function chargingSlots(tree: LimitTree): number[] {
    const times = tree.evses.map(() => 0);
    for (let slot = 0; slot < DAY; slot++)
      for (const [n, current] of shareAt(tree, demandsFor(tree), { at: NOON + slot * SLOT }).entries()) if (current > 0) times[n] = (times[n] ?? 0) + 1;
    return times;
  }
  test.each([
    [12, 3, 64],
    [6, 5, 19.2],
    [30, 10, 48],
    [60, 40, 24],
  ])('%i A for %i cars: over a day each charges in %d quarters of an hour, plus or minus three', (limit, count, fair) => {
    for (const slots of chargingSlots(single(limit, count))) expect(Math.abs(slots - fair)).toBeLessThanOrEqual(3);
  });
  test('in a tree with scarce groups and a scarce root, each 3-phase car charges within 20 % of half the time', () => {
    const tree = streetOf({ panels: 5, groups: 5, size: 8, group: 36, panel: 150, root: 600, kinds: ['AC_3_PHASE'] });
    const slots = chargingSlots(tree);
    expect(Math.min(...slots)).toBeGreaterThanOrEqual(DAY * 0.5 * 0.8);
    expect(Math.max(...slots)).toBeLessThanOrEqual(DAY * 0.5 * 1.2);
  });
  test('within a quarter of an hour the same cars wait', () => {
    const tree = single(12, 5);
    expect(shareAt(tree, demandsFor(tree), { at: NOON + SLOT - 1 })).toEqual(shareAt(tree, demandsFor(tree), { at: NOON }));
  });
});
