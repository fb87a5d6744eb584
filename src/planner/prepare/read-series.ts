import type { ValueStep } from '../site-problem.ts';

/** The usable steps of a series in order, and what was wrong with it. */
export interface CleanSeries {
  steps: readonly ValueStep[];
  faults: readonly string[];
}

/** Leaves out steps whose value is no number or that end before they begin, and orders the rest. `name` is for the faults. */
export function cleanSeries(name: string, given: readonly ValueStep[] = []): CleanSeries {
  const sound = given.filter(({ from, to, value }) => Number.isFinite(value) && from < to);
  const steps = sound.every((step, n) => n === 0 || (sound[n - 1]?.from ?? step.from) <= step.from) ? sound : sound.toSorted((a, b) => a.from - b.from);
  const faults =
    sound.length < given.length ? [`${given.length - sound.length} of ${given.length} ${name} were left out: they have no value or no duration`] : [];
  return { steps, faults };
}

/** The value at a moment; undefined: no step covers it. Of two steps that overlap the later one counts. */
function valueAt(steps: readonly ValueStep[], at: number): number | undefined {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.from ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const step = steps[low - 1];
  return step && at < step.to ? step.value : undefined;
}

/** The values at ascending moments. A gap has `instead` of the known values. */
export function fillSeries(
  steps: readonly ValueStep[],
  moments: readonly number[],
  instead: (known: readonly number[]) => number,
): { values: number[]; gaps: number } {
  const found = moments.map((at) => valueAt(steps, at));
  const known = found.filter((value) => value !== undefined);
  const filler = instead(known);
  return { values: found.map((value) => value ?? filler), gaps: found.length - known.length };
}
