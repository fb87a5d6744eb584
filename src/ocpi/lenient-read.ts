import type { TSchema } from 'typebox';
import { fail, ok, type Result } from '../domain/result.ts';
import { compiledCheck, problemWith } from './problem.ts';

/** A value that fits its schema, and whether it had to be corrected to fit. */
export interface LenientRead {
  value: unknown;
  corrected: boolean;
}

/** Reads a value that fits its schema, also after known deviations of peers are corrected; else the problem names the field. */
export function readLeniently(schema: TSchema, value: unknown): Result<LenientRead> {
  if (compiledCheck(schema).Check(value)) return ok({ value, corrected: false });
  const corrected = correct(schema, value);
  if (compiledCheck(schema).Check(corrected)) return ok({ value: corrected, corrected: true });
  return fail(problemWith(schema, corrected) ?? 'body: found a value that does not fit this message');
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Corrects each known deviation; goes no deeper than the schema. */
function correct(schema: unknown, value: unknown): unknown {
  if (!isRecord(schema)) return value;
  if (Array.isArray(value)) return value.map((it) => correct(schema.items, it));
  if (isRecord(value)) return correctObject(schema, schema['x-also-wrapped'] === true ? unwrap(value) : value);
  // Some peers write coordinates and floor levels as numbers; the standard asks for text.
  if (typeof value === 'number' && schema['x-also-number'] === true) return String(value);
  return typeof value === 'string' ? correctAlias(schema['x-also-read'], value) : value;
}

/** Drops known fields that are null: some peers write `"end_date_time": null` instead of leaving the field out. */
function correctObject(schema: Record<string, unknown>, value: Record<string, unknown>): Record<string, unknown> {
  const known = isRecord(schema.properties) ? schema.properties : {};
  const kept = Object.entries(value).filter(([name, it]) => it !== null || !Object.hasOwn(known, name));
  return Object.fromEntries(kept.map(([name, it]) => [name, Object.hasOwn(known, name) ? correct(known[name], it) : it]));
}

/** Some peers wrap a result in the envelope of an answer. */
const unwrap = (value: Record<string, unknown>): Record<string, unknown> => (value.result === undefined && isRecord(value.data) ? value.data : value);

/** Some peers write RESERVED, as one section of OCPI does, where the enum says RESERVATION. */
function correctAlias(aliases: unknown, value: string): string {
  const right = isRecord(aliases) && Object.hasOwn(aliases, value) ? aliases[value] : undefined;
  return typeof right === 'string' ? right : value;
}
