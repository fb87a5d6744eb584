import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds, watts } from '../units.ts';
import { type CeilingOverTime, capacityWithin, limitsWithin, lowerOf } from './ceiling.ts';

const at = (text: string) => epochSeconds(Date.parse(text) / 1000);
const step = (from: number, to: number, limit: number) => ({ from: epochSeconds(from), to: epochSeconds(to), limit });
const span = (from: number, to: number) => ({ from: epochSeconds(from), to: epochSeconds(to) });

test('the lower of a capacity and a ceiling is taken in each unit', () => {
  const capacity = { a: amperes(32), w: watts(10_000) };
  expect(lowerOf(capacity, { a: amperes(16), w: watts(20_000) })).toEqual({ a: 16, w: 10_000 });
  expect(lowerOf(capacity, { w: watts(5_000) })).toEqual({ a: 32, w: 5_000 });
  expect(lowerOf(capacity, {})).toEqual(capacity);
});

describe('the limits within a span', () => {
  const schedule = [step(0, 10, 1), step(10, 20, 2), step(30, 40, 3)];

  test('are the one at its start and each that begins in it', () => {
    expect(limitsWithin(schedule, span(5, 31))).toEqual([1, 2, 3]);
    expect(limitsWithin(schedule, span(25, 31))).toEqual([3]);
  });

  test('are not those that begin at its end, and not one twice that begins at its start', () => {
    expect(limitsWithin(schedule, span(0, 10))).toEqual([1]);
    expect(limitsWithin(schedule, span(10, 30))).toEqual([2]);
  });

  test('are the one at a moment for an empty span', () => {
    expect([limitsWithin(schedule, span(10, 10)), limitsWithin(schedule, span(25, 25)), limitsWithin([], span(0, 9))]).toEqual([[2], [], []]);
  });
});

describe('the lowest capacity within a span', () => {
  const HOUR = 3_600;
  const ceiling = (more: Partial<CeilingOverTime>): CeilingOverTime => ({ fixed: {}, dated: [], daily: [], ...more });
  const daily = (...steps: [from: number, to: number, a: number][]) =>
    ceiling({ daily: steps.map(([from, to, a]) => ({ ...span(from * HOUR, to * HOUR), limit: { a: amperes(a) } })) });
  const ampsFrom = (text: string, length: number, { of, zone = 'UTC' }: { of: CeilingOverTime; zone?: string }) =>
    capacityWithin(of, { from: at(text), to: epochSeconds(at(text) + length) }, zone).a;

  test('is unlimited without a ceiling', () => {
    expect(capacityWithin(ceiling({}), span(0, 60), 'UTC')).toEqual({ a: Infinity, w: Infinity });
  });

  test('is the lowest of the fixed and all dated ceilings in it', () => {
    const dated = [
      { ...span(0, 100), limit: { a: amperes(20) } },
      { ...span(100, 200), limit: { a: amperes(10), w: watts(5_000) } },
    ];
    expect(capacityWithin(ceiling({ fixed: { a: amperes(16) }, dated }), span(0, 60), 'UTC')).toEqual({ a: 16, w: Infinity });
    expect(capacityWithin(ceiling({ fixed: { a: amperes(16) }, dated }), span(60, 120), 'UTC')).toEqual({ a: 10, w: 5_000 });
  });

  test('follows the local day, across midnight too', () => {
    const of = daily([0, 6, 10], [6, 22, 20], [22, 24, 30]);
    expect(ampsFrom('2026-07-01T21:59:00Z', 60, { of })).toBe(20);
    expect(ampsFrom('2026-07-01T22:00:00Z', 2 * HOUR, { of })).toBe(30);
    expect(ampsFrom('2026-07-01T22:00:00Z', 2 * HOUR + 1, { of })).toBe(10);
    expect(ampsFrom('2026-07-01T03:59:00Z', 60, { of, zone: 'Europe/Amsterdam' })).toBe(10);
  });

  test('counts the time of day before and after the change of the clock within it', () => {
    // On 29 March 2026 it is 03:00 in Amsterdam one second after 01:59:59.
    const skipped = daily([0, 2, 30], [2, 3, 10], [3, 24, 20]);
    const zone = 'Europe/Amsterdam';
    expect(ampsFrom('2026-03-29T00:59:30Z', 60, { of: skipped, zone })).toBe(10);
    expect(ampsFrom('2026-03-29T01:00:00Z', 60, { of: skipped, zone })).toBe(20);
    // On 25 October 2026 it is 02:00 again one second after 02:59:59.
    const repeated = daily([0, 2, 30], [2, 2.5, 10], [2.5, 24, 20]);
    expect(ampsFrom('2026-10-25T00:59:30Z', 60, { of: repeated, zone })).toBe(10);
    expect(ampsFrom('2026-10-25T00:30:00Z', 60, { of: repeated, zone })).toBe(20);
  });

  test('counts the end of the day before when the clock is set back across midnight', () => {
    // On 1 November 2026 it is 00:00 again in Havana one second after 00:59:59.
    const of = daily([0, 1, 10], [1, 23.5, 30], [23.5, 24, 5]);
    expect(ampsFrom('2026-11-01T04:59:30Z', 60, { of, zone: 'America/Havana' })).toBe(5);
    expect(ampsFrom('2026-11-01T06:30:00Z', 60, { of, zone: 'America/Havana' })).toBe(30);
  });
});
