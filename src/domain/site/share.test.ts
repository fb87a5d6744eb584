import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import type { LimitTree } from './limit-tree.ts';
import { exceededLimits, remainingFor } from './remaining-capacity.ts';
import { type Demand, evseAt, type Rule, share } from './share.ts';
import { evseOf, leftAfter, NOON, roomsAt, streetOf, streets, treeOf } from './site.fixture.ts';
import { SLOT } from './waiting-order.ts';

const RULES: readonly Rule[] = ['equal', 'proportional', 'first-come', 'by-preference'];
const asksFor = (tree: LimitTree, more: Partial<Demand> = {}): Demand[] =>
  tree.evses.map(({ maximum }, evse) => ({ evse, ceiling: maximum, since: epochSeconds(evse), weight: 1, ...more }));
const shareAt = (tree: LimitTree, asks: readonly Demand[], { rule = 'equal', at = NOON }: { rule?: Rule; at?: number } = {}) =>
  share(tree, asks, { rule, at: epochSeconds(at), capacities: roomsAt(tree), fixed: [] });

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
    asks: fc
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

describe('whatever the tree, the rule and who asks', () => {
  test('no limit is exceeded on any phase of any node', () =>
    fc.assert(
      fc.property(situations, ({ tree, rule, at, asks }) => {
        const given = shareAt(tree, asks, { rule, at });
        expect(
          exceededLimits(
            tree,
            leftAfter(
              tree,
              asks.map(({ evse }, n) => [evse, given[n] ?? 0] as const),
            ),
          ),
        ).toEqual([]);
      }),
    ));
  test('each gets its minimum at least or nothing, whole tenths, and no more than its own ceiling', () =>
    fc.assert(
      fc.property(situations, ({ tree, rule, at, asks }) => {
        const given = shareAt(tree, asks, { rule, at });
        const wrong = asks.filter(({ evse, ceiling }, n) => {
          const current = given[n] ?? -1;
          const lawful = current === 0 || (current >= evseAt(tree, evse).minimum && current <= Math.min(ceiling, evseAt(tree, evse).maximum));
          return !lawful || Math.abs(current * 10 - Math.round(current * 10)) > 1e-9;
        });
        expect(wrong).toEqual([]);
      }),
    ));
  test('nobody who charges could have a tenth more, nobody who waits could charge', () =>
    fc.assert(
      fc.property(situations, ({ tree, rule, at, asks }) => {
        const given = shareAt(tree, asks, { rule, at });
        const ledger = leftAfter(
          tree,
          asks.map(({ evse }, n) => [evse, given[n] ?? 0] as const),
        );
        const short = asks.filter(({ evse, ceiling }, n) => {
          const { minimum, maximum } = evseAt(tree, evse);
          const most = Math.min(ceiling, maximum);
          const current = given[n] ?? 0;
          const room = remainingFor(ledger, evseAt(tree, evse));
          return current > 0 ? current < most - 1e-9 && room >= 1 : most >= minimum && room >= minimum * 10;
        });
        expect(short).toEqual([]);
      }),
    ));
  test('what is fixed is taken off first', () =>
    fc.assert(
      fc.property(situations, fc.integer({ min: 0, max: 32 }), ({ tree, rule, at, asks }, current) => {
        const [first, ...others] = asks;
        if (!first) return;
        const fixed = [{ evse: first.evse, current: amperes(current) }];
        const given = share(tree, others, { rule, at: epochSeconds(at), capacities: roomsAt(tree), fixed });
        const alone = exceededLimits(tree, leftAfter(tree, [[first.evse, current]]));
        const all = exceededLimits(tree, leftAfter(tree, [[first.evse, current], ...others.map(({ evse }, n) => [evse, given[n] ?? 0] as const)]));
        expect(all).toEqual(alone);
      }),
    ));
});

