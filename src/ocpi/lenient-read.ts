import type { TSchema } from 'typebox';
import { fail, ok, type Result } from '../domain/result.ts';
import { compiledCheck, problemWith } from './problem.ts';

/** A value that fits its schema, and whether patience was needed to make it fit. */
export interface LenientRead {
  value: unknown;
  corrected: boolean;
}

/** Takes a value as its schema says, or after mending what some partners write differently; else the problem names the field. */
export function readLeniently(schema: TSchema, value: unknown): Result<LenientRead> {
  if (compiledCheck(schema).Check(value)) return ok({ value, mended: false });
  const mended = mend(schema, value);
  if (compiledCheck(schema).Check(mended)) return ok({ value: mended, mended: true });
  return fail(problemWith(schema, mended) ?? 'not what this message holds');
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with each known deviation put right; never deeper than the schema goes. */
function mend(schema: unknown, value: unknown): unknown {
  if (!isRecord(schema)) return value;
  if (Array.isArray(value)) return value.map((it) => mend(schema.items, it));
  if (isRecord(value)) return mendObject(schema, schema['x-also-wrapped'] === true ? unwrap(value) : value);
  // Some partners write coordinates and floors as numbers, where the standard asks for text.
  if (typeof value === 'number' && schema['x-also-number'] === true) return String(value);
  return typeof value === 'string' ? mendWord(schema['x-also-read'], value) : value;
}

// Some partners write `"end_date_time": null` for a field that they leave out.
function mendObject(schema: Record<string, unknown>, value: Record<string, unknown>): Record<string, unknown> {
  const known = isRecord(schema.properties) ? schema.properties : {};
  const kept = Object.entries(value).filter(([name, it]) => it !== null || !Object.hasOwn(known, name));
  return Object.fromEntries(kept.map(([name, it]) => [name, Object.hasOwn(known, name) ? mend(known[name], it) : it]));
}

// Some partners wrap a result in the envelope of an answer.
const unwrap = (value: Record<string, unknown>): Record<string, unknown> => (value.result === undefined && isRecord(value.data) ? value.data : value);

// Some partners write RESERVED, as the text does, where the list of words says RESERVATION.
function mendWord(alsoRead: unknown, value: string): string {
  const right = isRecord(alsoRead) && Object.hasOwn(alsoRead, value) ? alsoRead[value] : undefined;
  return typeof right === 'string' ? right : value;
}
