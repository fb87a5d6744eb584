import { expect, test } from 'vitest';
import { limitInWords, nextMoment, pauseQuestion, pausingLimit, remainingText, timeOfDay } from './acts.ts';
import { retaken } from './steering.ts';

const ac = { phases: 3, volts: 230 };

test.each([
  [[8, 0], 'A', ac, 0],
  [[8, 5.9], 'A', ac, 5.9],
  [[6], 'A', ac, undefined],
  [[4_000], 'W', ac, 4_000],
  [[4_140], 'W', ac, undefined],
  [[5], 'A', { ...ac, dc: true }, undefined],
  [[0], 'W', { ...ac, dc: true }, 0],
  [[100], 'W', undefined, undefined],
  [[0], 'W', undefined, 0],
] as const)('CON-P06: of the limits %j %s at %j, %s pauses the car', (...[limits, unit, rating, pausing]) =>
  expect(pausingLimit(limits, unit, rating)).toBe(pausing),
);

test('CON-P06: the question says why the car pauses', () => {
  expect(pauseQuestion(0, 'A', 'OAK-1')).toContain('0 A pauses the car at OAK-1');
  expect(pauseQuestion(5.5, 'A', 'OAK-1')).toContain('5.5 A is below 6 A');
});

test('CON-P02: a countdown is in whole minutes, rounded up', () => {
  expect([-1, 59, 60, 61, 719, 5_400].map(remainingText)).toEqual([
    'less than 1 min left',
    'less than 1 min left',
    '1 min left',
    '2 min left',
    '12 min left',
    '1 h 30 min left',
  ]);
  expect([limitInWords({ a: 8, w: 5_520 }), limitInWords({ w: 5_520 }), limitInWords({})]).toEqual(['8 A', '5.52 kW', 'no limit']);
});

test('an end at a time of day is the next moment with that time', () => {
  const noon = new Date(2026, 0, 31, 12, 0, 0).getTime() / 1000;
  expect(nextMoment('18:00', noon)).toBe(noon + 6 * 3600);
  expect(nextMoment('12:00', noon)).toBe(new Date(2026, 1, 1, 12, 0, 0).getTime() / 1000);
  expect(nextMoment('', noon)).toBe(undefined);
  expect(timeOfDay(noon + 6 * 3600)).toBe('18:00');
});

test('CON-P05: retaken are the sessions of before the halt that the party has set a profile on since its resume', () => {
  const session = (name: string, steers: boolean, since?: string) => ({
    session: name,
    name,
    steers,
    others: [],
    limit: {},
    without: {},
    ...(since && { since }),
  });
  const sessions = [
    session('A', true, '2026-01-31T10:00:05Z'),
    session('B', false),
    session('C', true, '2026-01-31T09:00:00Z'),
    session('D', true, '2026-01-31T10:01:00Z'),
  ];
  expect([...retaken(sessions, { at: '2026-01-31T10:00:00Z', sessions: ['A', 'B', 'C'] })]).toEqual(['A']);
});
