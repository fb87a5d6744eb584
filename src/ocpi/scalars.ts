import { type TSchema, Type } from 'typebox';
import { isRealDateTime } from './date-time.ts';

/** What each pattern of ours asks for, in words, for the message that names the field (STA-09). */
export const patternDescriptions = new Map<string, string>();

function patterned(pattern: string, inWords: string): string {
  patternDescriptions.set(pattern, inWords);
  return pattern;
}

const printableAscii = patterned('^[\\x20-\\x7E]*$', 'printable ASCII characters only');
const printable = patterned('^[^\\p{Cc}\\p{Cs}]*$', 'no control characters (tabs, line breaks) and no broken Unicode');
const noSpaces = patterned('^[\\x21-\\x7E]+$', 'printable ASCII characters without spaces');
const httpUrl = patterned('^[hH][tT][tT][pP][sS]?://[\\x21-\\x7E]+$', 'an absolute URL that starts with https://');
const dateTime = patterned('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?$', 'a moment in UTC such as 2026-01-31T09:30:00Z');
// OCPI asks for five to seven decimals; fewer are taken, since many partners have no more. `#NA`: nobody gave it (TRN-45).
const latitude = patterned('^(?:#NA|-?\\d{1,2}(?:\\.\\d{1,7})?)$', 'degrees with a dot, such as "52.37403"');
const longitude = patterned('^(?:#NA|-?\\d{1,3}(?:\\.\\d{1,7})?)$', 'degrees with a dot, such as "4.88969"');
const clockTime = patterned('^(?:[01]\\d|2[0-3]):[0-5]\\d$', 'hours and minutes such as "18:15"');
const idSegment = patterned('^(?!\\.{1,2}$)[\\x20-\\x7E]*$', 'printable ASCII characters, and not "." or ".."');

/** Case-insensitive, printable ASCII, at most `max` characters (OCPI 2.2.1 §16.1). */
export const CiString = (max: number) => Type.String({ maxLength: max, pattern: printableAscii });
/** A CiString that names an object; never empty, and never `.` or `..`, which no URL can carry. */
export const Id = (max: number) => Type.String({ minLength: 1, maxLength: max, pattern: idSegment });
/** ISO 3166 alpha-2 code of a party's country. */
export const CountryCode = Type.String({ minLength: 2, maxLength: 2, pattern: idSegment });
/** What a party is called within its country, three characters (ISO 15118). */
export const PartyId = Type.String({ minLength: 3, maxLength: 3, pattern: idSegment });
/** Printable text, case-sensitive, at most `max` code points (OCPI 2.2.1 §16.7). */
export const Text = (max: number) => Type.String({ maxLength: max, pattern: printable });
/** A credentials token: 1 to 64 printable characters, no space (OCPI 2.2.1-d2 §7.3.1). */
export const Token = Type.String({ minLength: 1, maxLength: 64, pattern: noSpaces });
/** A link for people or of a kind that we do not follow; any text of at most 255 characters (OCPI 2.2.1 §16.8). */
export const Url = Text(255);
/** An address that we will call: absolute, http or https, at most 255 characters. */
export const HttpUrl = Type.String({ maxLength: 255, pattern: httpUrl });
/** A moment in UTC, `Z` or nothing at its end (OCPI 2.2.1 §16.2); up to nine digits of a second are taken. */
export const DateTime = Type.Refine(
  Type.String({ maxLength: 30, pattern: dateTime }),
  isRealDateTime,
  () => 'a moment that exists in the calendar, such as 2026-01-31T09:30:00Z',
);
/** Text that some partners, and an example of OCPI itself, write as a number. */
export const Label = (max: number) => Type.String({ maxLength: max, pattern: printable, 'x-also-number': true });
/** Degrees north, as text; at most ten characters (OCPI 2.2.1 §8.4.13). */
export const Latitude = Type.String({ maxLength: 10, pattern: latitude, 'x-also-number': true });
/** Degrees east, as text; at most eleven characters (OCPI 2.2.1 §8.4.13). */
export const Longitude = Type.String({ maxLength: 11, pattern: longitude, 'x-also-number': true });
/** A time of the day where the location stands (OCPI 2.2.1 §8.4.21). */
export const ClockTime = Type.String({ maxLength: 5, pattern: clockTime });
/** Any JSON number; what parses to infinity is refused. */
export const Num = Type.Number();

/** One of these words, upper and lower case told apart (TYP-14). */
export const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
/** These words are known, others are taken too (OCPI 2.3.0 OpenEnum). */
export const openEnum = <const T extends string[]>(...known: T) =>
  Type.Unsafe<T[number] | (string & {})>({ type: 'string', minLength: 1, maxLength: 255, pattern: printableAscii, examples: known });
/** One of these words; some partners write another word for one of them, which is read as the right one. */
export const oneOfWithAliases = <const T extends string[]>(misspelt: Readonly<Record<string, T[number]>>, ...values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, ...{ 'x-also-read': misspelt } });

/** The schema of each name that may stand in a path. */
export const pathParamSchemas: ReadonlyMap<string, TSchema> = new Map<string, TSchema>([
  ['session_id', Id(36)],
  ['location_id', Id(36)],
  ['evse_uid', Id(36)],
  ['connector_id', Id(36)],
  ['country_code', CountryCode],
  ['party_id', PartyId],
  ['result_id', Id(64)],
  ['token_uid', Id(36)],
]);
