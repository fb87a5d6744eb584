import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amperes, amperes, epochSeconds, type Seconds, seconds, watts } from '../units.ts';
import {
  ALWAYS,
  clip,
  constant,
  limitAt,
  lowest,
  merge,
  NO_LIMIT,
  over,
  periodsOf,
  raisedBy,
  type Schedule,
  type Span,
  scheduleOf,
  shift,
  without,
} from './schedule.ts';

/** Short times and few limits, so that steps touch, coincide and repeat often. */
const parts = fc.array(fc.record({ gap: fc.nat(2), length: fc.nat(4), limit: fc.integer({ min: 6, max: 9 }) }), { maxLength: 8 });
const schedules: fc.Arbitrary<Schedule<Amperes>> = fc.tuple(parts, fc.boolean(), fc.boolean()).map(([drawn, sinceEver, forEver]) => {
  let at = 0;
  const steps = drawn.map(({ gap, length, limit }) => {
    const from = at + gap;
    at = from + length;
    return { from: epochSeconds(from), to: epochSeconds(at), limit: amperes(limit) };
  });
  const before = sinceEver ? [{ from: ALWAYS.from, to: epochSeconds(0), limit: amperes(7) }] : [];
  const after = forEver ? [{ from: epochSeconds(at), to: ALWAYS.to, limit: amperes(8) }] : [];
  return merge([...before, ...steps, ...after]);
});
const spans: fc.Arbitrary<Span> = fc.tuple(fc.integer({ min: -5, max: 45 }), fc.integer({ min: -5, max: 45 })).map(([from, to]) => span(from, to));
const span = (from: number, to: number): Span => ({ from: epochSeconds(from), to: epochSeconds(to) });
const moments = Array.from({ length: 60 }, (_, i) => epochSeconds(i - 5));
const values = (schedule: Schedule<Amperes>) => moments.map((at) => limitAt(schedule, at) ?? Infinity);
const law = (says: (a: Schedule<Amperes>, b: Schedule<Amperes>, c: Schedule<Amperes>) => void) =>
  fc.assert(fc.property(schedules, schedules, schedules, (a, b, c) => void says(a, b, c)));

describe('the lowest of two schedules', () => {
  test('is at every moment the lower of both limits', () =>
    law((a, b) => expect(values(lowest(a, b))).toEqual(values(a).map((x, i) => Math.min(x, values(b)[i] ?? Infinity)))));
  test('is commutative', () => law((a, b) => expect(lowest(a, b)).toEqual(lowest(b, a))));
  test('is associative', () => law((a, b, c) => expect(lowest(lowest(a, b), c)).toEqual(lowest(a, lowest(b, c)))));
  test('is idempotent', () => law((a) => expect(lowest(a, a)).toEqual(a)));
  test('has no limit as its identity', () => law((a) => expect([lowest(a, NO_LIMIT), lowest(NO_LIMIT, a)]).toEqual([a, a])));
  test('SEC-35: never takes watts and amperes together', () => {
    // @ts-expect-error two units do not meet
    expect(lowest(constant(watts(11_000)), constant(amperes(16)))).toHaveLength(1);
  });
});

describe('one schedule over another', () => {
  test('shows the upper one, and the other through its gaps', () =>
    law((a, b) => expect(values(over(a, b))).toEqual(values(a).map((x, i) => (x === Infinity ? values(b)[i] : x)))));
  test('is associative', () => law((a, b, c) => expect(over(over(a, b), c)).toEqual(over(a, over(b, c)))));
  test('is idempotent', () => law((a) => expect(over(a, a)).toEqual(a)));
  test('has no limit as its identity', () => law((a) => expect([over(a, NO_LIMIT), over(NO_LIMIT, a)]).toEqual([a, a])));
});

describe('clipping', () => {
  test('keeps the limits within the span and none outside', () =>
    fc.assert(
      fc.property(
        schedules,
        spans,
        (a, s) => void expect(values(clip(a, s))).toEqual(values(a).map((x, i) => (i - 5 >= s.from && i - 5 < s.to ? x : Infinity))),
      ),
    ));
  test('twice is clipping to what both spans share', () =>
    fc.assert(
      fc.property(
        schedules,
        spans,
        spans,
        (a, s, t) => void expect(clip(clip(a, s), t)).toEqual(clip(a, span(Math.max(s.from, t.from), Math.min(s.to, t.to)))),
      ),
    ));
  test('comes before or after the lowest, all the same', () =>
    fc.assert(fc.property(schedules, schedules, spans, (a, b, s) => void expect(clip(lowest(a, b), s)).toEqual(lowest(clip(a, s), clip(b, s))))));
  test('to all of time changes nothing', () => law((a) => expect(clip(a, ALWAYS)).toEqual(a)));
});

