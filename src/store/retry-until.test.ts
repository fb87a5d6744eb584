import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/clock.ts';
import { epochMillis } from '../domain/units.ts';
import { RETRY_MS, retryUntil } from './retry-until.ts';

const start = epochMillis(1_000_000);

describe('work on a store that may be out of reach', () => {
  test('is done again until it succeeds', async () => {
    const clock = virtualClock(start);
    let tries = 0;
    const done = retryUntil(
      async () => {
        tries += 1;
        if (tries < 4) throw new Error('out of reach');
        return 'done';
      },
      { clock, until: epochMillis(start + 60_000) },
    );
    await clock.advance(3 * RETRY_MS);
    expect([await done, tries]).toEqual(['done', 4]);
  });

  test('ends with the last failure when its time is over', async () => {
    const clock = virtualClock(start);
    let tries = 0;
    const done = retryUntil(
      async () => {
        tries += 1;
        throw new Error(`failure ${tries}`);
      },
      { clock, until: epochMillis(start + 3 * RETRY_MS) },
    );
    const ended = expect(done).rejects.toThrow('failure 3');
    await clock.advance(60_000);
    await ended;
  });

  test('is tried once, however late it is', async () => {
    const clock = virtualClock(start);
    await expect(retryUntil(async () => 'done', { clock, until: epochMillis(0) })).resolves.toBe('done');
  });
});
