import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../sim/clock.ts';
import { epochMillis } from '../../domain/units.ts';
import { Health } from './health.ts';

function healthAt() {
  const clock = virtualClock(epochMillis(1_800_000_000_000));
  return { clock, health: new Health(clock) };
}

describe('R-14: whether a node is ready', () => {
  test('it is, while no check finds anything', async () => {
    const { health } = healthAt();
    health.addCheck('limits', () => undefined);
    expect(await health.problems()).toEqual([]);
  });

  test('each part that does not work is named', async () => {
    const { health } = healthAt();
    health.addCheck('limits', () => 'the newest look is 7 s old');
    health.addCheck('store', async () => 'the database accepts no commit');
    expect(await health.problems()).toEqual([
      { check: 'limits', says: 'the newest look is 7 s old' },
      { check: 'store', says: 'the database accepts no commit' },
    ]);
  });

  test('any number of requests within a second cause one look', async () => {
    const { clock, health } = healthAt();
    let looks = 0;
    health.addCheck('counted', () => {
      looks += 1;
      return undefined;
    });
    await Promise.all(Array.from({ length: 100 }, () => health.problems()));
    await clock.advance(999);
    await health.problems();
    expect(looks).toBe(1);
    await clock.advance(1);
    await health.problems();
    expect(looks).toBe(2);
  });

  test('a job is overdue when it has not succeeded for three periods and 30 s', async () => {
    const { clock, health } = healthAt();
    health.expectJob('rights', 5_000);
    await clock.advance(45_000);
    expect(await health.problems()).toEqual([]);
    await clock.advance(1_000);
    expect(await health.problems()).toEqual([{ check: 'jobs', says: 'the job "rights" has not succeeded for 46 s' }]);
    health.jobEnded('rights');
    health.expectJob('rights', 5_000);
    await clock.advance(1_000);
    expect(await health.problems()).toEqual([]);
  });
});
