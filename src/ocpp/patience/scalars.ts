import { parseMoment } from '../../domain/moment.ts';
import type { PatienceKind } from './kinds.ts';
import type { Rule } from './rules.ts';
import { meantWord } from './words.ts';

/** What the official schema says about one value; only the keywords that OCPP uses. */
export interface ScalarSchema {
  type?: string;
  enum?: readonly string[];
  format?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
}

/** A value as the standard wants it, and what was odd; without `value` nothing could be read. */
export interface ReadScalar {
  value?: unknown;
  odd?: PatienceKind;
}

/** Characters of a text that is kept whole. */
const LONGEST_WHOLE = 255;
/** RFC 3339, which the standard requires (OCPP-J 1.6 §4.6). */
export const STRICT_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Reads one value by its schema: as it is, or as what the station means. */
export function readScalar(schema: ScalarSchema, value: unknown, rule: Rule | undefined): ReadScalar {
  if (schema.enum) return readWord(rule?.words ? [...new Set([...schema.enum, ...rule.words])] : schema.enum, schema.enum, value);
  if (schema.type === 'integer' || schema.type === 'number') return readNumber(schema, value, rule);
  if (schema.type === 'boolean') return readBoolean(value);
  if (schema.format === 'date-time') return readTime(value);
  return schema.type === 'string' ? readText(schema, value, rule) : { value };
}

const printed = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

function readWord(allowed: readonly string[], ofSchema: readonly string[], value: unknown): ReadScalar {
  const text = printed(value);
  if (text === undefined) return { odd: 'wrong-type' };
  const meant = meantWord(text, allowed);
  if (!meant) return { odd: 'unknown-word' };
  if (!ofSchema.includes(meant.word) || meant.by === 'name') return { value: meant.word, odd: 'other-word' };
  return meant.by === 'exact' ? { value: meant.word } : { value: meant.word, odd: 'word-in-other-case' };
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

function readNumber({ type, minimum = -Infinity, maximum = Infinity, multipleOf }: ScalarSchema, value: unknown, rule: Rule | undefined): ReadScalar {
  const isText = typeof value === 'string' && NUMBER.test(value.trim());
  if (typeof value !== 'number' && !isText) return { odd: 'wrong-type' };
  const stated = Number(value);
  const isFraction = type === 'integer' && !Number.isInteger(stated);
  // The node rounds limits itself, always down.
  const isFiner = multipleOf !== undefined && Math.abs(stated / multipleOf - Math.round(stated / multipleOf)) >= 0.1;
  const number = isFraction && !rule?.whole ? Math.round(stated) + 0 : stated;
  if (!Number.isFinite(number) || number < minimum || number > maximum) return { odd: 'out-of-range' };
  const odd = isText ? 'number-as-text' : isFraction || isFiner ? 'fraction' : undefined;
  return { value: number, ...(odd && { odd }) };
}

const TRUE: readonly unknown[] = ['true', 'yes', '1', 1];
const FALSE: readonly unknown[] = ['false', 'no', '0', 0];

function readBoolean(value: unknown): ReadScalar {
  if (typeof value === 'boolean') return { value };
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (!TRUE.includes(word) && !FALSE.includes(word)) return { odd: 'wrong-type' };
  return { value: TRUE.includes(word), odd: 'number-as-text' };
}

/** Seconds or milliseconds since 1970, between 2001 and 2286. */
const EPOCH = /^\d{10}(?:\d{3})?$/;

function readTime(value: unknown): ReadScalar {
  const text = printed(value)?.trim();
  if (text === undefined) return { odd: 'wrong-type' };
  if (STRICT_TIME.test(text) && parseMoment(text) !== undefined) return { value: text };
  if (parseMoment(text) !== undefined) return { value: text, odd: 'time-form' };
  if (!EPOCH.test(text)) return { odd: 'time-form' };
  return { value: new Date(Number(text) * (text.length === 10 ? 1000 : 1)).toISOString(), odd: 'time-form' };
}

function readText({ maxLength = Infinity }: ScalarSchema, value: unknown, rule: Rule | undefined): ReadScalar {
  const text = printed(value);
  if (text === undefined) return { odd: 'wrong-type' };
  const length = [...text].length; // JSON Schema counts characters, not UTF-16 units.
  if (length > maxLength) return { value: [...text].slice(0, rule?.whole ? LONGEST_WHOLE : maxLength).join(''), odd: 'long-text' };
  return { value: text, ...(typeof value !== 'string' && { odd: 'text-as-number' }) };
}
