import type { SessionKey } from '../domain/ids.ts';

/** What one session may get of what there is, in the unit of what there is. */
export interface Claim {
  key: SessionKey;
  /** It cannot use more. */
  most: number;
  /** It cannot use less, unless it is nothing. */
  least: number;
}

/** How what there is was shared: everybody who is served gets as much as the level says, within what he can use. */
export interface Shares {
  served: readonly Claim[];
  level: number;
}

/**
 * Shares what there is so that nobody can get more without somebody who has less getting less. Where there is not enough
 * for the least of all, those that come first in the order are served and the others pause. `edges`: all that any claim has as least or most.
 */
export function shareEqually(capacity: number, claims: readonly Claim[], edges = edgesOf(claims)): Shares {
  const served = thoseThatFit(capacity, claims);
  return { served, level: levelOf(capacity, served, edges) };
}

/** What one claim gets; nothing when it pauses. */
export const shareOf = (claim: Claim, { served, level }: Shares): number => (served.includes(claim) ? atLevel(claim, level) : 0);

/** Where water that rises over claims changes its speed. */
export const edgesOf = (claims: readonly Claim[]): readonly number[] =>
  [...new Set(claims.flatMap(({ most, least }) => [least, most]))].filter(Number.isFinite).sort((a, b) => a - b);

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
function levelOf(capacity: number, claims: readonly Claim[], edges: readonly number[]): number {
  const used = (level: number) => claims.reduce((sum, claim) => sum + atLevel(claim, level), 0);
  const below = edges.findLast((edge) => used(edge) <= capacity) ?? 0;
  const rising = claims.filter(({ most, least }) => least <= below && below < most).length;
  return rising === 0 ? below : below + (capacity - used(below)) / rising;
}

/** The same list from another place on, turn by turn: whoever pauses in one turn is served in a later one. */
export function rotated<T>(list: readonly T[], turn: number): readonly T[] {
  const first = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
