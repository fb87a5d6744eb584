import { parseMoment } from '../moment.ts';
import { fail, ok, type Result } from '../result.ts';
import { showValue } from '../show-value.ts';
import { type EpochSeconds, epochSeconds, toSeconds } from '../units.ts';

/**
 * A value from outside, and where it stands. Each reader below returns what it is meant to be; when it is not, that is noted and
 * something harmless returned, so that a reader of a shape is written like the shape. `readFrom` tells in the end.
 */
export interface Field {
  readonly found: unknown;
  /** `chargingSchedule.chargingSchedulePeriod[1].limit` */
  readonly path: string;
  readonly problems: string[];
}

/** Reads a value; fails with the first three fields that are wrong, each by its path, with what was found and what is allowed. */
export function readFrom<T>(found: unknown, read: (it: Field) => T): Result<T> {
  const notes: string[] = [];
  const made = object({ found, path: '', problems }, read);
  return notes.length === 0 ? ok(made) : fail(notes.slice(0, 3).join('; '));
}

/** Notes that a field is not what is allowed. */
export function addProblem({ found, path, problems }: Field, allowed: string): void {
  problems.push(`${path || 'body'}: ${found === undefined ? 'missing' : `found ${showValue(found)}`}, allowed: ${allowed}`);
}

/** A field of an object. */
export const at = ({ found, path, problems }: Field, name: string): Field => ({
  found: isObject(found) && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined,
  path: path === '' ? name : `${path}.${name}`,
  problems,
});

/** Whether there is a value; `null` is none, since some partners write it for what they leave out. */
export const isPresent = ({ found }: Field): boolean => found !== undefined && found !== null;

/** The value, if there is one: `ifAny(at(it, 'duration'), whole)`. */
export const optional = <T>(it: Field, read: (it: Field) => T): T | undefined => (isPresent(it) ? read(it) : undefined);

const isObject = (found: unknown): found is object => typeof found === 'object' && found !== null && !Array.isArray(found);

/** An object, read by what reads its fields. Of one that is none, only that is noted. */
export function object<T>(it: Field, read: (it: Field) => T): T {
  if (isObject(it.found)) return read(it);
  addProblem(it, 'an object');
  return read({ ...it, problems: [] });
}

/** More than any charge point takes. */
const LONGEST_LIST = 10_000;

/** A list of objects, at least one unless said otherwise, each read by what reads its fields. */
export function list<T>(it: Field, read: (it: Field) => T, least = 1): T[] {
  const { found, path, problems } = it;
  if (Array.isArray(found) && found.length >= least && found.length <= LONGEST_LIST)
    return found.map((item: unknown, i) => object({ found: item, path: `${path}[${i}]`, problems }, read));
  addProblem(it, `a list of ${least} to ${LONGEST_LIST}`);
  return [];
}

/** A whole number from 0 on, in the 32 bits that OCPP gives to integers. */
export const wholeNumber = (it: Field): number => wholeFrom(it, 0);

/** A whole number from 1 on, in 32 bits. */
export const positiveInteger = (it: Field): number => wholeFrom(it, 1);

const wholeFrom = (it: Field, least: number) =>
  numberWhere(it, `a whole number from ${least} to ${INT32}`, (n) => Number.isInteger(n) && n >= least && n <= INT32);
const INT32 = 2 ** 31 - 1;

/** A whole number of either sign, in 32 bits. */
export const integer = (it: Field): number => numberWhere(it, 'a whole number of 32 bits', (n) => Number.isInteger(n) && Math.abs(n) <= INT32);

/** A number from 0 on. */
export const nonNegative = (it: Field): number => numberWhere(it, 'a number from 0 on', (n) => n >= 0);

/** Any number. */
export const number = (it: Field): number => numberWhere(it, 'a number', () => true);

/** A number of a kind that is told in words. */
export function numberWhere(it: Field, allowed: string, fits: (n: number) => boolean): number {
  if (typeof it.found === 'number' && Number.isFinite(it.found) && fits(it.found)) return it.found + 0; // -0 is 0
  addProblem(it, allowed);
  return 0;
}

export function bool(it: Field): boolean {
  if (typeof it.found !== 'boolean') addProblem(it, 'true or false');
  return it.found === true;
}

export function text(it: Field): string {
  if (typeof it.found === 'string') return it.found;
  addProblem(it, 'a text');
  return '';
}

/** The second that a moment falls in. */
export function moment(it: Field): EpochSeconds {
  const found = typeof it.found === 'string' ? parseMoment(it.found) : undefined;
  if (found === undefined) addProblem(it, 'a moment such as 2026-01-31T09:30:00Z');
  return found === undefined ? epochSeconds(0) : toSeconds(found);
}

/** Words of a standard and what they mean here, each once. */
export type EnumMapping<W extends string, T> = readonly [readonly [word: W, meaning: T], ...(readonly [word: W, meaning: T])[]];

/** What a word means. */
export function oneOf<T>(it: Field, words: EnumMapping<string, T>): T {
  const known = words.find(([word]) => word === it.found);
  if (known === undefined) addProblem(it, words.map(([word]) => word).join(', '));
  return (known ?? words[0])[1];
}

/** The word for a meaning, if this standard has one. */
export const wireValueOf = <W extends string, T>(words: EnumMapping<W, T>, meant: T): W | undefined => words.find(([, meaning]) => meaning === meant)?.[0];
