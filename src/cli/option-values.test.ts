import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { parseCount, parseLimit, parseSpan, parseWait } from './option-values.ts';

describe('quantities as people type them', () => {
  test.each([
    ['8A', { limit: 8, unit: 'A' }],
    ['8 A', { limit: 8, unit: 'A' }],
    ['0A', { limit: 0, unit: 'A' }],
    ['7.4kW', { limit: 7_400, unit: 'W' }],
    ['0.1kW', { limit: 100, unit: 'W' }],
    ['1840W', { limit: 1_840, unit: 'W' }],
  ])('%s is a limit', (text, limit) => expect(parseLimit(text)).toEqual(limit));

  test.each(['8', 'A', '8a', '8kA', '-8A', '8,5A', '1e3W', '8A ', '', '8MW', '99999999A'])('%j is no limit, and the refusal says what is', (text) => {
    expect(() => parseLimit(text)).toThrow(InvalidArgumentError);
    expect(() => parseLimit(text)).toThrow(/8A, 7.4kW, 1840W/);
  });

  test.each([
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['168h', 604_800],
  ])('%s is a span of %i seconds', (text, span) => expect(parseSpan(text)).toBe(span));

  test.each(['15', '0s', '15min', '169h', '-1m', '1.5h', ''])('%j is no span', (text) => expect(() => parseSpan(text)).toThrow(/90s, 15m, 2h/));

  test.each([
    ['1', 1],
    ['120', 120],
    ['2m', 120],
  ])('one can wait for %s', (text, wait) => expect(parseWait(text)).toBe(wait));
  test.each(['0', '121', '3m', 'x', ''])('one cannot wait for %j', (text) => expect(() => parseWait(text)).toThrow(/1 to 120/));

  test('lists hold 1 to 1000', () => {
    expect([parseCount('1'), parseCount('1000')]).toEqual([1, 1_000]);
    for (const text of ['0', '1001', '-1', '1.5', 'all']) expect(() => parseCount(text)).toThrow(/1 to 1000/);
  });
});
