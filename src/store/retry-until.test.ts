import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/clock.ts';
import { epochMillis } from '../domain/units.ts';
import { pause, RETRY_MS, retryUntil } from './retry-until.ts';

const start = epochMillis(1_000_000);

describe('work on a store that may be unreachable', () => {
  test('is repeated until it succeeds', async () => {
    const clock = virtualClock(start);
    let attempts = 0;
    const done = retryUntil(
      async () => {
        attempts += 1;
        if (attempts < 4) throw new Error('unreachable');
        return 'done';
      },
      { clock, until: epochMillis(start + 60_000) },
    );
    await clock.advance(3 * RETRY_MS);
    expect([await done, attempts]).toEqual(['done', 4]);
  });

  test('rejects with the last error when the time is over', async () => {
    const clock = virtualClock(start);
    let attempts = 0;
    const done = retryUntil(
      async () => {
        attempts += 1;
        throw new Error(`failure ${attempts}`);
      },
      { clock, until: epochMillis(start + 3 * RETRY_MS) },
    );
    const ended = expect(done).rejects.toThrow('failure 3');
    await clock.advance(60_000);
    await ended;
  });

  test('is tried once, even when the time is over at the start', async () => {
    const clock = virtualClock(start);
    await expect(retryUntil(async () => 'done', { clock, until: epochMillis(0) })).resolves.toBe('done');
  });
});

describe('R-08: a pause', () => {
  const silent = { now: () => start, steady: () => start, after: () => () => undefined }; // as the clock of a node that stops: no timer fires

  test('ends when the stop begins', async () => {
    const stop = new AbortController();
    const paused = pause(silent, 20, stop.signal);
    stop.abort();
    await paused;
  });

  test('ends at once when the stop has begun before it', async () => {
    await pause(silent, 20, AbortSignal.abort());
  });
});
