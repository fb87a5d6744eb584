import { isRealDateTime } from '../date-time.ts';

const shape = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** Reads a moment that some partners write otherwise than OCPI, as a DateTime in UTC; undefined when it is none. */
export function readOddDateTime(text: string): string | undefined {
  const found = text.length > 60 ? undefined : (shape.exec(text.trim()) ?? undefined);
  if (found === undefined) return undefined;
  const [, day = '', minute = '00:00', second = '00', fraction = '', sign, hours = '00', minutes = '00'] = found;
  const local = `${day}T${minute}:${second}Z`;
  if (!isRealDateTime(local) || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  const utc = new Date(Date.parse(local) - offset).toISOString().slice(0, 19);
  return `${utc}${fraction === '' ? '' : `.${fraction.slice(0, 9)}`}Z`;
}

/** Reads seconds or milliseconds since 1970, of the years 2001 to 2286; undefined for any other number. */
export function readEpoch(value: number): string | undefined {
  if (value >= 1e9 && value < 1e10) return new Date(Math.floor(value * 1000)).toISOString();
  return value >= 1e12 && value < 1e13 ? new Date(Math.floor(value)).toISOString() : undefined;
}
