import { parseMoment } from '../../domain/moment.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import type { Oddity } from './ledger.ts';

/** Clocks of stations that are right differ by less than this. */
const AHEAD_MS = 60_000;
/** A station that was offline sends its messages later; none is offline for longer. An older time comes from a clock that was not set. */
const OLDEST_MS = 30 * 24 * 3_600_000;

/** The time of an event at a station, bounded by the time of receipt: nothing happens after its message has come (F-27). */
export function boundedMoment(text: string | undefined, now: EpochMillis): { at: EpochMillis; odd?: Oddity } {
  const stated = text === undefined ? undefined : parseMoment(text);
  if (stated === undefined) return { at: now };
  const isWrong = stated > now + AHEAD_MS || stated < now - OLDEST_MS;
  const odd: Oddity = { kind: 'clock', example: `${text} at ${new Date(now).toISOString()}` };
  return { at: isWrong ? now : epochMillis(Math.min(stated, now)), ...(isWrong && { odd }) };
}
