import type { EpochSeconds } from '../units.ts';

/** Seconds in a day of local time. */
export const DAY = 86_400;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The second of the local day, 0 to 86399, in a time zone. Throws RangeError for an unknown time zone. */
export function secondOfDay(at: EpochSeconds, timeZone: string): number {
  if (timeZone === 'UTC') return ((Math.floor(at) % DAY) + DAY) % DAY;
  const part = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at * 1000)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return (part.hour ?? 0) * 3600 + (part.minute ?? 0) * 60 + (part.second ?? 0);
}

/** Whether a name is a known time zone, such as Europe/Amsterdam. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** Cached: creating a format takes longer than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  formats.set(timeZone, made);
  return made;
}
