import { beforeAll, describe, expect, test } from 'vitest';
import { Day, type DayReport } from './simulated-day.fixture.ts';

describe('a day of 200 EVSEs on one connection, with faults, scheduled cuts and sudden ones', () => {
  let day: DayReport;
  beforeAll(() => {
    day = new Day(20_260_701, 'equal').run();
  }, 120_000);
  test('is a day worth looking at', () => {
    expect(day.sessions).toBeGreaterThan(500);
    expect(day.lost).toBeGreaterThan(10);
    expect(day.excused).toBeGreaterThan(0);
  });
  test('no limit is exceeded at any node, phase and second, but for 45 s after a sudden cut', () => expect(day.exceeded).toEqual([]));
  test('no order is above the profile of its session', () => expect(day.aboveProfile).toEqual([]));
  test('at least 98 % of what limits and cars allow is drawn', () => {
    expect(day.drawn / day.possible).toBeGreaterThanOrEqual(0.98);
    expect(day.drawn / day.possible).toBeLessThanOrEqual(1);
  });
});
