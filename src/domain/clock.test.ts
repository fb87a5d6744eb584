import { expect, test } from 'vitest';
import { steadyDeadline } from './clock.ts';
import { epochMillis } from './units.ts';

test('R-07: a deadline by the steady time is as far ahead as it was by the time of day, before and after that was set', () => {
  const clock = (now: number, steady: number) => ({ now: () => epochMillis(now), steady: () => epochMillis(steady) });
  expect(steadyDeadline(clock(1_000, 1_000), epochMillis(31_000))).toBe(31_000);
  expect(steadyDeadline(clock(3_601_000, 1_000), epochMillis(3_631_000))).toBe(31_000);
  expect(steadyDeadline(clock(5_000, 9_000), epochMillis(4_000))).toBe(8_000);
});
