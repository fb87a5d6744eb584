import fc from 'fast-check';
import type { Evse, PowerType } from '../evse.ts';
import { amperes, epochSeconds, volts, watts } from '../units.ts';
import { buildSites } from './build-sites.ts';
import { type Capacity, capacityWithin } from './ceiling.ts';
import type { NodeDescription, SiteDescription } from './description.ts';
import type { LimitTree, Rotation } from './limit-tree.ts';
import { fullCapacity, type RemainingCapacity, subtractCurrent } from './remaining-capacity.ts';
import { evseAt } from './share.ts';

export const evseOf = (uid: string, powerType: PowerType = 'AC_3_PHASE', more: Partial<Evse> = {}): Evse => ({
  uid,
  evseId: 1,
  connectorId: 1,
  powerType,
  maxVoltage: volts(powerType === 'DC' ? 920 : 230),
  maxAmperage: amperes(powerType === 'DC' ? 200 : 32),
  ...(powerType === 'DC' && { maxPower: watts(60_000) }),
  ...more,
});

/** The tree of a description that has no mistake. */
export function treeOf(site: SiteDescription, evses: readonly Evse[]): LimitTree {
  const built = buildSites([site], evses);
  if (!built.ok) throw new Error(JSON.stringify(built.problem));
  const [tree] = built.value;
  if (!tree) throw new Error('no tree');
  return tree;
}

const TYPES: readonly PowerType[] = ['AC_3_PHASE', 'AC_1_PHASE', 'AC_1_PHASE', 'AC_2_PHASE', 'DC'];
const FIRST: readonly Rotation[] = ['RST', 'STR', 'TRS'];

/** A connection of `panels` panels of `groups` groups of `size` EVSEs of mixed kinds; limits in A per phase. */
export interface Street {
  panels: number;
  groups: number;
  size: number;
  root: number;
  panel: number;
  group: number;
  watts?: number;
  kinds?: readonly PowerType[];
}
export function streetOf({ panels, groups, size, root, panel, group, watts: w, kinds = TYPES }: Street): LimitTree {
  const evses: Evse[] = [];
  const leaf = (p: number, g: number): NodeDescription => ({
    name: `group ${p}.${g}`,
    limit: { a: group },
    evses: Array.from({ length: size }, (_, n) => {
      const evse = evseOf(`E${evses.length + 1}`, kinds[(n + g) % kinds.length]);
      evses.push(evse);
      return { uid: evse.uid, rotation: FIRST[n % 3] ?? 'RST' };
    }),
  });
  const children = Array.from({ length: panels }, (_, p) => ({
    name: `panel ${p}`,
    limit: { a: panel },
    children: Array.from({ length: groups }, (__, g) => leaf(p, g)),
  }));
  return treeOf({ name: 'grid', limit: { a: root, ...(w !== undefined && { w }) }, children }, evses);
}

/** Small streets with limits from scarce to plenty. */
export const streets: fc.Arbitrary<LimitTree> = fc
  .record({
    panels: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 1, max: 6 }),
    group: fc.integer({ min: 1, max: 90 }),
    panel: fc.integer({ min: 0, max: 60 }),
    root: fc.integer({ min: 0, max: 90 }),
    power: fc.option(fc.integer({ min: 2000, max: 120_000 })),
  })
  .map(({ power, ...it }) => streetOf({ ...it, panel: it.group + it.panel, root: it.group + it.panel + it.root, ...(power !== null && { watts: power }) }));

export const NOON = epochSeconds(1_750_000_000 - (1_750_000_000 % 86_400) + 43_200);

export const roomsAt = (tree: LimitTree, at = NOON): Capacity[] =>
  tree.nodes.map(({ ceiling }) => capacityWithin(ceiling, { from: at, to: at }, tree.timeZone));

/** What is left in every cell when each EVSE draws a current. */
export function leftAfter(tree: LimitTree, currents: Iterable<readonly [number, number]>, rooms = roomsAt(tree)): RemainingCapacity {
  const ledger = fullCapacity(tree, rooms);
  for (const [evse, current] of currents) subtractCurrent(ledger, evseAt(tree, evse), Math.round(current * 10));
  return ledger;
}
