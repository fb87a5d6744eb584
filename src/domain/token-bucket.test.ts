import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FullAt, millisUntilToken, TokenBuckets, takeToken } from './token-bucket.ts';
import { epochMillis, seconds } from './units.ts';

const rate = { burst: 20, every: seconds(10) };
const start = 1_000_000;

/** Requests a token at each of `moments`; returns the moments at which one was available. */
function served(moments: readonly number[], of = rate): number[] {
  let fullAt: FullAt;
  return moments.filter((at) => {
    const now = epochMillis(at);
    if (millisUntilToken(fullAt, of, now) > 0) return false;
    fullAt = takeToken(fullAt, of, now);
    return true;
  });
}

describe('a token bucket', () => {
  test('CP-09: gives a burst at once, then one token in each interval', () => {
    const moments = [...Array<number>(30).fill(start), start + 9_999, start + 10_000, start + 10_001, start + 20_000];
    expect(served(moments)).toEqual([...Array<number>(20).fill(start), start + 10_000, start + 20_000]);
  });

  test('is full again after a pause and never holds more than the burst', () => {
    const after = start + 3_600_000;
    expect(served([...Array<number>(20).fill(start), ...Array<number>(25).fill(after)]).filter((at) => at === after)).toHaveLength(20);
  });

  test('returns the time to wait; after it a token is available', () => {
    let fullAt: FullAt;
    for (let n = 0; n < 20; n++) fullAt = takeToken(fullAt, rate, epochMillis(start));
    const wait = millisUntilToken(fullAt, rate, epochMillis(start));
    expect(wait).toBe(10_000);
    expect(millisUntilToken(fullAt, rate, epochMillis(start + wait))).toBe(0);
  });

  test('does not limit when the interval is 0', () => {
    const moments = Array<number>(1_000).fill(start);
    expect(served(moments, { burst: 1, every: seconds(0) })).toHaveLength(1_000);
  });

  test('law: in any period it gives at most the burst plus one token for each full interval', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 15_000 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 6 }), (between, burst) => {
        const of = { burst, every: seconds(5) };
        const moments = between.map((_, n) => start + between.slice(0, n).reduce((sum, gap) => sum + gap, 0));
        const got = served(moments, of);
        got.forEach((from, i) => {
          got.slice(i).forEach((to, n) => {
            expect(n + 1).toBeLessThanOrEqual(burst + Math.floor((to - from) / 5_000));
          });
        });
      }),
    );
  });
});

describe('R-20: token buckets by key', () => {
  const once = { burst: 1, every: seconds(10) };
  const at = (ms: number) => epochMillis(start + ms);
  const wait = (buckets: TokenBuckets, key: string, ms = 0) => buckets.millisUntilToken(key, once, at(ms));

  test('are apart from each other', () => {
    const buckets = new TokenBuckets(10);
    buckets.take('a', once, at(0));
    expect([wait(buckets, 'a'), wait(buckets, 'b'), buckets.size]).toEqual([10_000, 0, 1]);
  });

  test('are at most as many as allowed: beyond that the one unused longest is removed', () => {
    const buckets = new TokenBuckets(3);
    for (const key of ['a', 'b', 'c', 'a', 'd']) buckets.take(key, once, at(0));
    expect([buckets.size, wait(buckets, 'a'), wait(buckets, 'b'), wait(buckets, 'c')]).toEqual([3, 20_000, 0, 10_000]);
  });

  test('are removed when they are full again, before others are', () => {
    const buckets = new TokenBuckets(3);
    buckets.take('kept', { burst: 1, every: seconds(60) }, at(0));
    for (const key of ['b', 'c']) buckets.take(key, once, at(0));
    buckets.take('d', once, at(10_000));
    expect([buckets.size, buckets.millisUntilToken('kept', once, at(10_000))]).toEqual([2, 50_000]);
  });

  test('stay few however many keys there were, when they are full again', () => {
    const buckets = new TokenBuckets(100_000);
    for (let n = 0; n < 50_000; n += 1) buckets.take(`key ${n}`, once, at(n * 1_000));
    expect(buckets.size).toBeLessThanOrEqual(1_000);
  });

  test('need no entry without a limit, and none after they were filled', () => {
    const buckets = new TokenBuckets(3);
    buckets.take('a', { burst: 1, every: seconds(0) }, at(0));
    expect([buckets.size, buckets.taken('a', { burst: 1, every: seconds(0) }, at(0))]).toEqual([0, 0]);
    buckets.take('a', once, at(0));
    buckets.fill('a');
    expect([buckets.size, wait(buckets, 'a')]).toEqual([0, 0]);
  });

  test('take tokens back, and are never more than full', () => {
    const buckets = new TokenBuckets(3);
    for (let n = 0; n < 3; n += 1) buckets.take('a', once, at(0));
    expect([buckets.taken('a', once, at(0)), buckets.taken('a', once, at(5_000)), buckets.taken('b', once, at(0))]).toEqual([3, 3, 0]);
    buckets.giveBack('a', once, { tokens: 1, now: at(0) });
    expect(wait(buckets, 'a')).toBe(20_000);
    buckets.giveBack('a', once, { tokens: 5, now: at(0) });
    buckets.giveBack('b', once, { tokens: 5, now: at(0) });
    buckets.take('a', once, at(0));
    expect([wait(buckets, 'a'), wait(buckets, 'b'), buckets.size]).toEqual([10_000, 0, 1]);
  });
});
