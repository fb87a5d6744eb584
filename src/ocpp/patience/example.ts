import type { PatienceKind } from './kinds.ts';

/** Kinds whose values are words, numbers or times of the standard. Other values may be a token or a name, and are only described. */
const SHOWN: ReadonlySet<PatienceKind> = new Set([
  'number-as-text',
  'fraction',
  'out-of-range',
  'word-in-other-case',
  'other-word',
  'unknown-word',
  'time-form',
]);
const LONGEST = 32;

/** Where an oddity was seen and what it was, without free text: texts and everything inside objects is only measured (I9). */
export function exampleOf(kind: PatienceKind, where: string, value: unknown): string {
  const isShown = SHOWN.has(kind) && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  return `${where}: ${isShown ? JSON.stringify(value).slice(0, LONGEST) : described(value)}`;
}

function described(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'empty text' : `text of ${[...value].length} characters`;
  if (Array.isArray(value)) return `list of ${value.length}`;
  return typeof value;
}
