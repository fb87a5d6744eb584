import { fail, ok, type Result } from '../result.ts';
import { type EpochSeconds, epochSeconds } from '../units.ts';
import { type Ceiling, type ImposedCeiling, imposedWithin } from './ceiling.ts';
import type { CeilingDescription } from './description.ts';
import { ceilingOf, readDate } from './read-ceiling.ts';

/** A limit for a node as a file, the store or the operator API has it: until it is lifted, or until a moment. */
export interface WrittenLimit extends CeilingDescription {
  /** A date and time with its zone, at which the limit ends. */
  until?: string;
  /** s: without a new limit within this time, `fallback` holds in its place. */
  trusted_for?: number;
  fallback?: CeilingDescription;
}

/** The shortest and the longest time that a limit may be trusted, in s. Stations begin with the fallback a minute early. */
export const TRUSTED = { least: 120, most: 604_800 };
const KEYS = ['a', 'w', 'until', 'trusted_for', 'fallback'];
const UNITS = ['a', 'w'] as const;
const MOST = 1_000_000_000;

/** Reads a limit; fails with the first mistake: its key, what was found, what is allowed, and how to mend it. */
export function readWrittenLimit(value: unknown): Result<WrittenLimit, { key: string; says: string }> {
  const wrong = (key: string, says: string) => fail({ key, says });
  const limit = unitsOf(value, KEYS);
  if (!limit.ok) return limit;
  const { until, trusted_for: trusted, fallback } = Object(value);
  if (until !== undefined && (typeof until !== 'string' || readDate(until) === undefined))
    return wrong('until', `found ${JSON.stringify(until)}, allowed is a date and time with its zone, such as 2026-07-01T17:00:00Z`);
  const isSpan = typeof trusted === 'number' && Number.isInteger(trusted) && trusted >= TRUSTED.least && trusted <= TRUSTED.most;
  if (trusted !== undefined && !isSpan)
    return wrong('trusted_for', `found ${JSON.stringify(trusted)}, allowed is a whole number of seconds from ${TRUSTED.least} to ${TRUSTED.most}`);
  if (trusted !== undefined && fallback === undefined)
    return wrong('fallback', 'is missing: trusted_for needs the limit that holds when nobody renews this one, such as fallback: { a: 30 }');
  const rest = { ...(until !== undefined && { until }), ...(isSpan && { trusted_for: trusted }) };
  if (fallback === undefined) return ok({ ...limit.value, ...rest });
  if (trusted === undefined) return wrong('trusted_for', `is missing: fallback needs the time after which it holds, from ${TRUSTED.least} s on`);
  const lower = unitsOf(fallback, UNITS);
  if (!lower.ok) return wrong(`fallback.${lower.problem.key}`.replace(/\.$/, ''), lower.problem.says);
  for (const unit of UNITS) {
    const [first, second] = [limit.value[unit], lower.value[unit]];
    if (first !== undefined && second === undefined) return wrong('fallback', `has no ${unit}, which the limit has: add the ${unit} that holds afterwards`);
    if (first !== undefined && second !== undefined && second > first)
      return wrong(`fallback.${unit}`, `found ${second}, allowed is at most the limit itself, ${first}: what holds without news must be lower`);
  }
  return ok({ ...limit.value, ...rest, fallback: lower.value });
}

function unitsOf(value: unknown, keys: readonly string[]): Result<CeilingDescription, { key: string; says: string }> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail({
      key: '',
      says: `found ${JSON.stringify(value)}, allowed is a limit such as { a: 20 } (A on each phase), { w: 13800 } (W over all phases), or both`,
    });
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) return fail({ key: unknown, says: `is not a known key, allowed are ${keys.join(', ')}` });
  const { a, w }: { a?: unknown; w?: unknown } = value;
  if (a === undefined && w === undefined) return fail({ key: '', says: 'has no limit: add a (A on each phase), w (W over all phases), or both' });
  const isLimit = (it: unknown): it is number | undefined => it === undefined || (typeof it === 'number' && it >= 0 && it <= MOST);
  if (!isLimit(a)) return fail({ key: 'a', says: `found ${JSON.stringify(a)}, allowed is a number of A from 0 on` });
  if (!isLimit(w)) return fail({ key: 'w', says: `found ${JSON.stringify(w)}, allowed is a number of W from 0 on` });
  return ok({ ...(a !== undefined && { a }), ...(w !== undefined && { w }) });
}

/** What a limit imposes that was written at a moment; undefined: it is over by `now`. */
export function imposedCeiling(limit: WrittenLimit, { at, now }: { at: EpochSeconds; now: EpochSeconds }): ImposedCeiling | undefined {
  const end = limit.until === undefined ? undefined : epochSeconds(Math.ceil(readDate(limit.until) ?? at));
  if (end !== undefined && end <= now) return undefined;
  const untrusted = limit.trusted_for === undefined ? undefined : epochSeconds(at + limit.trusted_for);
  const later = [
    ...(limit.fallback && untrusted !== undefined && untrusted < (end ?? Infinity) ? [{ from: untrusted, ...ceilingOf(limit.fallback) }] : []),
    ...(end === undefined ? [] : [{ from: end }]),
  ];
  return { ...ceilingOf(limit), ...(later.length > 0 && { later }) };
}

/**
 * What to impose so that a limit of an earlier moment holds on as if it had never been replaced: its time of trust goes on, and after it only
 * its fallback. Undefined: it is over by `now`.
 */
export function restoredLimit(
  { trusted_for: trusted, fallback, ...limit }: WrittenLimit,
  { at, now }: { at: EpochSeconds; now: EpochSeconds },
): WrittenLimit | undefined {
  if (!imposedCeiling(limit, { at, now })) return undefined;
  if (trusted === undefined || !fallback) return limit;
  const left = at + trusted - now;
  return left >= TRUSTED.least ? { ...limit, trusted_for: left, fallback } : { ...fallback, ...(limit.until !== undefined && { until: limit.until }) };
}

/** The lower of two imposed limits at every moment. */
export function lowerImposed(one: ImposedCeiling, other: ImposedCeiling): ImposedCeiling {
  const moments = [...new Set([...(one.later ?? []), ...(other.later ?? [])].map(({ from }) => from))].sort((a, b) => a - b);
  const lowest = (at: EpochSeconds) => lowerCeiling(ceilingAt(one, at), ceilingAt(other, at));
  const later = moments.map((from) => ({ from, ...lowest(from) }));
  return { ...lowest(epochSeconds(-Infinity)), ...(later.length > 0 && { later }) };
}

/** The ceiling of an imposed limit at a moment. */
export function ceilingAt(limit: ImposedCeiling, at: EpochSeconds): Ceiling {
  const [{ a, w } = {}] = imposedWithin(limit, { from: at, to: at });
  return ceilingOf({ ...(a !== undefined && { a }), ...(w !== undefined && { w }) });
}

/** The lower ceiling in each unit; a unit that neither limits stays without a limit. */
function lowerCeiling(one: Ceiling, other: Ceiling): Ceiling {
  const lower = (a: number | undefined, b: number | undefined) => (a === undefined ? b : Math.min(a, b ?? Infinity));
  const [a, w] = [lower(one.a, other.a), lower(one.w, other.w)];
  return ceilingOf({ ...(a !== undefined && { a }), ...(w !== undefined && { w }) });
}
