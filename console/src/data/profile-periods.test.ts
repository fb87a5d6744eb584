import { describe, expect, test } from 'vitest';
import { periodsOf, pointsOf, problemOf, profileOf, requestBodyOf } from './profile-periods.ts';

const now = Date.parse('2026-01-31T09:30:00Z') / 1000;

describe('a profile that is drawn', () => {
  test('one period for each change of the limit, and it lasts as long as it was drawn', () => {
    const cells = new Map([0, 1, 2, 3, 4].map((cell) => [cell, cell < 3 ? 8 : 12]));
    expect(periodsOf(cells, 5)).toEqual({
      draft: [
        { minute: 0, limit: 8 },
        { minute: 15, limit: 12 },
      ],
      minutes: 25,
    });
  });
  test('the time before the first stroke gets the limit of that stroke, so that the profile begins now', () => {
    expect(periodsOf(new Map([[4, 6]]), 1)).toEqual({ draft: [{ minute: 0, limit: 6 }], minutes: 5 });
  });
});

describe('the body of the request', () => {
  test('one limit goes in the short form: the node counts from its own clock', () => {
    expect(requestBodyOf([{ minute: 0, limit: 8 }], { unit: 'A', minutes: 15, now })).toEqual({ limit: 8, unit: 'A', for: 900 });
  });
  test('CP-31: more periods become a profile whose starts grow from 0', () => {
    const draft = [
      { minute: 0, limit: 8 },
      { minute: 10, limit: 4000 },
    ];
    expect(requestBodyOf(draft, { unit: 'W', minutes: 30, now })).toEqual({
      charging_rate_unit: 'W',
      start_date_time: '2026-01-31T09:30:00Z',
      duration: 1800,
      charging_profile_period: [
        { start_period: 0, limit: 8 },
        { start_period: 600, limit: 4000 },
      ],
    });
  });
});

test.each([
  [[], 15, 'at least one'],
  [[{ minute: 0, limit: -1 }], 15, '0 or more'],
  [[{ minute: 0, limit: Number.NaN }], 15, '0 or more'],
  [[{ minute: 5, limit: 1 }], 15, 'must start at 0'],
  [
    [
      { minute: 0, limit: 1 },
      { minute: 0, limit: 2 },
    ],
    15,
    'must start after',
  ],
  [[{ minute: 0, limit: 1 }], 0, 'must end after the start of its last period'],
  [[{ minute: 0, limit: 1 }], 20_000, 'seven days'],
] as const)('a draft that cannot be sent says why (%#)', (draft, minutes, text) => {
  expect(problemOf(draft, minutes)).toContain(text);
});

test('A per phase are drawn as W of all phases; without a rating nothing is drawn', () => {
  const profile = profileOf([{ minute: 0, limit: 10 }], { unit: 'A', minutes: 15, now });
  expect(pointsOf(profile, now, { phases: 3, volts: 230 })).toEqual([
    [now, 6900],
    [now + 900, null],
  ]);
  expect(pointsOf(profile, now, undefined)).toEqual([[now + 900, null]]);
});
