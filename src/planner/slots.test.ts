import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../domain/units.ts';
import { A, now, oneSite, problem, session } from './problem.fixture.ts';
import type { Problem } from './problem.ts';
import { hoursOf, slotsOf } from './slots.ts';

/** A problem for an hour that begins `after` seconds after 18:00. */
const from = (after: number, more: Partial<Problem> = {}): Problem => ({
  ...problem(oneSite(A(32), [])),
  now: epochSeconds(now + after),
  horizonEnd: epochSeconds(now + 3_600),
  ...more,
});
const spans = (it: Problem) => slotsOf(it).map((slot) => [slot.from - now, slot.to - now]);
const leavingAt = (at: number) => ({ preferences: { profileType: 'REGULAR' as const, departure: epochSeconds(now + at), dischargeAllowed: false } });
const leaving = (...departures: number[]) => ({ sites: [oneSite(A(32), [session(9), ...departures.map((at, n) => session(n, leavingAt(at)))])] });
const price = (start: number, end: number, limit: number) => ({ from: epochSeconds(now + start), to: epochSeconds(now + end), limit });

describe('the slots of a plan', () => {
  test('are quarters of an hour, the first one from now and the last one to the horizon', () => {
    expect(spans(from(0))).toEqual([
      [0, 900],
      [900, 1_800],
      [1_800, 2_700],
      [2_700, 3_600],
    ]);
    expect(spans(from(1_000.9, { horizonEnd: epochSeconds(now + 2_000.9) }))).toEqual([
      [1_000, 1_800],
      [1_800, 2_000],
    ]);
  });

  test('have the number of their quarter of an hour since 1970', () => {
    expect(slotsOf(from(1_000)).map(({ turn }) => turn - now / 900)).toEqual([1, 2, 3]);
  });

  test('are cut at departures, in whole seconds before them', () => {
    expect(spans(from(2_700, leaving(2_800.7, 3_000)))).toEqual([
      [2_700, 2_800],
      [2_800, 3_000],
      [3_000, 3_600],
    ]);
  });

  test('are cut at changes of the price, in whole seconds after them', () => {
    expect(spans(from(2_700, { prices: [price(0, 2_800.2, 1), price(2_800.2, 2_900, 2)] }))).toEqual([
      [2_700, 2_801],
      [2_801, 2_900],
      [2_900, 3_600],
    ]);
  });

  test('are not cut before now and not at or after the horizon', () => {
    expect(spans(from(2_700, { ...leaving(2_600, 2_700, 3_600, 9_000), prices: [price(-900, 9_000, 1)] }))).toEqual([[2_700, 3_600]]);
  });

  test('have the price at their start, or none where it is unknown', () => {
    expect(slotsOf(from(900, { prices: [price(900, 1_800, 1), price(1_800, 2_700, -2)] })).map((it) => it.price)).toEqual([1, -2, undefined]);
    expect(slotsOf(from(2_700)).map((it) => it.price)).toEqual([undefined]);
    expect(slotsOf(from(1_800, { prices: [price(2_700, 3_600, 1)] })).map((it) => it.price)).toEqual([undefined, 1]);
  });

  test('are one slot of a second when the horizon is now or over', () => {
    expect(spans(from(0, { horizonEnd: now }))).toEqual([[0, 1]]);
    expect(spans(from(0, { horizonEnd: epochSeconds(now - 3_600) }))).toEqual([[0, 1]]);
  });

  test('are long in hours', () => {
    expect(hoursOf({ from: now, to: epochSeconds(now + 900) })).toBe(0.25);
  });
});
