import { beforeAll, describe, expect, test } from 'vitest';
import { Day, type DayReport } from './simulated-day.fixture.ts';

describe('a day of 200 EVSEs at one grid connection, with faults and with scheduled and sudden reductions', () => {
  let day: DayReport;
  beforeAll(() => {
    day = new Day(20_260_701, 'equal').run();
  }, 120_000);
  test('the day has many sessions, lost orders and exceeded limits', () => {
    expect(day.sessions).toBeGreaterThan(500);
    expect(day.lost).toBeGreaterThan(10);
    expect(day.tolerated).toBeGreaterThan(0);
  });
  test('no limit of a node or phase is exceeded in any second, except within 45 s after a sudden reduction', () => expect(day.exceeded).toEqual([]));
  test('no order exceeds the profile of its session', () => expect(day.aboveProfile).toEqual([]));
  test('the cars draw at least 98 % of what limits and cars allow', () => {
    expect(day.drawn / day.possible).toBeGreaterThanOrEqual(0.98);
    expect(day.drawn / day.possible).toBeLessThanOrEqual(1);
  });
});
