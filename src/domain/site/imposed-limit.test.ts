import { describe, expect, test } from 'vitest';
import { epochSeconds } from '../units.ts';
import { ceilingAt, imposedCeiling, lowerImposed, readWrittenLimit, restoredLimit, type WrittenLimit } from './imposed-limit.ts';

const at = epochSeconds;
const says = (value: unknown) => {
  const read = readWrittenLimit(value);
  return read.ok ? read.value : `${read.problem.key}: ${read.problem.says}`;
};

describe('a written limit', () => {
  test.each<[unknown]>([
    [{ a: 50 }],
    [{ a: 50, w: 0 }],
    [{ a: 50, trusted_for: 900, fallback: { a: 30 } }],
    [{ w: 9_000, until: '2026-07-01T17:00:00+02:00', trusted_for: 120, fallback: { a: 10, w: 9_000 } }],
  ])('is read: %j', (value) => expect(says(value)).toEqual(value));
  test.each([
    [null, ': found null, allowed is a limit such as { a: 20 } (A on each phase), { w: 13800 } (W over all phases), or both'],
    [{}, ': has no limit: add a (A on each phase), w (W over all phases), or both'],
    [{ a: -1 }, 'a: found -1, allowed is a number of A from 0 on'],
    [{ w: 'much' }, 'w: found "much", allowed is a number of W from 0 on'],
    [{ amps: 3 }, 'amps: is not a known key, allowed are a, w, until, trusted_for, fallback'],
    [{ a: 5, until: 'noon' }, 'until: found "noon", allowed is a date and time with its zone, such as 2026-07-01T17:00:00Z'],
    [{ a: 5, trusted_for: 60, fallback: { a: 3 } }, 'trusted_for: found 60, allowed is a whole number of seconds from 120 to 604800'],
    [{ a: 5, trusted_for: 900 }, 'fallback: is missing: trusted_for needs the limit that holds when nobody renews this one, such as fallback: { a: 30 }'],
    [{ a: 5, fallback: { a: 3 } }, 'trusted_for: is missing: fallback needs the time after which it holds, from 120 s on'],
    [{ a: 5, trusted_for: 900, fallback: { w: 3 } }, 'fallback: has no a, which the limit has: add the a that holds afterwards'],
    [{ a: 5, trusted_for: 900, fallback: { a: 6 } }, 'fallback.a: found 6, allowed is at most the limit itself, 5: what holds without news must be lower'],
    [{ a: 5, trusted_for: 900, fallback: { a: 3, until: 1 } }, 'fallback.until: is not a known key, allowed are a, w'],
    [{ a: 5, trusted_for: 900, fallback: {} }, 'fallback: has no limit: add a (A on each phase), w (W over all phases), or both'],
  ])('is refused with what is wrong: %j', (value, problem) => expect(says(value)).toBe(problem));
});

describe('what a limit imposes', () => {
  const until = '2026-07-01T17:00:00Z';
  const end = Date.parse(until) / 1000;
  const imposed = (limit: WrittenLimit, now = 1_000) => imposedCeiling(limit, { at: at(1_000), now: at(now) });

  test('is the limit until it is lifted', () => expect(imposed({ a: 20 })).toEqual({ a: 20 }));
  test('ends at its end, and is nothing afterwards', () => {
    expect(imposed({ a: 20, until }, end - 1)).toEqual({ a: 20, later: [{ from: end }] });
    expect(imposed({ a: 20, until }, end)).toBeUndefined();
  });
  test('is the second limit when nobody renewed the first in time', () => {
    expect(imposed({ a: 50, trusted_for: 900, fallback: { a: 30 }, until })).toEqual({ a: 50, later: [{ from: 1_900, a: 30 }, { from: end }] });
    expect(imposedCeiling({ a: 50, trusted_for: 900, fallback: { a: 30 }, until }, { at: at(end - 900), now: at(end - 900) })).toEqual({
      a: 50,
      later: [{ from: end }],
    });
  });
  test('of a file and of a command is the lower at every moment', () => {
    const file = imposed({ a: 50, trusted_for: 900, fallback: { a: 30 } });
    const command = imposed({ a: 40, w: 9_000, until });
    const both = file && command && lowerImposed(file, command);
    expect(both).toEqual({
      a: 40,
      w: 9_000,
      later: [
        { from: 1_900, a: 30, w: 9_000 },
        { from: end, a: 30 },
      ],
    });
    expect(both && [1_899, 1_900, end].map((it) => ceilingAt(both, at(it)))).toEqual([{ a: 40, w: 9_000 }, { a: 30, w: 9_000 }, { a: 30 }]);
  });
});

test.each<[string, WrittenLimit, number, WrittenLimit | undefined]>([
  ['as it was', { a: 20 }, 5_000, { a: 20 }],
  ['with its end', { a: 20, until: '2026-07-01T17:00:00Z' }, 5_000, { a: 20, until: '2026-07-01T17:00:00Z' }],
  ['not at all after its end', { a: 20, until: '1970-01-01T01:00:00Z' }, 3_600, undefined],
  ['with the rest of its trust', { a: 20, trusted_for: 900, fallback: { a: 10 } }, 1_300, { a: 20, trusted_for: 600, fallback: { a: 10 } }],
  ['by its fallback, when less trust is left than may be given', { a: 20, trusted_for: 900, fallback: { a: 10 } }, 1_781, { a: 10 }],
  [
    'by its fallback, after its trust',
    { w: 9, until: '2026-07-01T17:00:00Z', trusted_for: 900, fallback: { w: 5 } },
    9_000,
    { w: 5, until: '2026-07-01T17:00:00Z' },
  ],
])('CON-P04: a limit of moment 1000 is put back %s', (...[, limit, now, restored]) =>
  expect(restoredLimit(limit, { at: at(1_000), now: at(now) })).toEqual(restored),
);
