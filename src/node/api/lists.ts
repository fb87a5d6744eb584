import { type TSchema, Type } from 'typebox';

/** Most objects in one answer, and how many an answer has when the request does not say. */
const MOST_LISTED = 1_000;
export const DEFAULT_LIMIT = 100;
/** Rows that one request searches for a rare state or name, so that it cannot hold up the node. */
export const MOST_SEARCHED = 10_000;
/** Most objects that are read for an id that several objects begin with. */
export const MOST_ALIKE = 20;
/** The cursor before the newest object. */
export const NEWEST = Number.MAX_SAFE_INTEGER;

export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_LISTED, description: 'most objects in the answer; 100 when absent' }));
export const Before = Type.Optional(Type.Integer({ minimum: 1, maximum: NEWEST, description: '`next` of the previous answer' }));
export const SearchText = Type.Optional(
  Type.String({ minLength: 1, maxLength: 64, description: 'a part of an id or name; upper and lower case are equal, spaces around it do not count' }),
);

/** What a user searches for; spaces around it do not count, and a text of spaces searches for nothing. */
export function searchedText(q: string | undefined): string | undefined {
  const text = q?.trim();
  return text === '' ? undefined : text;
}

/** A page of a list, newest first; `next` is present when there is more. */
export const pageOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), next: Type.Optional(Type.Integer()) });
/** A whole list. */
export const listOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item) });

/** Which page of a list is requested: at most `limit` objects older than the cursor `before`. */
export interface PageRequest {
  limit?: number;
  before?: number;
}

/** A page of a list, newest first; `next` is the `before` of the next page, when there is more. */
export interface Page<T> {
  items: T[];
  next?: number;
}
/** The cursor of the next page: a full page may have another behind it, and so may a search that ended at `floor`. */
export function nextOf(stored: readonly { seq: number }[], limit: number, floor: number): { next?: number } {
  const next = stored.length >= limit ? stored.at(-1)?.seq : floor;
  return next !== undefined && next > 1 ? { next } : {};
}
