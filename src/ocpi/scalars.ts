import { Type } from 'typebox';
import { isRealDateTime } from './date-time.ts';
import { KEPT } from './patience/schema.ts';

/** A description of each pattern, for the message about a wrong field (STA-09). */
export const patternDescriptions = new Map<string, string>();

function describedPattern(pattern: string, description: string): string {
  patternDescriptions.set(pattern, description);
  return pattern;
}

const printableAscii = describedPattern('^[\\x20-\\x7E]*$', 'printable ASCII characters only');
const printable = describedPattern('^[^\\p{Cc}\\p{Cs}]*$', 'no control characters (tabs, line breaks) and no broken Unicode');
const noSpaces = describedPattern('^[\\x21-\\x7E]+$', 'printable ASCII characters without spaces');
const httpUrl = describedPattern('^[hH][tT][tT][pP][sS]?://[\\x21-\\x7E]+$', 'an absolute URL that starts with https://');
const dateTime = describedPattern('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?$', 'a moment in UTC such as 2026-01-31T09:30:00Z');
// OCPI asks for five to seven decimals; fewer are accepted, because many peers have fewer. `#NA` means unknown (TRN-45).
const latitude = describedPattern('^(?:#NA|-?\\d{1,2}(?:\\.\\d{1,7})?)$', 'degrees with a dot, such as "52.37403"');
const longitude = describedPattern('^(?:#NA|-?\\d{1,3}(?:\\.\\d{1,7})?)$', 'degrees with a dot, such as "4.88969"');
const clockTime = describedPattern('^(?:[01]\\d|2[0-3]):[0-5]\\d$', 'hours and minutes such as "18:15"');
const idSegment = describedPattern('^(?!\\.{1,2}$)[\\x20-\\x7E]*$', 'printable ASCII characters, and not "." or ".."');

/** CiString: case-insensitive printable ASCII, at most `max` characters (OCPI 2.2.1 §16.1). */
export const CiString = (max: number) => Type.String({ maxLength: max, pattern: printableAscii });
/** A CiString that identifies an object: not empty, and not `.` or `..`, which a URL path cannot contain. */
export const Id = (max: number) => Type.String({ minLength: 1, maxLength: max, pattern: idSegment });
/** ISO 3166 alpha-2 code of a party's country. */
export const CountryCode = Type.String({ minLength: 2, maxLength: 2, pattern: idSegment });
/** The id of a party within its country, three characters (ISO 15118). */
export const PartyId = Type.String({ minLength: 3, maxLength: 3, pattern: idSegment });
/** string: printable case-sensitive text for people, at most `max` code points (OCPI 2.2.1 §16.7); a longer one is cut when it is read. */
export const Text = (max: number) => Type.String({ maxLength: max, pattern: printable, 'x-cut': true });
/** Text that is a code, such as a currency: it is never cut. */
export const Code = (max: number) => Type.String({ maxLength: max, pattern: printable });
/** A credentials token: 1 to 64 printable ASCII characters without spaces (OCPI 2.2.1-d2 §7.3.1). */
export const Token = Type.String({ minLength: 1, maxLength: 64, pattern: noSpaces });
/** A URL that this node never requests: any text of at most 255 characters (OCPI 2.2.1 §16.8). */
export const Url = Code(255);
/** A URL that this node requests: absolute, http or https, at most 255 characters. */
export const HttpUrl = Type.String({ maxLength: 255, pattern: httpUrl });
/** DateTime: a moment in UTC, with or without `Z` (OCPI 2.2.1 §16.2); up to nine decimals of a second are accepted. */
export const DateTime = Type.Refine(
  Type.String({ maxLength: 30, pattern: dateTime, 'x-read': 'date-time' }),
  isRealDateTime,
  () => 'a moment that exists in the calendar, such as 2026-01-31T09:30:00Z',
);
/** Text of at most `max` characters that some peers, and an example of OCPI, write as a number. */
export const Label = (max: number) => Type.String({ maxLength: max, pattern: printable, 'x-also-number': true, 'x-cut': true });
/** Degrees north, as text; at most ten characters (OCPI 2.2.1 §8.4.13). */
export const Latitude = Type.String({ maxLength: 10, pattern: latitude, 'x-also-number': true, 'x-read': 'degrees' });
/** Degrees east, as text; at most eleven characters (OCPI 2.2.1 §8.4.13). */
export const Longitude = Type.String({ maxLength: 11, pattern: longitude, 'x-also-number': true, 'x-read': 'degrees' });
/** A time of day in the location's time zone (OCPI 2.2.1 §8.4.21). */
export const ClockTime = Type.String({ maxLength: 5, pattern: clockTime });
/** number: any finite JSON number. */
export const Num = Type.Number();

/** enum: one of these values, case-sensitive (TYP-14). */
export const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
/** enum whose unknown words are read as one of its own, such as OTHER. */
export const oneOfOr = <const T extends string[]>(other: T[number], ...values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, ...{ 'x-unknown-as': other } });
/** enum whose unknown words are kept, because nothing is decided by them. */
export const oneOfOrKept = <const T extends string[]>(...values: T) => Type.Unsafe<string>({ type: 'string', enum: values, ...{ 'x-unknown-as': KEPT } });
/** OpenEnum: one of these values, or an unknown one (OCPI 2.3.0). */
export const openEnum = <const T extends string[]>(...known: T) =>
  Type.Unsafe<T[number] | (string & {})>({ type: 'string', minLength: 1, maxLength: 255, pattern: printableAscii, examples: known });
/** enum with aliases: a value that some peers write differently is read as the right one. */
export const oneOfWithAliases = <const T extends string[]>(aliases: Readonly<Record<string, T[number]>>, ...values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, ...{ 'x-also-read': aliases } });
