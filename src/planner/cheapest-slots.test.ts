import { describe, expect, test } from 'vitest';
import { epochSeconds, wattHours } from '../domain/units.ts';
import { costOf, fillCheapest, type Offer } from './cheapest-slots.ts';
import type { EvseLimits } from './evse-limits.ts';
import { now } from './problem.fixture.ts';

/** 1 kW for each A: the energy of a slot of an hour is its limit in kWh. */
const evse: EvseLimits = { unit: 'A', most: 32, least: 6, wattsPerUnit: 1_000 };
const offers = (prices: readonly (number | undefined)[], most: readonly number[] = prices.map(() => 10)): Offer[] =>
  prices.map((price, n) => ({
    slot: { from: epochSeconds(now + n * 3_600), to: epochSeconds(now + (n + 1) * 3_600), turn: n, price },
    most: most[n] ?? 0,
  }));
const filled = (given: readonly Offer[], kWh: number, changes = 24) => fillCheapest(given, { need: wattHours(kWh * 1_000), changes, evse });

describe('filling the cheapest slots', () => {
  test('charges in the cheapest ones until the need is met', () => {
    expect(filled(offers([5, 1, 4, 2]), 20)).toEqual({ limits: [0, 10, 0, 10], met: true });
  });

  test('takes the earlier one at equal prices, and a negative price first', () => {
    expect(filled(offers([3, 3, 3]), 10).limits).toEqual([10, 0, 0]);
    expect(filled(offers([0, 1, -1]), 10).limits).toEqual([0, 0, 10]);
  });

  test('counts an unknown price as the highest known one, and as 0 when all known ones are negative', () => {
    expect(filled(offers([undefined, 2, 1]), 20).limits).toEqual([10, 0, 10]);
    expect(filled(offers([3, undefined, 2]), 20).limits).toEqual([10, 0, 10]);
    expect(filled(offers([undefined, -2]), 10).limits).toEqual([0, 10]);
  });

  test('gives the last slot only what is missing, rounded up to 0.1, and at least the lowest current', () => {
    expect(filled(offers([1, 2]), 17.04).limits).toEqual([10, 7.1]);
    expect(filled(offers([1, 2]), 12).limits).toEqual([10, 6]);
  });

  test('compares the price for each kWh, whatever the slots offer; one that offers nothing comes last', () => {
    expect(filled(offers([2, 3], [32, 10]), 8).limits).toEqual([8, 0]);
    expect(filled(offers([5, 1, 3], [10, 0, 10]), 10).limits).toEqual([0, 0, 10]);
  });

  test('never exceeds what a slot offers', () => {
    expect(filled(offers([1, 2], [4, 10]), 5).limits).toEqual([4, 6]);
    expect(filled(offers([1, 2], [0, 10]), 10)).toEqual({ limits: [0, 10], met: true });
  });
});

describe('a need', () => {
  test('of nothing is met without charging', () => {
    expect(filled(offers([1, 2]), 0)).toEqual({ limits: [0, 0], met: true });
  });

  test('of exactly all that is offered is met', () => {
    expect(filled(offers([1, 2]), 20)).toEqual({ limits: [10, 10], met: true });
  });

  test('of more is not met, and all slots are used', () => {
    expect(filled(offers([1, 2]), 20.1)).toEqual({ limits: [10, 10], met: false });
  });
});

describe('more changes of the limit than allowed', () => {
  const zigzag = offers([1, 9, 2, 8, 3, 7, 4, 6]);

  test('are avoided by longer blocks of slots, at the lowest price of a block', () => {
    expect(filled(zigzag, 20, 8).limits).toEqual([10, 0, 10, 0, 0, 0, 0, 0]);
    expect(filled(zigzag, 20, 3).limits).toEqual([10, 10, 0, 0, 0, 0, 0, 0]);
    expect(filled(offers([9, 9, 3, 2, 9, 9, 1, 9]), 20, 3).limits).toEqual([0, 0, 10, 10, 0, 0, 0, 0]);
  });

  test('that no block avoids are made from now on, until the need is met', () => {
    expect(filled(zigzag, 36, 1).limits).toEqual([10, 10, 10, 6, 0, 0, 0, 0]);
  });
});

describe('the cost of a plan', () => {
  const need = wattHours(15_000);

  test('counts the energy of each slot at its price until the need is met', () => {
    expect(costOf(offers([2, 3, 100]), [10, 10, 10], { need, evse })).toBe(10_000 * 2 + 5_000 * 3);
  });

  test('counts a slot of unknown price at the highest known one', () => {
    expect(costOf(offers([undefined, 3]), [10, 10], { need, evse })).toBe(45_000);
  });

  test('is 0 without charging, also in a slot without a limit', () => {
    expect(costOf(offers([2, 3]), [], { need, evse })).toBe(0);
  });
});
