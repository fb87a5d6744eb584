import type { AlignedData } from 'uplot';
import type { Point } from './console-api-types.ts';

export type Tone =
  | 'requested'
  | 'active'
  | 'maximum'
  | 'limit'
  | 'metered'
  | 'draft'
  | 'good'
  | 'warn'
  | 'bad'
  | 'plain'
  | 't1'
  | 't2'
  | 't3'
  | 't4'
  | 't5'
  | 't6';
export const TONES = ['t1', 't2', 't3', 't4', 't5', 't6'] as const satisfies readonly Tone[];

/** One line of a chart. `steps`: a value holds until the next; `line`: between two points it is drawn straight; `bars`: one block for each point. */
export interface Line {
  name: string;
  tone: Tone;
  shape: 'steps' | 'line' | 'bars';
  dash?: boolean;
  width?: number;
  points: readonly Point[];
}

/** What a chart shows, whichever way it is drawn: times in epoch seconds. */
export interface ChartModel {
  name: string;
  /** Says a value with its unit. */
  format(value: number): string;
  /** The unit of the axis, and what a value is divided by for it. */
  axis: { unit: string; per: number };
  from: number;
  to: number;
  /** What lies behind it is planned. */
  now?: number;
  /** Lines stand on each other instead of before each other. */
  stacked?: boolean;
  lines: readonly Line[];
}

/** The value of a step line at a moment. */
export function valueAt(points: readonly Point[], at: number): number | null {
  let value: number | null = null;
  for (const [time, it] of points) {
    if (time > at) break;
    value = it;
  }
  return value;
}

/** Seconds; nothing that is drawn is finer. */
const JUST_BEFORE_S = 0.5;

/** The moments of all lines in one order, and for each line its value there: null is a gap, undefined says nothing. */
export function align(model: ChartModel): AlignedData {
  const within = (at: number) => at >= model.from && at <= model.to;
  const times = new Set([model.from, model.to]);
  for (const { points, shape } of model.lines)
    for (const [at, value] of points) {
      if (within(at)) times.add(at);
      // A step holds until the moment at which it ends, so there is a moment just before.
      if (shape === 'steps' && value === null && within(at - JUST_BEFORE_S)) times.add(at - JUST_BEFORE_S);
    }
  const xs = [...times].sort((a, b) => a - b);
  const columns = model.lines.map((line) => (line.shape === 'steps' ? stepValues(line.points, xs) : exactValues(line.points, xs)));
  if (!model.stacked) return [xs, ...columns];
  // The first line stands on all others, so that what is drawn after it does not vanish behind it.
  const sums = xs.map(() => 0);
  const stacked = columns.toReversed().map((column) =>
    column.map((value, at) => {
      sums[at] = (sums[at] ?? 0) + (value ?? 0);
      return sums[at] ?? 0;
    }),
  );
  return [xs, ...stacked.reverse()];
}

function stepValues(points: readonly Point[], xs: readonly number[]): (number | null)[] {
  let next = 0;
  let value: number | null = null;
  return xs.map((x) => {
    for (let point = points[next]; point && point[0] <= x; point = points[++next]) value = point[1];
    return value;
  });
}

function exactValues(points: readonly Point[], xs: readonly number[]): (number | null | undefined)[] {
  const at = new Map(points);
  return xs.map((x) => at.get(x));
}

/** The highest value that is drawn, for the height of the axis. */
export function highest(model: ChartModel): number {
  const [, ...columns] = align(model);
  return columns.flatMap((it) => [...it]).reduce<number>((most, it) => Math.max(most, it ?? 0), 0);
}

/** Round numbers for an axis from 0 to at least `most`, about `count` of them. */
export function ticks(most: number, count = 5): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / count;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 2.5, 5, 10].map((it) => it * scale).find((it) => it >= rough) ?? 10 * scale;
  return Array.from({ length: Math.ceil(most / by) + 1 }, (_, n) => n * by);
}