describe('shifting', () => {
  const times = fc.integer({ min: -20, max: 20 }).map(seconds);
  const shifting = (says: (a: Schedule<Amperes>, by: { x: Seconds; y: Seconds }, b: Schedule<Amperes>) => void) =>
    fc.assert(fc.property(schedules, fc.record({ x: times, y: times }), schedules, (a, by, b) => void says(a, by, b)));
  test('moves each limit to its time later', () =>
    shifting((a, { x }) => expect(values(shift(a, x))).toEqual(moments.map((at) => limitAt(a, epochSeconds(at - x)) ?? Infinity))));
  test('twice is shifting by both at once, and by nothing it is nothing', () =>
    shifting((a, { x, y }) => expect([shift(shift(a, x), y), shift(a, seconds(0))]).toEqual([shift(a, seconds(x + y)), a])));
  test('comes before or after the lowest, one over another, and clipping, all the same', () =>
    shifting((a, { x }, b) => {
      expect(shift(lowest(a, b), x)).toEqual(lowest(shift(a, x), shift(b, x)));
      expect(shift(over(a, b), x)).toEqual(over(shift(a, x), shift(b, x)));
      expect(shift(clip(a, span(3, 12)), x)).toEqual(clip(shift(a, x), span(3 + x, 12 + x)));
    }));
});

describe('what a schedule is without a span', () => {
  test('and what it is within make it whole again', () =>
    fc.assert(
      fc.property(schedules, spans, (a, s) => {
        expect(values(without(a, s))).toEqual(values(a).map((x, i) => (i - 5 >= s.from && i - 5 < s.to ? Infinity : x)));
        expect(over(without(a, s), clip(a, s))).toEqual(a);
      }),
    ));
});

describe('a ceiling lifted by what is there besides', () => {
  test('is the sum where both are, the ceiling where it is alone, and none where there was none', () =>
    law((a, b) => expect(values(raisedBy(a, b))).toEqual(values(a).map((x, i) => x + (values(b)[i] === Infinity ? 0 : (values(b)[i] ?? 0))))));
  test('by two in turn is the same in any order', () => law((a, b, c) => expect(raisedBy(raisedBy(a, b), c)).toEqual(raisedBy(raisedBy(a, c), b))));
  test('has one decimal still: 8.1 and 0.2 are 8.3', () => {
    expect(raisedBy(constant(amperes(8.1)), constant(amperes(0.2)))).toEqual(constant(amperes(8.3)));
  });
});

describe('a schedule', () => {
  test('is merged already, whatever made it: equal functions are equal values', () =>
    law((a, b) => expect([merge(lowest(a, b)), merge(over(a, b))]).toEqual([lowest(a, b), over(a, b)])));
  test('holds steps in order, none empty, and no two touching ones alike', () =>
    law((a, b) => {
      const steps = lowest(a, b);
      const orderly = steps.every(({ from, to, limit }, i) => {
        const before = steps[i - 1];
        return from < to && (before === undefined || before.to < from || (before.to === from && before.limit !== limit));
      });
      expect(orderly).toBe(true);
    }));
});

describe('a profile as a schedule', () => {
  const periods = [
    { start: seconds(0), limit: amperes(16) },
    { start: seconds(60), limit: amperes(8) },
  ];
  const charging = epochSeconds(1000);
  test('CP-31: each period ends where the next one starts', () => {
    expect(scheduleOf({ start: epochSeconds(500), duration: seconds(90), periods }, charging)).toEqual([
      { ...span(500, 560), limit: 16 },
      { ...span(560, 590), limit: 8 },
    ]);
  });
  test('CP-28: without a start it counts from the start of charging', () => {
    expect(scheduleOf({ periods }, charging)[0]).toEqual({ ...span(1000, 1060), limit: 16 });
  });
  test('CP-29: without a duration its last period never ends', () => {
    expect(scheduleOf({ periods }, charging).at(-1)).toEqual({ ...span(1060, Infinity), limit: 8 });
  });
  test('CP-31: a period at or after the end is never executed', () => {
    expect(scheduleOf({ duration: seconds(60), periods }, charging)).toEqual([{ ...span(1000, 1060), limit: 16 }]);
  });
  test('within a span is the same as clipped to it', () =>
    fc.assert(
      fc.property(spans, fc.nat(80), (s, duration) => {
        const profile = { start: epochSeconds(3), duration: seconds(duration), periods };
        expect(scheduleOf(profile, charging, s)).toEqual(clip(scheduleOf(profile, charging), s));
      }),
    ));
  test('CP-31: periods without gaps come back as they went in', () => {
    expect(periodsOf(scheduleOf({ periods }, charging), charging)).toEqual(periods);
  });
  test.each([0, 1, 24, 1024, 10_000])('CP-31: %i periods make as many steps', (count) => {
    const many = Array.from({ length: count }, (_, i) => ({ start: seconds(i), limit: amperes(6 + (i % 2)) }));
    expect(scheduleOf({ periods: many }, charging)).toHaveLength(count);
  });
});
