import { expect, test } from 'vitest';
import { align, type ChartModel, highest, ticks, valueAt } from './chart-model.ts';

const model = (more: Partial<ChartModel>): ChartModel => ({
  name: 'a chart',
  format: String,
  axis: { unit: 'kW', per: 1000 },
  from: 0,
  to: 100,
  lines: [],
  ...more,
});

test('a step holds until it ends, also where another line has a time in between', () => {
  const steps = {
    name: 'a',
    tone: 'active',
    shape: 'steps',
    points: [
      [10, 5],
      [50, null],
    ],
  } as const;
  const other = { name: 'b', tone: 'metered', shape: 'line', points: [[30, 1]] } as const;
  expect(align(model({ lines: [steps, other] }))).toEqual([
    [0, 10, 30, 49.5, 50, 100],
    [null, 5, 5, 5, null, null],
    [undefined, undefined, 1, undefined, undefined, undefined],
  ]);
});

test('stacked lines add up, and the first one is on top', () => {
  const line = (name: string, value: number) => ({ name, tone: 't1', shape: 'steps', points: [[0, value]] }) as const;
  const stacked = model({ stacked: true, lines: [line('a', 1), line('b', 2)] });
  expect(align(stacked).slice(1)).toEqual([
    [3, 3],
    [2, 2],
  ]);
  expect(highest(stacked)).toBe(3);
});

test('the value at a time is that of the last step before it', () => {
  expect(
    [0, 10, 49, 50].map((at) =>
      valueAt(
        [
          [10, 5],
          [50, null],
        ],
        at,
      ),
    ),
  ).toEqual([null, 5, 5, null]);
});

test.each([0, 0.3, 7.4, 11.04, 50, 1234])('the marks of an axis reach from 0 to at least %d in round steps', (most) => {
  const marks = ticks(most);
  expect(marks[0]).toBe(0);
  expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
  expect(marks.length).toBeLessThan(9);
});
