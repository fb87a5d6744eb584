import { beforeAll, describe, expect, test } from 'vitest';
import { office } from './simulated-car-park.fixture.ts';
import { Day, type DayReport } from './simulated-day.fixture.ts';

const HOUR = 3_600;

describe('ten hours of 200 EVSEs at one grid connection, with faults and with scheduled and sudden reductions', () => {
  let day: DayReport;
  beforeAll(() => {
    day = new Day(20_260_701, 'equal', { from: 11 * HOUR }).run(10 * HOUR);
  }, 120_000);
  test('the day has many sessions, lost orders and exceeded limits', () => {
    expect(day.sessions).toBeGreaterThan(400);
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

/** Half a minute before the minute at which the stations must have less; while the building climbs by 120 A; and at the end of the cut. */
const ABSENCES = [
  { from: 16 * HOUR + 3_510, forgets: true },
  { from: 18.1 * HOUR, forgets: false },
  { from: 19 * HOUR + 3_420, forgets: true },
];

describe('an evening with a building behind the same grid connection, a meter that is silent for 12 min, and three times no node for 10 min', () => {
  let evening: DayReport;
  beforeAll(() => {
    evening = new Day(20_260_702, 'equal', { from: 15 * HOUR, building: office, cuts: 0, absences: ABSENCES }).run(5.5 * HOUR);
  }, 120_000);
  test('R-21, R-22: the fuse holds on every phase in every second: cars and building together never exceed a limit', () => {
    expect(evening.exceeded).toEqual([]);
    expect(evening.tolerated).toBe(0);
  });
  test('without the node the cars go on with what the site allows them for that time', () => {
    expect(evening.drawnAlone / (ABSENCES.length * 600 * 3)).toBeGreaterThan(0.9 * 250);
  });
  test('no order exceeds the profile of its session', () => expect(evening.aboveProfile).toEqual([]));
});
