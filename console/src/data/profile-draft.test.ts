import { expect, test } from 'vitest';
import { drawPoint, openingDraft, type StrokePoint, spanFor } from './profile-draft.ts';
import { periodsOf } from './profile-periods.ts';

const NOW = Date.parse('2026-01-31T10:00:00Z') / 1000;
const rating = { phases: 3, volts: 230 };
const origin = { kind: 'party', name: 'NL*SCS' } as const;

test('CON-P07: the form opens at the limit that holds and its end; without an end for 15 min', () => {
  const limit = { limit: 8.04, unit: 'A', origin, reported: true } as const;
  expect(openingDraft({ limit: { ...limit, until: '2026-01-31T10:44:00Z' } }, NOW)).toMatchObject({
    unit: 'A',
    periods: [{ minute: 0, limit: 8 }],
    minutes: undefined,
    until: NOW + 2640,
    changed: false,
  });
  expect(openingDraft({ limit }, NOW)).toMatchObject({ minutes: 15, until: undefined });
  expect(openingDraft({ limit: { ...limit, until: '2026-01-31T10:00:30Z' } }, NOW)).toMatchObject({ minutes: 15 });
  expect(openingDraft({ limit: { ...limit, unit: 'W', limit: 7360 } }, NOW)).toMatchObject({ unit: 'W', periods: [{ limit: 7360 }] });
  expect(openingDraft({}, NOW)).toMatchObject({ unit: 'A', periods: [{ limit: 10 }] });
});

test('CON-P07: a drawn line snaps to whole A or 0.1 kW and to 5 min, and is level with Shift', () => {
  const stroke = (unit: 'A' | 'W', ...points: readonly Omit<StrokePoint, 'begins'>[]) => {
    const drawn = points.reduce<NonNullable<ReturnType<typeof drawPoint>>>(
      (before, it, n) => drawPoint(before, { ...it, begins: n === 0 }, { now: NOW, unit, rating }) ?? before,
      { cells: new Map(), last: undefined },
    );
    return periodsOf(drawn.cells, 5);
  };
  const at = (minutes: number, value: number, flat = false) => ({ at: NOW + minutes * 60, value, flat });
  expect(stroke('A', at(1, 5_500), at(4, 5_600), at(7, 6_950))).toEqual({
    draft: [
      { minute: 0, limit: 8 },
      { minute: 5, limit: 10 },
    ],
    minutes: 10,
  });
  expect(stroke('W', at(1, 5_549), at(12, 5_551))).toEqual({
    draft: [
      { minute: 0, limit: 5500 },
      { minute: 5, limit: 5600 },
    ],
    minutes: 15,
  });
  expect(stroke('A', at(1, 5_500), at(9, 9_000, true), at(23, 300, true))).toEqual({ draft: [{ minute: 0, limit: 8 }], minutes: 25 });
  expect(stroke('A', at(-1, 5_500))).toEqual({ draft: [], minutes: 0 });
});

test('CON-P07: the axis has room for the whole profile', () => {
  expect([15, 54, 55, 200, 430, 1_200, 3_000].map(spanFor)).toEqual([60, 60, 120, 240, 480, 1_440, 4_320]);
});
