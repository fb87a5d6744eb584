import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import { type HeldLimit, heldFrom, highestWithin, isAbove, isSameHeld, lowerHeld, lowestWithin, shortened } from './held-limit.ts';

const at = epochSeconds;
const held = (current: number, ...later: [from: number, current: number][]): HeldLimit => ({
  current: amperes(current),
  later: later.map(([from, it]) => ({ from: at(from), current: amperes(it) })),
});
const span = (from: number, to: number) => ({ from: at(from), to: at(to) });
const stairs = held(32, [100, 10], [200, 20]);

test('the highest and the lowest current within a span count each limit that holds in it', () => {
  expect([span(0, 100), span(0, 101), span(100, 200), span(150, 201), span(300, 300)].map((it) => highestWithin(stairs, it))).toEqual([32, 32, 10, 20, 20]);
  expect([span(0, 100), span(0, 101), span(50, 300), span(100, 100)].map((it) => lowestWithin(stairs, it))).toEqual([32, 10, 10, 10]);
});

test('what has begun at a moment is the current', () => {
  expect(heldFrom(stairs, at(99))).toBe(stairs);
  expect([heldFrom(stairs, at(100)), heldFrom(stairs, at(500))]).toEqual([held(10, [200, 20]), held(20)]);
});

describe('of two held limits', () => {
  test('one is above the other when it is so at any moment from now on', () => {
    expect([
      isAbove(stairs, held(32), at(0)),
      isAbove(stairs, held(15), at(0)),
      isAbove(stairs, held(15), at(100)),
      isAbove(stairs, held(15), at(200)),
    ]).toEqual([false, true, true, true]);
    expect(isAbove(held(32, [100, 10]), held(15), at(100))).toBe(false);
    expect(isSameHeld(held(32, [100, 10]), held(5, [50, 10]), at(100))).toBe(true);
  });
  test('the lower one at every moment is taken', () => {
    expect(lowerHeld(stairs, held(15, [150, 40]), at(0))).toEqual(held(15, [100, 10], [150, 10], [200, 20]));
  });
});

test('what does not fit into the periods of a station is one limit at the lowest; with one period there is none', () => {
  const { later } = held(0, [100, 10], [200, 20], [300, 5]);
  expect(shortened(later, 3)).toBe(later);
  expect([shortened(later, 2), shortened(later, 1), shortened(later, 0)]).toEqual([held(0, [100, 10], [200, 5]).later, held(0, [100, 5]).later, []]);
});
