import { compiledCheck } from '../problem.ts';
import type { PatienceKind } from './kinds.ts';
import { readEpoch, readOddDateTime } from './read-date-time.ts';
import { KEPT, looseForm } from './schema.ts';

type Schema = Readonly<Record<string, unknown>>;
/** A value that could be read, and the deviation that was read with patience. */
export interface ReadScalar {
  value: unknown;
  kind: PatienceKind;
}

/** Reads a text, number, boolean or word of an enum that does not fit its schema. `exact`: only without loss. Undefined: it cannot be understood. */
export function readScalar(schema: Schema, value: unknown, exact: boolean): ReadScalar | undefined {
  const read = candidate(schema, value, exact);
  if (read === undefined) return undefined;
  return read.kind === 'unknown-word' || fits(schema, read.value) ? read : undefined;
}

/** Whether a value fits a schema as it is. */
export const fits = (schema: Schema, value: unknown): boolean => compiledCheck(schema).Check(value);

function candidate(schema: Schema, value: unknown, exact: boolean): ReadScalar | undefined {
  switch (schema.type) {
    case 'boolean':
      return readBoolean(value);
    case 'number':
    case 'integer':
      return readNumber(value, exact ? 'number' : schema.type);
    case 'string':
      if (schema['x-read'] === 'date-time') return readMoment(value, exact);
      return Array.isArray(schema.enum) ? readWord(schema, value, exact) : readText(schema, value, exact);
    default:
      return undefined;
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['TRUE', true],
  ['1', true],
  ['FALSE', false],
  ['0', false],
]);
function readBoolean(value: unknown): ReadScalar | undefined {
  const read = typeof value === 'string' || typeof value === 'number' ? BOOLEANS.get(String(value).trim().toUpperCase()) : undefined;
  return read === undefined ? undefined : { value: read, kind: 'other-boolean' };
}

function readNumber(value: unknown, type: 'number' | 'integer'): ReadScalar | undefined {
  const isText = typeof value === 'string' && /^\s*-?\d{1,20}(?:\.\d{1,20})?\s*$/.test(value);
  const number = isText ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  const kind = isText ? 'text-for-number' : 'fraction';
  return { value: type === 'integer' ? Math.round(number) : number, kind };
}

function readMoment(value: unknown, exact: boolean): ReadScalar | undefined {
  const number = typeof value === 'string' && /^\d{10,13}$/.test(value) ? Number(value) : value;
  const read = typeof number === 'number' ? (exact ? undefined : readEpoch(number)) : typeof value === 'string' ? readOddDateTime(value) : undefined;
  return read === undefined ? undefined : { value: read, kind: 'odd-date-time' };
}

function readWord(schema: Schema, value: unknown, exact: boolean): ReadScalar | undefined {
  if (typeof value !== 'string') return undefined;
  const words: readonly unknown[] = Array.isArray(schema.enum) ? schema.enum : [];
  const loose = looseForm(value.slice(0, 255));
  const word = words.find((it) => typeof it === 'string' && looseForm(it) === loose);
  if (word !== undefined) return { value: word, kind: 'other-spelling' };
  const unknown = schema['x-unknown-as'];
  if (exact || unknown === undefined) return undefined;
  if (unknown !== KEPT) return { value: unknown, kind: 'unknown-word' };
  return /^[\x20-\x7e]{1,255}$/.test(value) ? { value, kind: 'unknown-word' } : undefined;
}

function readText(schema: Schema, value: unknown, exact: boolean): ReadScalar | undefined {
  if (schema['x-read'] === 'degrees') return readDegrees(value);
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  const text = isNumber ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  if (isNumber) return { value: cut(schema, text, exact), kind: 'number-for-text' };
  if (exact || schema['x-cut'] !== true) return undefined;
  const clean = text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
  const short = cut(schema, clean, exact);
  return { value: short, kind: short === clean ? 'odd-characters' : 'too-long' };
}

function cut({ 'x-cut': mayBeCut, maxLength }: Schema, text: string, exact: boolean): string {
  return exact || mayBeCut !== true || typeof maxLength !== 'number' ? text : [...text].slice(0, maxLength).join('');
}

function readDegrees(value: unknown): ReadScalar | undefined {
  const text =
    typeof value === 'string'
      ? value
          .trim()
          .replace(/^(-?\d{1,3}),(\d+)$/, '$1.$2')
          .replace(/^\+/, '')
      : String(value);
  if (!/^-?\d{1,3}(?:\.\d{1,30})?$/.test(text)) return undefined;
  // The longest that fits ten characters of a latitude, and eleven of a longitude.
  const rounded = String(Number(Number(text).toFixed(6)));
  return { value: rounded, kind: 'odd-degrees' };
}
