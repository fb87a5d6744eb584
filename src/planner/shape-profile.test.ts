import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../domain/units.ts';
import { now } from './problem.fixture.ts';
import { MOST_PERIODS, profileOf, shapeProfile } from './shape-profile.ts';
import type { Slot } from './slots.ts';

const slots = (count: number): Slot[] =>
  [...Array(count).keys()].map((n) => ({ from: epochSeconds(now + n * 900), to: epochSeconds(now + (n + 1) * 900), turn: n, price: undefined }));

describe('the profile of a plan', () => {
  test('is in absolute time, in the unit of the EVSE, and has no end', () => {
    for (const unit of ['A', 'W'] as const) expect(shapeProfile(unit, slots(1), [16])).toEqual({ unit, start: now, periods: [{ start: 0, limit: 16 }] });
  });

  test('has one period for neighbouring slots with the same limit, and 0 for a slot without a limit', () => {
    expect(shapeProfile('A', slots(4), [16, 16, 10]).periods).toEqual([
      { start: 0, limit: 16 },
      { start: 1_800, limit: 10 },
      { start: 2_700, limit: 0 },
    ]);
  });

  test('begins at 0 without any slot', () => {
    expect(profileOf('A', [])).toEqual({ unit: 'A', start: 0, periods: [] });
  });
});

describe('a plan with many changes', () => {
  const rising = (count: number) => [...Array(count).keys()].map((n) => n + 6);

  test('keeps as many periods as a charge point stores', () => {
    const { periods } = shapeProfile('A', slots(MOST_PERIODS), rising(MOST_PERIODS));
    expect(periods.map(({ limit }) => limit)).toEqual(rising(MOST_PERIODS));
  });

  test('gets the lowest limit of the others in its last period, so that no limit rises', () => {
    const limits = [...rising(MOST_PERIODS - 1), 20, 9, 31];
    const { periods } = shapeProfile('A', slots(limits.length), limits);
    expect(periods).toHaveLength(MOST_PERIODS);
    expect(periods.at(-1)).toEqual({ start: (MOST_PERIODS - 1) * 900, limit: 9 });
    const lowestFirst = shapeProfile('A', slots(limits.length), [...rising(MOST_PERIODS - 1), 5, 9, 31]).periods;
    expect(lowestFirst.at(-1)).toEqual({ start: (MOST_PERIODS - 1) * 900, limit: 5 });
  });

  test('has one period fewer when that limit is the one before', () => {
    const limits = [...rising(MOST_PERIODS - 1), 40, MOST_PERIODS + 4];
    expect(shapeProfile('A', slots(limits.length), limits).periods).toHaveLength(MOST_PERIODS - 1);
  });
});
