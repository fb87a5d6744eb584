import type { EpochSeconds } from '../../units.ts';

/** One step of a line: from this moment on, W over all phases and A on each phase that is used; null: not known, or none. */
export type LinePoint = readonly [at: EpochSeconds, w: number | null, a: number | null];
/** A line of steps in order of time. Each value holds until the next point. */
export type StepLine = readonly LinePoint[];

/** The step that holds at a moment; undefined before the first point. */
export const stepAt = (line: StepLine, at: EpochSeconds): LinePoint | undefined => line.findLast(([from]) => from <= at);

/** The part of a line within a span: it begins with what holds at `from`, and has no point at or after `to`. */
export function clipLine(line: StepLine, { from, to }: { from: EpochSeconds; to: EpochSeconds }): StepLine {
  const held = stepAt(line, from);
  const within = line.filter(([at]) => at > from && at < to);
  return mergeSteps(held ? [[from, held[1], held[2]], ...within] : within);
}

/** Leaves out points that repeat the one before, and all but the last of one moment. */
export function mergeSteps(line: StepLine): StepLine {
  const steps = line.filter(([at], n) => line[n + 1]?.[0] !== at);
  return steps.filter(([, w, a], n) => n === 0 || steps[n - 1]?.[1] !== w || steps[n - 1]?.[2] !== a);
}

/** Points that are kept in each part of a line: the first, the highest, the one that ends the highest, and the last. */
const KEPT = 4;

/**
 * A line with at most `most` points: each is a point of the line, at its moment. The time is cut into equal parts; in each part the first and the
 * last point and the highest one stay, and the highest keeps its length. So no maximum is lost and none is longer than it was.
 */
export function thinLine(line: StepLine, most: number): StepLine {
  const [first, last] = [line[0], line.at(-1)];
  if (line.length <= most || !first || !last) return line;
  const parts = Math.max(1, Math.floor(most / KEPT));
  const length = (last[0] - first[0] + 1) / parts;
  const kept = new Set<number>();
  for (const points of Map.groupBy(line.keys(), (n) => Math.floor(((line[n]?.[0] ?? 0) - first[0]) / length)).values()) {
    const highest = points.reduce((best, n) => (heightOf(line[n]) > heightOf(line[best]) ? n : best), points[0] ?? 0);
    for (const n of [points[0] ?? 0, highest, Math.min(highest + 1, points.at(-1) ?? 0), points.at(-1) ?? 0]) kept.add(n);
  }
  return [...kept].sort((a, b) => a - b).flatMap((n) => (line[n] ? [line[n]] : []));
}

const heightOf = (point: LinePoint | undefined): number => point?.[1] ?? point?.[2] ?? -1;
