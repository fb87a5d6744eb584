import { type EpochMillis, type EpochSeconds, epochMillis } from './units.ts';

// Stations write offsets (`+02:00`, `+0200`), fractions of any length, a space for the `T`, and sometimes no zone at all: UTC is meant then.
const WRITTEN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,12}))?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/** The moment that a station wrote (OCPP 1.6J §4.6: ISO 8601), to the millisecond; undefined when it is none. */
export function parseMoment(text: string): EpochMillis | undefined {
  const [, day, time, fraction = '', zone = 'Z'] = WRITTEN.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const at = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${spellZone(zone)}`);
  return Number.isNaN(at) ? undefined : epochMillis(at);
}

function spellZone(zone: string): string {
  if (zone === 'Z' || zone === 'z') return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** UTC, `Z`, whole seconds: the one spelling that every station reads. */
export const printMoment = (at: EpochSeconds): string => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;

/** UTC with milliseconds, for a station that sets its clock by it. */
export const printMomentMillis = (at: EpochMillis): string => new Date(at).toISOString();
