import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { countUpTo, momentAfter, parseLimit, parseMomentOfDay, parseSpan, parseWait } from './option-values.ts';

describe('values of options', () => {
  test.each([
    ['8A', { limit: 8, unit: 'A' }],
    ['8 A', { limit: 8, unit: 'A' }],
    ['0A', { limit: 0, unit: 'A' }],
    ['7.4kW', { limit: 7_400, unit: 'W' }],
    ['0.1kW', { limit: 100, unit: 'W' }],
    ['1840W', { limit: 1_840, unit: 'W' }],
  ])('%s is a limit', (text, limit) => expect(parseLimit(text)).toEqual(limit));

  test.each(['8', 'A', '8a', '8kA', '-8A', '8,5A', '1e3W', '8A ', '', '8MW', '99999999A'])('%j is not a limit; the error gives examples', (text) => {
    expect(() => parseLimit(text)).toThrow(InvalidArgumentError);
    expect(() => parseLimit(text)).toThrow(/8A, 7.4kW, 1840W/);
  });

  test.each([
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['168h', 604_800],
  ])('%s is a span of %i seconds', (text, span) => expect(parseSpan(text)).toBe(span));

  test.each(['15', '0s', '15min', '169h', '-1m', '1.5h', ''])('%j is not a span', (text) => expect(() => parseSpan(text)).toThrow(/90s, 15m, 2h/));

  test.each([
    ['1', 1],
    ['120', 120],
    ['2m', 120],
  ])('%s is a time to wait', (text, wait) => expect(parseWait(text)).toBe(wait));
  test.each(['0', '121', '3m', 'x', ''])('%j is not a time to wait', (text) => expect(() => parseWait(text)).toThrow(/1 to 120/));

  test('a count is a whole number from 1 to its maximum', () => {
    expect([countUpTo(1_000)('1'), countUpTo(1_000)('1000'), countUpTo(999_999)('999999')]).toEqual([1, 1_000, 999_999]);
    for (const text of ['0', '1001', '-1', '1.5', 'all']) expect(() => countUpTo(1_000)(text)).toThrow(/1 to 1000/);
  });
});

describe('CON-G03: the end of a limit', () => {
  const noon = new Date(2026, 5, 1, 12, 0, 0).getTime();
  const cases: readonly [text: string, moment: number | undefined][] = [
    ['18:00', new Date(2026, 5, 1, 18, 0, 0).getTime()],
    ['12:01', noon + 60_000],
    ['12:00', new Date(2026, 5, 2, 12, 0, 0).getTime()],
    ['9:30', new Date(2026, 5, 2, 9, 30, 0).getTime()],
    ['2030-01-01T00:00:00Z', Date.UTC(2030, 0, 1)],
    ['2020-01-01T00:00:00Z', undefined],
    ['24:00', undefined],
    ['18:60', undefined],
    ['18', undefined],
    ['tomorrow', undefined],
  ];
  test.each(cases)('%s', (text, moment) => expect(momentAfter(text, noon)).toBe(moment));
});

test.each([
  ['9:30', 9 * 3_600 + 30 * 60],
  ['23:59:07', 86_400 - 53],
])('CON-V04: %s is a time of today on this machine', (text, second) => {
  const now = new Date(2026, 0, 31, 12);
  expect(Date.parse(parseMomentOfDay(text, undefined, now))).toBe(new Date(2026, 0, 31).getTime() + second * 1_000);
});

test('CON-V04: a moment in UTC is taken as it is, and other texts are refused', () => {
  expect(parseMomentOfDay('2026-01-31T09:30:00Z')).toBe('2026-01-31T09:30:00Z');
  expect(() => parseMomentOfDay('noon')).toThrow('Allowed is');
});
