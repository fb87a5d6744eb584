import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import { type BuildingLoad, type BuildingReading, readBuilding, validUntil } from './building-load.ts';

const METER = { fallback: { a: amperes(16) }, margin: 2, voltage: 230 };
const at = epochSeconds;
const read = (before: BuildingLoad | undefined, moment: number, reading: Omit<BuildingReading, 'at'>) =>
  readBuilding(before, { ...reading, at: at(moment) }, METER);
const flat = (a: number) => ({ a: [a, a, a] as const });
const first = read(undefined, 1_000, flat(10));

test('a building takes its load and the margin on each phase, and in W', () => {
  expect(read(undefined, 1_000, { a: [1, 2.34, 3] }).taken).toEqual({ a: [3, 4.4, 5], w: 6.34 * 230 + 2 * 690 });
  expect(read(undefined, 1_000, { a: [1, 2, 3], w: 900 }).taken.w).toBe(900 + 1_380);
});
test('a meter that tells only its power counts in full on each phase', () => {
  expect(read(undefined, 1_000, { w: 2_300 }).taken).toEqual({ a: [12, 12, 12], w: 3_680 });
});
test('what the building feeds in counts as 0', () => {
  expect(read(undefined, 1_000, { a: [-5, 0, 1], w: -2_000 }).taken).toEqual({ a: [2, 2, 3], w: 1_380 });
});
test('a reading counts for 40 to 50 s: with the time that stations and cars need, that is before it is 60 s old', () => {
  expect([1_000, 1_001, 1_009].map((it) => validUntil(at(it)))).toEqual([1_050, 1_050, 1_050]);
  expect(validUntil(at(1_010))).toBe(1_060);
});

describe('noise', () => {
  test('within half of the margin changes nothing', () => {
    const next = [10.9, 9.1, 11, 9].reduce((before, a, n) => read(before, 1_001 + n, flat(a)), first);
    expect(next.taken).toEqual(first.taken);
  });
  test('a load that comes nearer than half of the margin counts at once', () => {
    expect(read(first, 1_001, flat(11.1)).taken.a).toEqual([13.1, 13.1, 13.1]);
  });
  test('a lower load counts after a minute, with the highest value of that minute', () => {
    const steps = [5, 7, 6].reduce((before, a, n) => read(before, 1_001 + n * 20, flat(a)), first);
    expect(steps.taken).toEqual(first.taken);
    expect(read(steps, 1_061, flat(5)).taken.a).toEqual([9, 9, 9]);
  });
  test('a load that is high again in that minute begins it anew', () => {
    const steps = [5, 10, 5].reduce((before, a, n) => read(before, 1_001 + n * 20, flat(a)), first);
    expect(read(steps, 1_070, flat(5)).taken).toEqual(first.taken);
    expect(read(steps, 1_101, flat(5)).taken.a).toEqual([7, 7, 7]);
  });
});

test('a reading from before the last one changes nothing, and after a silence a lower load counts at once', () => {
  expect(read(first, 999, flat(30))).toBe(first);
  expect(read(first, 1_049, flat(5)).taken).toEqual(first.taken);
  expect(read(first, 1_050, flat(5)).taken.a).toEqual([7, 7, 7]);
});
