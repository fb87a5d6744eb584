import { type EpochMicros, type EpochMillis, type EpochSeconds, epochMicros, epochMillis, epochSeconds } from '../domain/units.ts';

const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?$/;

/** The moment that an OCPI DateTime names, to the microsecond; undefined when it is none (OCPI 2.2.1 §16.2). A leap second is none. */
export function readDateTime(text: string): EpochMicros | undefined {
  if (!shape.test(text)) return undefined;
  const whole = Date.parse(`${text.slice(0, 19)}Z`);
  // Date.parse takes 2026-02-30 and 24:00:00, and makes a later day of them
  if (Number.isNaN(whole) || new Date(whole).getUTCDate() !== Number(text.slice(8, 10))) return undefined;
  return epochMicros(whole * 1000 + microsOf(text));
}

/** Millionths of a second behind the dot; finer digits are dropped, which keeps the order (TYP-06). */
function microsOf(text: string): number {
  if (text.charAt(19) !== '.') return 0;
  const digits = text.endsWith('Z') ? text.slice(20, -1) : text.slice(20);
  return Number(digits.slice(0, 6).padEnd(6, '0'));
}

export const isRealDateTime = (text: string): boolean => readDateTime(text) !== undefined;

/** The whole second that a checked DateTime falls in. */
export function dateTimeSeconds(text: string): EpochSeconds | undefined {
  const micros = readDateTime(text);
  return micros === undefined ? undefined : epochSeconds(Math.floor(micros / 1e6));
}

/** The millisecond that a checked DateTime falls in. */
export function dateTimeMillis(text: string): EpochMillis | undefined {
  const micros = readDateTime(text);
  return micros === undefined ? undefined : epochMillis(Math.floor(micros / 1000));
}

/** A moment as OCPI writes it: milliseconds and `Z`, 24 characters, never `+00:00` (TYP-07). */
export const printDateTime = (at: EpochMillis): string => new Date(at).toISOString();

/** A moment as OCPI writes it, in whole seconds. */
export const printSeconds = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;

/** Which of two DateTimes is earlier, to the microsecond: negative, zero or positive. Both must have been checked. */
export const compareDateTimes = (a: string, b: string): number => (readDateTime(a) ?? 0) - (readDateTime(b) ?? 0);