describe('rules', () => {
  test('equal: the same for each, and what one cannot use goes to the others', () => {
    const tree = single(60, 3);
    const asks = asksFor(tree).map((ask, n) => (n === 0 ? { ...ask, ceiling: amperes(10) } : ask));
    expect(shareAt(tree, asks)).toEqual([10, 25, 25]);
  });
  test('equal: the least of all is as large as it can be, found by trying', () =>
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 160 }), fc.array(fc.integer({ min: 60, max: 320 }), { minLength: 2, maxLength: 8 }), (limit, ceilings) => {
        const tree = single(limit, ceilings.length);
        const asks = asksFor(tree).map((ask, n) => ({ ...ask, ceiling: amperes((ceilings[n] ?? 0) / 10) }));
        fc.pre(limit >= 6 * ceilings.length);
        const given = shareAt(tree, asks);
        const level = (at: number) => ceilings.reduce((sum, most) => sum + Math.min(most / 10, at), 0);
        let best = 6;
        while (best < 32 && level(best + 0.1) <= limit + 1e-9) best += 0.1;
        for (const [n, current] of given.entries()) expect(current).toBeGreaterThanOrEqual(Math.min((ceilings[n] ?? 0) / 10, best) - 0.1 - 1e-6);
      }),
    ));
  test('proportional: each the same part of what it could use', () => {
    const tree = single(30, 2);
    const [one, other] = asksFor(tree);
    expect(shareAt(tree, [{ ...one, ceiling: amperes(32) } as Demand, { ...other, ceiling: amperes(16) } as Demand], { rule: 'proportional' })).toEqual([
      20, 10,
    ]);
  });
  test('first-come: who came first has all it can use, the others their minimum while there is room', () => {
    const tree = single(46, 3);
    const asks = asksFor(tree).map((ask) => ({ ...ask, since: epochSeconds(9 - ask.evse) }));
    expect(shareAt(tree, asks, { rule: 'first-come' })).toEqual([6, 8, 32]);
  });
  test('first-come: who came last waits, whatever the time', () => {
    const tree = single(14, 3);
    for (let slot = 0; slot < 96; slot++) expect(shareAt(tree, asksFor(tree), { rule: 'first-come', at: NOON + slot * SLOT })).toEqual([8, 6, 0]);
  });
  test('by-preference: by weights', () => {
    const tree = single(40, 2);
    const asks = asksFor(tree).map((ask) => ({ ...ask, weight: ask.evse === 0 ? 3 : 1 }));
    expect(shareAt(tree, asks, { rule: 'by-preference' })).toEqual([30, 10]);
  });
  test('tenths that are left over by rounding are given away', () => {
    expect(shareAt(single(20, 3), asksFor(single(20, 3))).reduce<number>((sum, it) => sum + it, 0)).toBeCloseTo(20, 9);
  });
});

describe('phases', () => {
  test('a full phase stops those on it and no others', () => {
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
    expect(shareAt(tree, asksFor(tree))).toEqual([12, 12, 24]);
  });
  test('three phases and one share the phase that both are on', () => {
    const evses = [evseOf('A', 'AC_3_PHASE'), evseOf('B', 'AC_1_PHASE'), evseOf('C', 'AC_1_PHASE')];
    const tree = treeOf({ name: 'grid', limit: { a: 30 }, evses: [{ uid: 'A' }, { uid: 'B', rotation: 'S' }, { uid: 'C', rotation: 'T' }] }, evses);
    expect(shareAt(tree, asksFor(tree))).toEqual([15, 15, 15]);
  });
  test('a limit in watts counts all phases of each, and a DC EVSE as three balanced ones', () => {
    const evses = [evseOf('A', 'AC_1_PHASE'), evseOf('B', 'DC')];
    const tree = treeOf({ name: 'grid', limit: { w: 9200 }, evses: [{ uid: 'A', rotation: 'R' }, { uid: 'B' }] }, evses);
    expect(shareAt(tree, asksFor(tree))).toEqual([10, 10]);
  });
});

describe('when there is not room for the minimum of all', () => {
  const DAY = 96;
  function chargingSlots(tree: LimitTree): number[] {
    const times = tree.evses.map(() => 0);
    for (let slot = 0; slot < DAY; slot++)
      for (const [n, current] of shareAt(tree, asksFor(tree), { at: NOON + slot * SLOT }).entries()) if (current > 0) times[n] = (times[n] ?? 0) + 1;
    return times;
  }
  test.each([
    [12, 3, 64],
    [6, 5, 19.2],
    [30, 10, 48],
    [60, 40, 24],
  ])('%i A for %i cars: over a day each charges in %d quarters of an hour, give or take three', (limit, count, fair) => {
    for (const slots of chargingSlots(single(limit, count))) expect(Math.abs(slots - fair)).toBeLessThanOrEqual(3);
  });
  test('in a tree whose groups and root are scarce, no car of 3-phase waits twice as long as another', () => {
    const tree = streetOf({ panels: 5, groups: 5, size: 8, group: 36, panel: 150, root: 600, kinds: ['AC_3_PHASE'] });
    const slots = chargingSlots(tree);
    expect(Math.min(...slots)).toBeGreaterThanOrEqual(DAY * 0.5 * 0.8);
    expect(Math.max(...slots)).toBeLessThanOrEqual(DAY * 0.5 * 1.2);
  });
  test('within a quarter of an hour the same ones wait', () => {
    const tree = single(12, 5);
    expect(shareAt(tree, asksFor(tree), { at: NOON + SLOT - 1 })).toEqual(shareAt(tree, asksFor(tree), { at: NOON }));
  });
});
