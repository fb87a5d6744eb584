import type { Span } from '../domain/profile/schedule.ts';
import { type EpochSeconds, epochSeconds } from '../domain/units.ts';
import type { Problem } from './problem.ts';

/** s: a plan changes only at quarters of an hour, like day-ahead prices. */
const QUARTER = 900;

/** A time span in which no input of the plan changes. */
export interface Slot extends Span {
  /** The number of the quarter of an hour since 1970, so that turns do not depend on the moment of planning. */
  turn: number;
  /** Price for each kWh; undefined: unknown. */
  price: number | undefined;
}

/** The slots from now to the horizon, cut at quarters of an hour, price changes and departures. There is at least one. */
export function slotsOf({ now, horizonEnd, prices = [], sites }: Problem): readonly Slot[] {
  const start = Math.floor(now);
  const end = Math.max(Math.floor(horizonEnd), start + 1);
  const cuts = new Set([start]);
  for (let quarter = (Math.floor(start / QUARTER) + 1) * QUARTER; quarter < end; quarter += QUARTER) cuts.add(quarter);
  for (const { from, to } of prices) for (const edge of [from, to]) cuts.add(Math.ceil(edge));
  for (const { sessions } of sites) for (const { preferences } of sessions) cuts.add(Math.floor(preferences?.departure ?? start));
  const edges = [...cuts].filter((cut) => cut >= start && cut < end).sort((a, b) => a - b);
  return edges.map((from, n) => ({
    from: epochSeconds(from),
    to: epochSeconds(edges[n + 1] ?? end),
    turn: Math.floor(from / QUARTER),
    price: priceAt(prices, epochSeconds(from)),
  }));
}

const priceAt = (prices: NonNullable<Problem['prices']>, at: EpochSeconds) => prices.find(({ from, to }) => from <= at && at < to)?.limit;

/** The length of a time span in hours. */
export const hoursOf = ({ from, to }: Span): number => (to - from) / 3_600;
