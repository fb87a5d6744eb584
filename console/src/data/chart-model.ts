import type { AlignedData } from 'uplot';
import type { Point } from './point.ts';

/** The colour of a line, by what the line means; t1 to t6 have no meaning. */
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
/** Colours for lines that only need to differ from each other. */
export const TONES = ['t1', 't2', 't3', 't4', 't5', 't6'] as const satisfies readonly Tone[];

/** One line of a chart. `steps`: a value holds until the next point; `line`: straight between two points; `bars`: one bar per point. */
export interface Line {
  name: string;
  tone: Tone;
  shape: 'steps' | 'line' | 'bars';
  dash?: boolean;
  width?: number;
  /** In a stacked chart: drawn as it is, above the stack and no part of it. Such lines come last. */
  alone?: true;
  points: readonly Point[];
}

/** What a chart shows, on the page and in a file. Times are epoch seconds. */
export interface ChartModel {
  name: string;
  /** A value with its unit, as text. */
  format(value: number): string;
  /** The unit of the axis, and the divisor from a value to that unit. */
  axis: { unit: string; per: number };
  from: number;
  to: number;
  /** Everything after this time is planned. */
  now?: number;
  /** The moment that is chosen. */
  chosen?: number;
  /** The lines are stacked on each other. */
  stacked?: boolean;
  lines: readonly Line[];
}

/** The value of a step line at a time; null before its first point. */
export function valueAt(points: readonly Point[], at: number): number | null {
  let value: number | null = null;
  for (const [time, held] of points) {
    if (time > at) break;
    value = held;
  }
  return value;
}

/** Shorter than anything that can be seen in a chart. */
const JUST_BEFORE_S = 0.5;

/** The data for uPlot: the times of all lines in order, then the values of each line; null is a gap, undefined no statement. */
export function align(model: ChartModel): AlignedData {
  const within = (at: number) => at >= model.from && at <= model.to;
  const times = new Set([model.from, model.to]);
  for (const { points, shape } of model.lines)
    for (const [at, value] of points) {
      if (within(at)) times.add(at);
      // A step holds until it ends, so it needs a value just before its end.
      if (shape === 'steps' && value === null && within(at - JUST_BEFORE_S)) times.add(at - JUST_BEFORE_S);
    }
  const xs = [...times].sort((a, b) => a - b);
  const columns = model.lines.map((line) => (line.shape === 'steps' ? stepValues(line.points, xs) : exactValues(line.points, xs)));
  if (!model.stacked) return [xs, ...columns];
  // The first line is on top of the stack, so that it does not cover the lines that are drawn after it.
  const sums = xs.map(() => 0);
  const stacked = columns.toReversed().map((column, n) =>
    column.map((value, at) => {
      if (model.lines[columns.length - 1 - n]?.alone) return value;
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

/** The highest value in the chart, for the height of the axis. */
export function highest(model: ChartModel): number {
  const [, ...columns] = align(model);
  return columns.flatMap((it) => [...it]).reduce<number>((most, it) => Math.max(most, it ?? 0), 0);
}

/** About `count` round numbers for an axis, from 0 to at least `most`. */
export function ticks(most: number, count = 5): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / count;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 2.5, 5, 10].map((it) => it * scale).find((it) => it >= rough) ?? 10 * scale;
  return Array.from({ length: Math.ceil(most / by) + 1 }, (_, n) => n * by);
}
