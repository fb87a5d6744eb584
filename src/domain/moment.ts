import { type EpochMillis, type EpochSeconds, epochMillis } from './units.ts';

// Stations write offsets as `+02:00`, `+0200` or `+02`, fractions of any length, and a space for the `T`. A missing zone means UTC.
const WRITTEN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,12}))?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads a date and time as stations write it (ISO 8601, OCPP 1.6J §4.6), cut to milliseconds; undefined when it is invalid. */
export function parseMoment(text: string): EpochMillis | undefined {
  const written = WRITTEN.exec(text);
  if (!written) return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = written;
  const at = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${isoZone(zone)}`);
  return Number.isNaN(at) ? undefined : epochMillis(at);
}

function isoZone(zone: string): string {
  if (zone === 'Z' || zone === 'z') return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** Writes a moment as UTC with `Z` and whole seconds: every station reads this form. */
export const printMoment = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;

/** Writes a moment as UTC with milliseconds, for a station that sets its clock by it. */
export const printMomentMillis = (at: EpochMillis): string => new Date(at).toISOString();
