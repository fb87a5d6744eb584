import { epochSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { evseLimits } from '../../planner/evse-limits.ts';
import { drawUnder, type EvseAtSite } from './load-schedules.ts';
import type { SteeredSession } from './steered-session.ts';

/** A charging period says what a car takes when it is at least this long, in s. */
const SHORTEST_S = 120;
/** A car that draws this part of its limit or more may take more than it gets. */
const TAKES_ALL = 0.95;
/** The limit for a car that draws less, above what it draws: the car can show that it takes more again. */
const HEADROOM = 1.25;
/** A current per phase below this does not charge on AC: the car uses fewer phases. In A. */
const LEAST_CURRENT = 5.5;

/**
 * The limit above which the car takes nothing more, in the unit of its EVSE, as its last whole charging period shows: it drew less than
 * its limit, is suspended by itself, or is full. Undefined: it may take all that it gets, or not enough is known.
 */
export function takesAtMost(session: WireSession, { mayHold, underway, sentAt }: SteeredSession, at: Omit<EvseAtSite, 'span'>): number | undefined {
  const { charging_periods: periods = [], last_updated } = session;
  const n = periods.findLastIndex(({ dimensions }) => dimensions.some(({ type }) => type === 'ENERGY'));
  const period = periods[n];
  const [from, to] = [period?.start_date_time, periods[n + 1]?.start_date_time ?? last_updated].map((it) => dateTimeSeconds(it ?? ''));
  const [held, ...others] = mayHold;
  const isSteady = held !== undefined && others.length === 0 && !underway && (sentAt.at(-1) ?? 0) / 1000 <= (from ?? 0);
  if (!period || from === undefined || to === undefined || to - from < SHORTEST_S || !isSteady) return undefined;
  const { least, unit } = evseLimits(at.evse);
  const limit = Math.min(...drawUnder(held, { ...at, span: { from, to: epochSeconds(to) } }).map((step) => step.limit));
  const volumes = new Map(period.dimensions.map(({ type, volume }) => [type, volume]));
  const drawn = unit === 'W' ? (volumes.get('MAX_POWER') ?? Number.NaN) * 1000 : perPhase(volumes.get('MAX_CURRENT'), limit);
  const isFull = (volumes.get('STATE_OF_CHARGE') ?? 0) >= 100;
  const isParked = volumes.has('PARKING_TIME') && !volumes.has('TIME') && !periods.slice(n + 1).some(({ dimensions }) => dimensions[0]?.type === 'TIME');
  if (limit < Math.max(least, 1)) return undefined; // the limit itself suspends charging
  if (isFull || isParked) return least;
  return drawn < limit * TAKES_ALL ? Math.max(least, drawn * HEADROOM) : undefined;
}

/** The highest current per phase that a sum over an unknown number of phases can be, under a limit; NaN when it is not known. */
function perPhase(sum = Number.NaN, limit: number): number {
  const possible = [1, 2, 3].map((phases) => sum / phases).filter((current) => current <= limit * 1.05);
  return possible.find((current) => current >= LEAST_CURRENT) ?? possible[0] ?? Number.NaN;
}
