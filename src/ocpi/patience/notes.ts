import { showValue } from '../../domain/show-value.ts';
import { isSecretField } from '../problem.ts';
import type { Deviation, PatienceKind } from './kinds.ts';

/** Kinds whose text is a word, a number or a moment, and may be quoted. */
const QUOTED: ReadonlySet<PatienceKind> = new Set([
  'other-word',
  'text-for-number',
  'other-boolean',
  'other-spelling',
  'unknown-word',
  'odd-date-time',
  'fraction',
]);
/** Deviations of one message that are noted at most. */
const MAX_NOTES = 100;

/** The deviations found in one message. */
export class Notes {
  readonly #noted: Deviation[] = [];

  get noted(): readonly Deviation[] {
    return this.#noted;
  }

  /** Notes one deviation; a text is quoted only when its kind and its field hold no id and no secret (SEC-25). */
  add(kind: PatienceKind, path: string, found: unknown): void {
    if (this.#noted.length < MAX_NOTES) this.#noted.push({ kind, field: path || 'body', found: shown(kind, path, found) });
  }

  /** How many there are; `backTo` forgets those that came after. */
  get length(): number {
    return this.#noted.length;
  }
  backTo(length: number): void {
    this.#noted.length = Math.min(length, this.#noted.length);
  }
}

function shown(kind: PatienceKind, path: string, found: unknown): string {
  if (typeof found !== 'string' && typeof found !== 'number') return showValue(found);
  if (
    !isSecretField(
      path
        .replace(/\[\d+\]$/, '')
        .split('.')
        .at(-1) ?? '',
    ) &&
    (QUOTED.has(kind) || (typeof found === 'number' && kind !== 'number-for-text'))
  )
    return showValue(found);
  return typeof found === 'string' ? `a text of ${found.length} characters` : 'a number';
}
