import type { TSchema } from 'typebox';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { printDateTime } from '../date-time.ts';
import { compiledCheck, problemWith } from '../problem.ts';
import type { Deviation } from './kinds.ts';
import { correctKnown } from './known-deviations.ts';
import { Notes } from './notes.ts';
import { repair } from './repair.ts';

/** A value in the form of its schema, and the deviations that were read with patience to bring it there. */
export interface LenientRead {
  value: unknown;
  deviations: readonly Deviation[];
}

/** How much patience a message gets, and what is known about it besides its body. */
export interface Leniency {
  /** Only the deviations of `correctKnown` are corrected. */
  strict?: boolean;
  now?: EpochMillis;
  /** The parameters of the URL: they name an object whose body does not. */
  url?: Readonly<Record<string, unknown>>;
}

/** Reads a value that fits its schema, also after it is repaired field by field; else the problem names what is unusable. The only place that decides patience. */
export function readLeniently(schema: TSchema, value: unknown, { strict = false, now, url = {} }: Leniency = {}): Result<LenientRead> {
  if (compiledCheck(schema).Check(value)) return ok({ value, deviations: [] });
  const notes = new Notes();
  const corrected = correctKnown(schema, value, notes);
  if (compiledCheck(schema).Check(corrected)) return ok({ value: corrected, deviations: notes.noted });
  const repaired = strict
    ? { usable: false, value: corrected }
    : repair(schema, corrected, { notes, url, at: now === undefined ? undefined : printDateTime(now) });
  if (repaired.usable) return ok({ value: repaired.value, deviations: notes.noted });
  return fail(problemWith(schema, repaired.value) ?? 'body: found a value that does not fit this message');
}
