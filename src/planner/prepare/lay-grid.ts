import type { SessionProblem, SiteProblem } from '../site-problem.ts';
import type { GridSlot } from './prepared.ts';
import { cleanSeries, fillSeries } from './read-series.ts';

/** s: windows in the near future begin and end at multiples of this. */
const STEP_S = 300;
/** s: later than that from now, a window may end within a slot. */
const NEAR_S = 7_200;
/** s: the longest slot in the near future, where a plan is carried out before it is made again. */
const NEAR_SLOT_S = 900;
const HOUR_S = 3_600;
const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
/** More slots than this are made longer: the solver would be late. */
const MOST_SLOTS = 400;

/** How fine a grid is. */
export interface GridOptions {
  /** s that a slot may take; the default is one hour. */
  longest?: number;
  /** Cuts where the schedules that were sent change, too. */
  atSent?: boolean;
}

/** The slots of a plan, and what was missing or wrong in the series. */
export interface Grid {
  slots: readonly GridSlot[];
  notes: readonly string[];
}

/**
 * Cuts the time from now to the horizon at each change of a price, a carbon intensity or a limit, and at windows in the near future.
 */
export function layGrid(problem: SiteProblem, sessions: readonly SessionProblem[], { longest = HOUR_S, atSent = false }: GridOptions = {}): Grid {
  const { start, end, notes } = horizonOf(problem);
  const price = cleanSeries('prices', problem.prices);
  const carbon = cleanSeries('carbon intensities', problem.carbon);
  const edges = edgesOf({ start, end, longest }, [...cutsOfSeries(problem), ...cutsOfWindows(sessions, start), ...(atSent ? cutsOfSent(problem) : [])]);
  const from = edges.slice(0, -1);
  const prices = fillSeries(price.steps, from, (known) => Math.max(0, ...known));
  const carbons = fillSeries(carbon.steps, from, (known) => (known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length));
  return {
    slots: from.map((at, n) => {
      const to = edges[n + 1] ?? end;
      return { from: at, to, hours: (to - at) / HOUR_S, price: prices.values[n] ?? 0, carbon: carbons.values[n] ?? 0 };
    }),
    notes: [
      ...notes,
      ...price.faults,
      ...carbon.faults,
      ...gapNote('price', { gaps: prices.gaps, all: from.length }, 'the highest known price counts there'),
      ...(problem.carbon ? gapNote('carbon intensity', { gaps: carbons.gaps, all: from.length }, 'the mean counts there') : []),
    ],
  };
}

function horizonOf({ now, horizonEnd }: SiteProblem): { start: number; end: number; notes: readonly string[] } {
  if (!Number.isFinite(now)) return { start: 0, end: DAY_S, notes: ['the moment of planning is no number: the plan begins at 1970-01-01'] };
  const start = Math.floor(now);
  const end = Math.floor(Math.min(horizonEnd, start + WEEK_S));
  if (end > start) return { start, end, notes: [] };
  return { start, end: start + DAY_S, notes: ['the horizon ends before the plan begins: the plan covers one day'] };
}

function gapNote(what: string, { gaps, all }: { gaps: number; all: number }, instead: string): readonly string[] {
  if (gaps === 0) return [];
  return [gaps === all ? `no ${what} is known: it does not influence the plan` : `the ${what} is unknown for a part of the plan: ${instead}`];
}

function* cutsOfSeries({ prices = [], carbon = [], limits, sums = [] }: SiteProblem): Generator<number> {
  for (const series of [prices, carbon, ...limits.map(({ steps }) => steps), ...sums.map(({ steps }) => steps)])
    for (const { from, to } of series) yield* [from, to];
}

function* cutsOfSent({ sent = [] }: SiteProblem): Generator<number> {
  for (const { steps } of sent) for (const { from, to } of steps) yield* [from, to];
}

/** The edges of windows, when they are near. */
function* cutsOfWindows(sessions: readonly SessionProblem[], start: number): Generator<number> {
  const near = start + NEAR_S;
  for (const { arrival, departure = 0, likelyDeparture = 0 } of sessions) {
    if (arrival < near) yield up(arrival);
    if (departure < near) yield down(departure);
    if (likelyDeparture < near) yield down(likelyDeparture);
  }
}

const down = (at: number) => Math.floor(at / STEP_S) * STEP_S;
const up = (at: number) => Math.ceil(at / STEP_S) * STEP_S;

function edgesOf({ start, end, longest }: { start: number; end: number; longest: number }, cuts: readonly number[]): readonly number[] {
  const all = new Set([start, end]);
  for (const cut of cuts) if (cut > start && cut < end) all.add(Math.ceil(cut));
  for (let at = (Math.floor(start / NEAR_SLOT_S) + 1) * NEAR_SLOT_S; at < Math.min(end, start + NEAR_S); at += NEAR_SLOT_S) all.add(at);
  const raster = Math.max(longest, (end - start) / (MOST_SLOTS / 2));
  for (let at = (Math.floor(start / longest) + 1) * longest; at < end; at += Math.ceil(raster / longest) * longest) all.add(at);
  const sorted = [...all].filter((at) => at <= end).sort((a, b) => a - b);
  if (sorted.length <= MOST_SLOTS + 1) return sorted;
  const keep = Math.ceil(sorted.length / MOST_SLOTS);
  return sorted.filter((at, n) => n % keep === 0 || at === end);
}
