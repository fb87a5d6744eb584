const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The viewer's time zone, such as Europe/Amsterdam. */
export const zoneName = zone;
/** The moment in UTC, to the second. */
export const utcTime = (iso: string): string => `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
/** The moment in the viewer's zone: the time of day, with the date when it is not today. */
export function localTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const time = clock.format(date);
  return date.toDateString() === now.toDateString() ? time : `${day.format(date)} ${time}`;
}
/** Hours and minutes in the viewer's zone, for an axis; with the date at midnight. */
export function axisTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const text = minutes.format(date);
  return text === '00:00' ? day.format(date) : text;
}

/** Seconds since 1970 of a moment as the node writes it. */
export const secondsOf = (iso: string): number => Date.parse(iso) / 1000;

/** A length of time in words short enough for a cell: 850 ms, 4.2 s, 12 min, 3 h 05 min. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const total = Math.round(ms / 60_000);
  return total < 60 ? `${total} min` : `${Math.floor(total / 60)} h ${String(total % 60).padStart(2, '0')} min`;
}
