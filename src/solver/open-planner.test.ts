import { describe, expect, test } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { epochMillis } from '../domain/units.ts';
import { carPark } from '../planner/synthetic-site.ts';
import { openPlanner } from './open-planner.ts';

/** A clock whose timers run only when the test says so. */
function stoppedClock(): Clock & { expire: () => void } {
  const timers = new Set<() => void>();
  return {
    now: () => epochMillis(0),
    steady: () => epochMillis(0),
    after(_, then) {
      timers.add(then);
      return () => timers.delete(then);
    },
    expire: () => {
      for (const then of [...timers]) then();
    },
  };
}

describe('PLN-C07: a planner with worker threads', () => {
  test('plans several sites, and the event loop goes on meanwhile', async () => {
    await using planner = openPlanner({ clock: stoppedClock(), threads: 2, deadline: 60_000 });
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    count();
    const plans = await Promise.all([1, 2, 3, 4].map((seed) => planner.plan(carPark(20, { seed }))));
    isDone = true;
    expect(plans.map(({ site, certificate }) => [site, certificate.method])).toEqual([1, 2, 3, 4].map((seed) => [`park ${seed}`, 'OPTIMISED']));
    expect(turns).toBeGreaterThan(10);
  });
  test('answers with LLF when the worker is silent, and plans with a new worker after that', async () => {
    const clock = stoppedClock();
    await using planner = openPlanner({ clock, threads: 1, deadline: 60_000 });
    const [running, queued] = [planner.plan(carPark(5, { seed: 1 })), planner.plan(carPark(5, { seed: 2 }))];
    clock.expire();
    for (const plan of [await running, await queued])
      expect(plan.certificate).toMatchObject({ method: 'LLF', fallback: 'the solver did not answer within 60000 ms' });
    expect((await planner.plan(carPark(5, { seed: 3, tightness: 0.9 }))).certificate.method).toBe('OPTIMISED');
  });
  test('answers with LLF when it is stopped', async () => {
    const planner = openPlanner({ clock: stoppedClock(), threads: 1 });
    const open = planner.plan(carPark(5, { seed: 1 }));
    await planner[Symbol.asyncDispose]();
    for (const plan of [await open, await planner.plan(carPark(5, { seed: 1 }))])
      expect(plan.certificate).toMatchObject({ method: 'LLF', fallback: 'the solver is stopped' });
  });
});
