import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import { NOON } from './site.fixture.ts';
import { NO_USAGE_CAP, type UsageCap, updateUsageCap } from './usage-cap.ts';

const at = (after: number) => epochSeconds(NOON + after);
const update = (usage: UsageCap, drawn: number, { after = 0, limit = 32 } = {}) =>
  updateUsageCap(usage, { drawn: amperes(drawn), limit: amperes(limit), minimum: amperes(6), now: at(after), delay: 600 });
const below = (highest: number, since = 0, cap = Infinity): UsageCap => ({ cap: amperes(cap), below: { since: at(since), highest } });

describe('the cap on the share of a car', () => {
  test('is none from 95 % of its limit on', () => {
    expect(update(NO_USAGE_CAP, 19, { limit: 20 })).toBe(NO_USAGE_CAP);
    expect(update(below(10, 0, 20), 19, { after: 5, limit: 20 })).toBe(NO_USAGE_CAP);
    expect(update(NO_USAGE_CAP, 18.9, { limit: 20 })).toEqual(below(18.9));
  });

  test('comes after the delay only, with the highest current of that time', () => {
    const since = update(NO_USAGE_CAP, 10);
    const higher = update(since, 12, { after: 300 });
    expect([since, higher]).toEqual([below(10), below(12)]);
    expect(update(higher, 8, { after: 599 })).toBe(higher);
    expect(update(higher, 8, { after: 600 })).toEqual(below(8, 600, 13.2));
  });

  test('is at least the minimum charging current, and in tenths of an ampere, rounded up', () => {
    expect(update(below(1), 1, { after: 600 }).cap).toBe(6);
    expect(update(below(10.03), 9, { after: 600 }).cap).toBe(11.1);
  });

  test('stays during the next delay, and follows the highest current of that', () => {
    const capped = below(8, 600, 13.2);
    expect(update(capped, 9, { after: 700, limit: 13.2 })).toEqual(below(9, 600, 13.2));
    expect(update(below(9, 600, 13.2), 7, { after: 1_200, limit: 13.2 })).toEqual(below(7, 1_200, 9.9));
  });
});
