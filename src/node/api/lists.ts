import { type TSchema, Type } from 'typebox';

/** Most objects in one answer. */
const mostListed = 1_000;

export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: mostListed, description: 'most objects in the answer; 100 when absent' }));
export const Before = Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: '`next` of the answer before' }));
/** Newest first; `next` is there when there is more. */
export const listOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), next: Type.Optional(Type.Integer()) });

/** A part of a list, newest first; `next` goes into `before` of the next question, when there is more. */
export interface Listed<T> {
  items: T[];
  next?: number;
}
/** Where a list goes on: a full page may have another behind it; so may one that ended at a floor. */
export function nextOf(stored: readonly { seq: number }[], limit: number, floor: number): { next?: number } {
  const next = stored.length >= limit ? stored.at(-1)?.seq : floor;
  return next !== undefined && next > 1 ? { next } : {};
}
