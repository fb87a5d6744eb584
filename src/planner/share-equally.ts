import type { SessionKey } from '../domain/ids.ts';

/** What one session may get of what there is, in the unit of what there is. */
export interface Claim {
  key: SessionKey;
  /** It cannot use more. */
  most: number;
  /** It cannot use less, unless it is nothing. */
  least: number;
}

/**
 * Shares what there is so that nobody can get more without somebody who has less getting less. Where there is not enough
 * for the least of all, those that come first in the order are served and the others pause.
 */
export function shareEqually(capacity: number, claims: readonly Claim[]): ReadonlyMap<SessionKey, number> {
  const served = thoseThatFit(capacity, claims);
  const level = levelOf(capacity, served);
  return new Map(served.map((claim) => [claim.key, atLevel(claim, level)]));
}

function thoseThatFit(capacity: number, claims: readonly Claim[]): Claim[] {
  let left = capacity;
  return claims.filter(({ most, least }) => {
    const fits = most > 0 && least <= most && least <= left;
    if (fits) left -= least;
    return fits;
  });
}

const atLevel = ({ most, least }: Claim, level: number) => Math.max(least, Math.min(most, level));

/** How high what there is stands when it is poured over the claims like water: between two edges it rises evenly. */
function levelOf(capacity: number, claims: readonly Claim[]): number {
  const edges = [...new Set(claims.flatMap(({ most, least }) => [least, Math.min(most, capacity)]))].sort((a, b) => a - b);
  const used = (level: number) => claims.reduce((sum, claim) => sum + atLevel(claim, level), 0);
  const below = edges.findLast((edge) => used(edge) <= capacity) ?? 0;
  const rising = claims.filter(({ most, least }) => least <= below && below < most).length;
  return rising === 0 ? below : below + (capacity - used(below)) / rising;
}

/** The same list from another place on, turn by turn: whoever pauses in one turn is served in a later one. */
export function inTurn<T>(list: readonly T[], turn: number): readonly T[] {
  const first = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
