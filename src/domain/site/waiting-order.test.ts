import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../units.ts';
import { SLOT, slotOf, waitingOrder } from './waiting-order.ts';

const quarters = (count: number) => [...Array(count).keys()].map((n) => epochSeconds(1_800_000_000 + n * SLOT));
const firsts = (groups: readonly number[]) =>
  quarters(96).reduce(
    (counts, at) => {
      const first = waitingOrder(groups, at)[0] ?? -1;
      return counts.with(first, (counts[first] ?? 0) + 1);
    },
    [...groups].fill(0),
  );

test('a slot is a quarter of an hour', () => {
  expect([0, 899.9, 900, 1_799].map((at) => slotOf(epochSeconds(at)))).toEqual([0, 0, 1, 1]);
});

describe('the order of priority', () => {
  test('has each member once, and is the same for the whole quarter of an hour', () => {
    const groups = [0, 0, 1, 1, 1, 2];
    for (const at of quarters(5)) {
      expect(waitingOrder(groups, at).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(waitingOrder(groups, epochSeconds(at + SLOT - 1))).toEqual(waitingOrder(groups, at));
    }
    expect(waitingOrder([], epochSeconds(0))).toEqual([]);
  });

  test('lets each member of a group come first equally often in a day', () => {
    for (const groups of [
      [3, 3, 3, 3],
      [0, 0, 0, 0, 0, 0, 0],
    ])
      for (const count of firsts(groups)) expect(Math.abs(count - 96 / groups.length)).toBeLessThan(2);
  });

  test('spreads the members of each group: a group is served in proportion to its size, wherever the order is cut', () => {
    const groups = [...Array(4).fill(1), ...Array(8).fill(2)];
    for (const at of quarters(20)) {
      const served = waitingOrder(groups, at).slice(0, 6);
      expect(served.filter((n) => groups[n] === 1).length).toBe(2);
    }
  });
});
