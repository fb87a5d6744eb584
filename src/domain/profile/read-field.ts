import { parseMoment } from '../moment.ts';
import { fail, ok, type Result } from '../result.ts';
import { showValue } from '../show-value.ts';
import { type EpochSeconds, epochSeconds, toSeconds } from '../units.ts';

/**
 * A value from outside with its path. Each reader below returns the value in its expected type. For an invalid value it adds a
 * problem and returns a harmless default, so that a reader of an object has the structure of the object. `readFrom` returns the problems.
 */
export interface Field {
  readonly found: unknown;
  /** Such as `chargingSchedule.chargingSchedulePeriod[1].limit`. */
  readonly path: string;
  readonly problems: string[];
}

/** Reads a value with `read`; fails with the first three invalid fields: for each its path, what was found and what is allowed. */
export function readFrom<T>(found: unknown, read: (it: Field) => T): Result<T> {
  const problems: string[] = [];
  const made = object({ found, path: '', problems }, read);
  return problems.length === 0 ? ok(made) : fail(problems.slice(0, 3).join('; '));
}

/** Adds a problem: what was found in the field and what is allowed. */
export function addProblem({ found, path, problems }: Field, allowed: string): void {
  problems.push(`${path || 'body'}: ${found === undefined ? 'missing' : `found ${showValue(found)}`}, allowed: ${allowed}`);
}

/** A field of an object; its value is undefined when the object does not have it. */
export const at = ({ found, path, problems }: Field, name: string): Field => ({
  found: isObject(found) && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined,
  path: path === '' ? name : `${path}.${name}`,
  problems,
});

/** Whether the field has a value. `null` counts as absent, because some peers send it for absent fields. */
export const isPresent = ({ found }: Field): boolean => found !== undefined && found !== null;

/** Reads a field that may be absent: `optional(at(it, 'duration'), wholeNumber)`. */
export const optional = <T>(it: Field, read: (it: Field) => T): T | undefined => (isPresent(it) ? read(it) : undefined);

const isObject = (found: unknown): found is object => typeof found === 'object' && found !== null && !Array.isArray(found);

/** An object, read by `read`. For a value that is no object, only that problem is added, none for its fields. */
export function object<T>(it: Field, read: (it: Field) => T): T {
  if (isObject(it.found)) return read(it);
  addProblem(it, 'an object');
  return read({ ...it, problems: [] });
}

/** No charge point accepts more periods. */
const LONGEST_LIST = 10_000;

/** A list of `least` to 10,000 objects, each read by `read`. */
export function list<T>(it: Field, read: (it: Field) => T, least = 1): T[] {
  const { found, path, problems } = it;
  if (Array.isArray(found) && found.length >= least && found.length <= LONGEST_LIST)
    return found.map((item: unknown, i) => object({ found: item, path: `${path}[${i}]`, problems }, read));
  addProblem(it, `a list of ${least} to ${LONGEST_LIST}`);
  return [];
}

/** A whole number of at least 0 within the 32 bits of an OCPP integer. */
export const wholeNumber = (it: Field): number => wholeFrom(it, 0);

/** A whole number of at least 1 within 32 bits. */
export const positiveInteger = (it: Field): number => wholeFrom(it, 1);

const wholeFrom = (it: Field, least: number) =>
  numberWhere(it, `a whole number from ${least} to ${INT32}`, (n) => Number.isInteger(n) && n >= least && n <= INT32);
const INT32 = 2 ** 31 - 1;

/** A whole number of either sign within 32 bits. */
export const integer = (it: Field): number => numberWhere(it, 'a whole number of 32 bits', (n) => Number.isInteger(n) && Math.abs(n) <= INT32);

/** A number of at least 0. */
export const nonNegative = (it: Field): number => numberWhere(it, 'a number from 0 on', (n) => n >= 0);

/** Any number. */
export const number = (it: Field): number => numberWhere(it, 'a number', () => true);

/** A number for which `fits` is true; `allowed` describes it in the problem. */
export function numberWhere(it: Field, allowed: string, fits: (n: number) => boolean): number {
  if (typeof it.found === 'number' && Number.isFinite(it.found) && fits(it.found)) return it.found + 0; // -0 is 0
  addProblem(it, allowed);
  return 0;
}

/** A boolean. */
export function bool(it: Field): boolean {
  if (typeof it.found !== 'boolean') addProblem(it, 'true or false');
  return it.found === true;
}

/** A string. */
export function text(it: Field): string {
  if (typeof it.found === 'string') return it.found;
  addProblem(it, 'a text');
  return '';
}

/** A date and time, in whole seconds. */
export function moment(it: Field): EpochSeconds {
  const found = typeof it.found === 'string' ? parseMoment(it.found) : undefined;
  if (found === undefined) addProblem(it, 'a moment such as 2026-01-31T09:30:00Z');
  return found === undefined ? epochSeconds(0) : toSeconds(found);
}

/** The values of an enumeration on the wire, each with its value in this code. */
export type EnumMapping<W extends string, T> = readonly [readonly [wire: W, value: T], ...(readonly [wire: W, value: T])[]];

/** An enumeration value, mapped to its value in this code. */
export function oneOf<T>(it: Field, mapping: EnumMapping<string, T>): T {
  const known = mapping.find(([wire]) => wire === it.found);
  if (known === undefined) addProblem(it, mapping.map(([wire]) => wire).join(', '));
  return (known ?? mapping[0])[1];
}

/** The wire value for a value of this code; undefined when the standard has none. */
export const wireValueOf = <W extends string, T>(mapping: EnumMapping<W, T>, wanted: T): W | undefined => mapping.find(([, value]) => value === wanted)?.[0];
