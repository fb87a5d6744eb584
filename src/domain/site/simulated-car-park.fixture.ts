import type { PowerType } from '../evse.ts';
import type { Capacity } from './ceiling.ts';
import type { MeterDescription } from './description.ts';
import { CELLS, type LimitTree, WATTS_CELL } from './limit-tree.ts';
import { evseOf, treeOf } from './site.fixture.ts';

/** A pseudo-random generator of numbers from 0 to 1, reproducible by its seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KINDS: readonly PowerType[] = ['AC_3_PHASE', 'AC_3_PHASE', 'AC_1_PHASE', 'AC_3_PHASE', 'AC_2_PHASE'];

/** 200 EVSEs under one grid connection with a lower limit from 17:00 to 20:00, and the meter of a building if it has one. */
export function carPark(meter?: MeterDescription): LimitTree {
  const evses = Array.from({ length: 200 }, (_, n) => evseOf(`E${n}`, KINDS[n % KINDS.length]));
  const rotations = ['RST', 'STR', 'TRS'] as const;
  const group = (p: number, g: number) => ({
    name: `group ${p}.${g}`,
    limit: { a: 130 },
    evses: Array.from({ length: 10 }, (_, n) => ({ uid: `E${(p * 5 + g) * 10 + n}`, rotation: rotations[(n + g) % 3] ?? 'RST' })),
  });
  const children = Array.from({ length: 4 }, (_, p) => ({
    name: `panel ${p}`,
    limit: { a: 450 },
    children: Array.from({ length: 5 }, (__, g) => group(p, g)),
  }));
  const schedule = [
    { from: '00:00', a: 1600 },
    { from: '17:00', a: 700 },
    { from: '20:00', a: 1600 },
  ];
  return treeOf({ name: 'grid', limit: { a: 1600, w: 1_000_000 }, schedule, children, ...(meter && { meter }) }, evses);
}

/** A building behind the grid connection, with a meter that is read every `every` seconds. */
export interface Building {
  meter: MeterDescription;
  every: number;
  /** A on R, S and T in a second of the day. */
  load(second: number): readonly [number, number, number];
  /** Whether the meter tells nothing in a second of the day. */
  isSilent(second: number): boolean;
}

const HOUR = 3600;
/** The load of the building over the day in A: [hour, A], with straight lines between. */
const CURVE = [
  [0, 80],
  [7, 120],
  [15.33, 160],
  [15.43, 300], // within 6 min, while the meter is silent
  [16, 200],
  [18.1, 260],
  [18.3, 380], // within 12 min, while the node is away
  [20.5, 380],
  [22, 120],
  [24, 80],
] as const;

/** An office: it climbs by 120 A while the node is away, has noise of 5 A, and heat pumps of 10 A on R. */
export const office: Building = {
  meter: { fallback: { a: 250, w: 172_500 }, margin: 70 },
  every: 5,
  load(second) {
    const next = Math.max(
      1,
      CURVE.findIndex(([hour]) => hour * HOUR > second),
    );
    const [[h0, a0], [h1, a1]] = [CURVE[next - 1] ?? CURVE[0], CURVE[next] ?? CURVE[0]];
    const base = a0 + ((a1 - a0) * (second - h0 * HOUR)) / ((h1 - h0) * HOUR);
    const noise = (phase: number) => (seeded(second * 3 + phase)() - 0.5) * 10;
    const pump = second % 900 < 300 ? 10 : 0;
    return [base + noise(0) + pump, base + 15 + noise(1), base - 20 + noise(2)];
  },
  isSilent: (second) => second >= 15.3 * HOUR && second < 15.5 * HOUR,
};

/**
 * An upper bound for every rule, in A over all phases: from the leaves up and for each phase independently, the sum of the cars is
 * cut to the limit of each node.
 */
export function possible(tree: LimitTree, capacities: readonly Capacity[], most: (evse: number) => number): number {
  const sums = new Float64Array(tree.nodes.length * 3);
  for (const [n, { node, loads }] of tree.evses.entries()) {
    for (const { cell } of loads) {
      const phase = cell % CELLS;
      if (phase !== WATTS_CELL && Math.floor(cell / CELLS) === node) sums[node * 3 + phase] = (sums[node * 3 + phase] ?? 0) + most(n);
    }
  }
  for (let n = tree.nodes.length - 1; n >= 0; n--) {
    const parent = tree.nodes[n]?.parent ?? -1;
    for (let phase = 0; phase < 3; phase++) {
      const through = Math.min(sums[n * 3 + phase] ?? 0, capacities[n]?.a ?? Infinity);
      sums[n * 3 + phase] = through;
      if (parent >= 0) sums[parent * 3 + phase] = (sums[parent * 3 + phase] ?? 0) + through;
    }
  }
  return Math.min((sums[0] ?? 0) + (sums[1] ?? 0) + (sums[2] ?? 0), (capacities[0]?.w ?? Infinity) / 230);
}
