import type { SessionKey } from '../domain/ids.ts';

/** The share that one session can use, in the unit of the capacity. */
export interface Claim {
  key: SessionKey;
  /** The highest share that it can use. */
  most: number;
  /** The lowest share that it can use, unless it pauses. */
  least: number;
}

/** The result of sharing: each served claim gets `level`, but at least its `least` and at most its `most`. */
export interface Shares {
  served: readonly Claim[];
  level: number;
}

/**
 * Shares a capacity with max-min fairness: no claim can get more unless a lower share gets less. When the capacity is below the sum of
 * all `least`, the first claims in the list are served and the others pause. `edges`: all values of `least` and `most` of the claims.
 */
export function shareEqually(capacity: number, claims: readonly Claim[], edges = edgesOf(claims)): Shares {
  const served = claimsThatFit(capacity, claims);
  return { served, level: levelOf(capacity, served, edges) };
}

/** The share of one claim; 0 when it pauses. */
export const shareOf = (claim: Claim, { served, level }: Shares): number => (served.includes(claim) ? atLevel(claim, level) : 0);

/** All values of `least` and `most` in ascending order: between two of them the sum of the shares is linear in the level. */
export const edgesOf = (claims: readonly Claim[]): readonly number[] =>
  [...new Set(claims.flatMap(({ most, least }) => [least, most]))].filter(Number.isFinite).sort((a, b) => a - b);

function claimsThatFit(capacity: number, claims: readonly Claim[]): Claim[] {
  let left = capacity;
  return claims.filter(({ most, least }) => {
    const fits = most > 0 && least <= most && least <= left;
    if (fits) left -= least;
    return fits;
  });
}

const atLevel = ({ most, least }: Claim, level: number) => Math.max(least, Math.min(most, level));

/** The level at which the sum of the shares equals the capacity, or all claims have their `most`. */
function levelOf(capacity: number, claims: readonly Claim[], edges: readonly number[]): number {
  const used = (level: number) => claims.reduce((sum, claim) => sum + atLevel(claim, level), 0);
  const below = edges.findLast((edge) => used(edge) <= capacity) ?? 0;
  const rising = claims.filter(({ most, least }) => least <= below && below < most).length;
  return rising === 0 ? below : below + (capacity - used(below)) / rising;
}

/** The list rotated by `turn`: an element that pauses in one turn is served in a later one. */
export function rotated<T>(list: readonly T[], turn: number): readonly T[] {
  const first = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
