import { fold } from './ids.ts';

/** The object that a typed id means, or the sorted ids of several objects that begin with it. */
export type Picked<T> = { is: 'ONE'; item: T } | { is: 'NONE' } | { is: 'SEVERAL'; ids: readonly string[] };

/** An id as a person types or copies it: a table that is cut ends it with `…`. */
export const typedId = (text: string): string => text.trim().replace(/…$/, '');

/** Finds the object with this id, or the only one whose id begins with it; upper and lower case are equal (F-78). */
export function pickById<T>(items: readonly T[], idOf: (item: T) => string, typed: string): Picked<T> {
  const wanted = fold(typedId(typed));
  const exact = items.filter((it) => fold(idOf(it)) === wanted);
  const found = exact.length > 0 || wanted === '' ? exact : items.filter((it) => fold(idOf(it)).startsWith(wanted));
  const [item, ...others] = found;
  if (item === undefined) return { is: 'NONE' };
  return others.length === 0 ? { is: 'ONE', item } : { is: 'SEVERAL', ids: found.map(idOf).sort() };
}

/** Most ids that a message names. */
const MOST_NAMED = 5;

/** Says that several objects begin with what was typed: `2 keys have ids that begin with "ab": use more of one of abc, abd`. */
export function describeSeveral(what: string, typed: string, ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).join(', ');
  const more = ids.length > MOST_NAMED ? ', …' : '';
  return `${ids.length} ${what} have ids that begin with ${JSON.stringify(typedId(typed))}: use more of one of ${named}${more}`;
}
