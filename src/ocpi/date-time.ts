import { type EpochMicros, type EpochMillis, type EpochSeconds, epochMicros, epochMillis, epochSeconds } from '../domain/units.ts';

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?$/;

/** Reads an OCPI DateTime to the microsecond; undefined when it is not one, also for a leap second (OCPI 2.2.1 §16.2). */
export function readDateTime(text: string): EpochMicros | undefined {
  if (!shape.test(text)) return undefined;
  const whole = Date.parse(`${text.slice(0, 19)}Z`);
  // Date.parse accepts 2026-02-30 and 24:00:00 and turns them into a later day.
  if (Number.isNaN(whole) || new Date(whole).getUTCDate() !== Number(text.slice(8, 10))) return undefined;
  return epochMicros(whole * 1000 + microsOf(text));
}

/** The fraction of the second in microseconds; finer digits are dropped, which keeps the order (TYP-06). */
function microsOf(text: string): number {
  if (text.charAt(19) !== '.') return 0;
  const digits = text.endsWith('Z') ? text.slice(20, -1) : text.slice(20);
  return Number(digits.slice(0, 6).padEnd(6, '0'));
}

/** Whether a text is an OCPI DateTime that exists in the calendar. */
export const isRealDateTime = (text: string): boolean => readDateTime(text) !== undefined;

/** Reads an OCPI DateTime, rounded down to whole seconds; undefined when it is not one. */
export function dateTimeSeconds(text: string): EpochSeconds | undefined {
  const micros = readDateTime(text);
  return micros === undefined ? undefined : epochSeconds(Math.floor(micros / 1e6));
}

/** Reads an OCPI DateTime, rounded down to whole milliseconds; undefined when it is not one. */
export function dateTimeMillis(text: string): EpochMillis | undefined {
  const micros = readDateTime(text);
  return micros === undefined ? undefined : epochMillis(Math.floor(micros / 1000));
}

/** Writes an OCPI DateTime with milliseconds and `Z`: 24 characters, never `+00:00` (TYP-07). */
export const printDateTime = (at: EpochMillis): string => new Date(at).toISOString();

/** Writes an OCPI DateTime in whole seconds, with `Z`. */
export const printSeconds = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;

/** Compares two valid DateTimes to the microsecond: negative when `a` is earlier, 0 when equal, positive when `a` is later. */
export const compareDateTimes = (a: string, b: string): number => (readDateTime(a) ?? 0) - (readDateTime(b) ?? 0);
