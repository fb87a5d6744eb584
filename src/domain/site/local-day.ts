import type { EpochSeconds } from '../units.ts';

/** Seconds in a day of the clock on the wall. */
export const DAY = 86_400;

const readers = new Map<string, Intl.DateTimeFormat>();

/** The second of the day, 0 to 86399, that a clock on the wall of that time zone shows; throws RangeError for a zone that is not known. */
export function secondOfDay(at: EpochSeconds, timeZone: string): number {
  if (timeZone === 'UTC') return ((Math.floor(at) % DAY) + DAY) % DAY;
  const part = Object.fromEntries(
    readerOf(timeZone)
      .formatToParts(at * 1000)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return (part.hour ?? 0) * 3600 + (part.minute ?? 0) * 60 + (part.second ?? 0);
}

/** Whether a name is that of a time zone, such as Europe/Amsterdam. */
export function isTimeZone(name: string): boolean {
  try {
    return readerOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** Making one costs more than all the reading. */
function readerOf(timeZone: string): Intl.DateTimeFormat {
  const known = readers.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  readers.set(timeZone, made);
  return made;
}
