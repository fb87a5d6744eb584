import { expect, test } from 'vitest';
import { epochSeconds } from '../../units.ts';
import { clipLine, type LinePoint, mergeSteps, stepAt, thinLine } from './step-line.ts';

const point = (at: number, w: number | null): LinePoint => [epochSeconds(at), w, w];
const span = (from: number, to: number) => ({ from: epochSeconds(from), to: epochSeconds(to) });

test.each([
  { line: [], at: 5, is: undefined },
  { line: [point(10, 1)], at: 5, is: undefined },
  { line: [point(0, 1), point(10, 2)], at: 9, is: 1 },
  { line: [point(0, 1), point(10, 2)], at: 10, is: 2 },
])('CON-V01: a step holds until the next one: at $at of $line it is $is', ({ line, at, is }) => expect(stepAt(line, epochSeconds(at))?.[1]).toBe(is));

test.each([
  { of: 'what holds at the begin', line: [point(0, 1), point(30, 2)], within: span(10, 20), is: [point(10, 1)] },
  { of: 'nothing from the end on', line: [point(10, 1), point(20, 2)], within: span(10, 20), is: [point(10, 1)] },
  { of: 'nothing before the first point', line: [point(15, 1)], within: span(10, 20), is: [point(15, 1)] },
])('CON-V01: a part of a line has $of', ({ line, within, is }) => expect(clipLine(line, within)).toEqual(is));

test('CON-V01: points that repeat the one before are left out, and of several at one moment the last holds', () => {
  expect(mergeSteps([point(0, 1), point(5, 1), point(7, 3), point(7, 2)])).toEqual([point(0, 1), point(7, 2)]);
});

test('CON-V01: a thinned line has few points, all of them points of the line, and keeps each maximum with its length', () => {
  const line = Array.from({ length: 5_000 }, (_, n) => point(n, n === 2_345 ? 99 : n % 7));
  const thin = thinLine(line, 100);
  expect(thin.length).toBeLessThanOrEqual(100);
  for (const it of thin) expect(line).toContain(it);
  expect([thin[0], thin.at(-1)]).toEqual([line[0], line.at(-1)]);
  expect(stepAt(thin, epochSeconds(2_345))?.[1]).toBe(99);
  expect(stepAt(thin, epochSeconds(2_346))?.[1]).toBe(1);
  expect(thinLine(line.slice(0, 100), 100)).toHaveLength(100);
});
