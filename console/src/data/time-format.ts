import { locale } from '../text/text.ts';
import { fixedText } from './quantity.ts';

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const MINUTES = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'short' } as const;
const WEEKDAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const DAY_OF_YEAR = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** Formats of the current locale; they are made anew when the language changes. */
let formats = { locale: '', made: new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>() };
function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  if (formats.locale !== locale()) formats = { locale: locale(), made: new Map() };
  const found = formats.made.get(options) ?? new Intl.DateTimeFormat(formats.locale, options);
  formats.made.set(options, found);
  return found.format(date);
}

/** Nothing for today, the day in this year, else the day with its year; with a space behind it. */
function dayBefore(date: Date, now: Date): string {
  if (date.toDateString() === now.toDateString()) return '';
  return `${format(date, date.getFullYear() === now.getFullYear() ? DAY : DAY_OF_YEAR)} `;
}

/** The user's time zone, such as Europe/Amsterdam. */
export const zoneName = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** A time in UTC, to the second. */
export const utcTime = (iso: string): string => `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
/** A time in the user's zone, to the second; with the date when it is not today. */
export function localTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${dayBefore(date, now)}${format(date, CLOCK)}`;
}
/** A time in the user's zone, to the minute; with the date when it is not today. For sentences. */
export function minuteTime(seconds: number, now = new Date()): string {
  const date = new Date(seconds * 1000);
  return `${dayBefore(date, now)}${format(date, MINUTES)}`;
}
/** Hours and minutes in the user's zone, for an axis; the date at midnight. */
export function axisTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return date.getHours() === 0 && date.getMinutes() === 0 ? format(date, DAY) : format(date, MINUTES);
}

/** A day in the user's zone with its weekday, such as Sat 31 Jan. */
export const dayText = (iso: string): string => format(new Date(iso), WEEKDAY);

/** Epoch seconds of a time as the node writes it. */
export const secondsOf = (iso: string): number => Date.parse(iso) / 1000;

/** A duration, short enough for a table: 850 ms, 4.2 s, 12 min, 3 h 05 min. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${fixedText(ms / 1000, 1)} s`;
  const total = Math.round(ms / 60_000);
  return total < 60 ? `${total} min` : `${Math.floor(total / 60)} h ${String(total % 60).padStart(2, '0')} min`;
}
