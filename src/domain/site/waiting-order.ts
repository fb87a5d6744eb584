import { type EpochSeconds, type Seconds, seconds } from '../units.ts';

/** How long an order of turns holds. */
export const SLOT: Seconds = seconds(900);

/** Steps of the golden ratio fall evenly on a circle, however many there are. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const OTHER = Math.SQRT2 - 1;

/** The number of the quarter of an hour that a moment falls in. */
export const slotOf = (at: EpochSeconds): number => Math.floor(at / SLOT);

/**
 * Whose turn it is first when there is not room for all, as positions in `groups`: everybody stands on a circle, evenly within
 * each group, and each quarter of an hour begins at another point of it, so over a day all of a group come first equally often.
 * `groups` has the group (the number of its node) of each who wants a turn.
 */
export function waitingOrder(groups: readonly number[], at: EpochSeconds): readonly number[] {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const begin = slotOf(at) * GOLDEN;
  const met = new Map<number, number>();
  const places = groups.map((group) => {
    const rank = met.get(group) ?? 0;
    met.set(group, rank + 1);
    return fraction((rank + fraction(group * OTHER)) / (sizes.get(group) ?? 1) - begin);
  });
  return groups.map((_, n) => n).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
}

const fraction = (n: number) => n - Math.floor(n);
