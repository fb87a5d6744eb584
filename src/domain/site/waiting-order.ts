import { type EpochSeconds, type Seconds, seconds } from '../units.ts';

/** How long one order of priority lasts: a quarter of an hour. */
export const SLOT: Seconds = seconds(900);

/** Steps of the golden ratio spread evenly over a circle, for any number of steps. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** The offset between groups: an irrational number, so that groups do not coincide. */
const GROUP_OFFSET = Math.SQRT2 - 1;

/** The number of the slot that contains a moment. */
export const slotOf = (at: EpochSeconds): number => Math.floor(at / SLOT);

/**
 * The order of priority when the capacity is not enough for all, as indices into `groups`. The members of each group are spread
 * evenly over a circle, and each slot starts at another point of it, so over a day all members of a group come first equally often.
 * `groups` has the group (node number) of each member.
 */
export function waitingOrder(groups: readonly number[], at: EpochSeconds): readonly number[] {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const begin = slotOf(at) * GOLDEN;
  const counted = new Map<number, number>();
  const positions = groups.map((group) => {
    const rank = counted.get(group) ?? 0;
    counted.set(group, rank + 1);
    return fraction((rank + fraction(group * GROUP_OFFSET)) / (sizes.get(group) ?? 1) - begin);
  });
  return groups.map((_, n) => n).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0) || a - b);
}

const fraction = (n: number) => n - Math.floor(n);
