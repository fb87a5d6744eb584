import { describe, expect, test } from 'vitest';
import { Day } from './day.fixture.ts';

describe.each(['equal', 'first-come'] as const)('a day of 200 EVSEs on one connection under the rule %s, with faults and cuts', (rule) => {
  const day = new Day(20_260_701, rule).run();
  test('is a day worth looking at', () => {
    expect(day.sessions).toBeGreaterThan(500);
    expect(day.lost).toBeGreaterThan(10);
    expect(day.excused).toBeGreaterThan(0);
  });
  test('no limit is exceeded at any node, phase and second, but while a cut is being answered', () => expect(day.exceeded).toEqual([]));
  test('no order is above the profile of its session', () => expect(day.aboveProfile).toEqual([]));
  test('at least 98 % of what the limits and cars allow is drawn', () => {
    expect(day.drawn / day.possible).toBeGreaterThanOrEqual(0.98);
    expect(day.drawn / day.possible).toBeLessThanOrEqual(1);
  });
});
