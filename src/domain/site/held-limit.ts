import type { Span } from '../profile/schedule.ts';
import type { Amperes, EpochSeconds } from '../units.ts';

/** A limit of an EVSE that begins by itself at a known moment. */
export interface LaterLimit {
  readonly from: EpochSeconds;
  /** A on each phase. */
  readonly current: Amperes;
}

/** The limit that a station holds: `current` (A on each phase) now, and each of `later`, in order of time, from its moment on. */
export interface HeldLimit {
  readonly current: Amperes;
  readonly later: readonly LaterLimit[];
}

/** The highest current of a held limit within a span; for an empty span, the current at its start. */
export const highestWithin = (held: HeldLimit, span: Span): Amperes => extremeWithin(held, span, (it, most) => it > most);

/** The lowest current of a held limit within a span. */
export const lowestWithin = (held: HeldLimit, span: Span): Amperes => extremeWithin(held, span, (it, least) => it < least);

function extremeWithin({ current, later }: HeldLimit, { from, to }: Span, isBeyond: (one: Amperes, other: Amperes) => boolean): Amperes {
  if (later.length === 0) return current;
  let extreme = current;
  for (const it of later) {
    if (it.from <= from) extreme = it.current;
    else if (it.from < to && isBeyond(it.current, extreme)) extreme = it.current;
  }
  return extreme;
}

/** A held limit as it is at a moment: what began by then is its current. The same object when nothing began. */
export function heldFrom<H extends HeldLimit>(held: H, at: EpochSeconds): H {
  const begun = held.later.filter(({ from }) => from <= at).at(-1);
  return begun ? { ...held, current: begun.current, later: held.later.filter(({ from }) => from > at) } : held;
}

/** Whether a held limit is above another at any moment from `at` on. */
export function isAbove(one: HeldLimit, other: HeldLimit, at: EpochSeconds): boolean {
  const moments = [at, ...[...one.later, ...other.later].map(({ from }) => from).filter((from) => from > at)];
  return moments.some((it) => highestWithin(one, { from: it, to: it }) > highestWithin(other, { from: it, to: it }));
}

/** The lower of two held limits at every moment from `at` on. */
export function lowerHeld(one: HeldLimit, other: HeldLimit, at: EpochSeconds): HeldLimit {
  const moments = [...new Set([...one.later, ...other.later].map(({ from }) => from))].filter((from) => from > at).sort((a, b) => a - b);
  const [current, ...later] = [at, ...moments].map((from) => {
    const [a, b] = [highestWithin(one, { from, to: from }), highestWithin(other, { from, to: from })];
    return { from, current: a <= b ? a : b };
  });
  return { current: current?.current ?? one.current, later };
}

/** Whether two held limits are equal from `at` on. */
export const isSameHeld = (one: HeldLimit, other: HeldLimit, at: EpochSeconds): boolean => !isAbove(one, other, at) && !isAbove(other, one, at);

/** At most `most` later limits: those that do not fit become one, at the lowest of them. */
export function shortened(later: readonly LaterLimit[], most: number): readonly LaterLimit[] {
  if (later.length <= most) return later;
  if (most < 1) return [];
  const [first, ...rest] = later.slice(most - 1);
  if (!first) return [];
  const lowest = rest.reduce<LaterLimit>((least, it) => (it.current < least.current ? it : least), first);
  return [...later.slice(0, most - 1), { ...lowest, from: first.from }];
}
