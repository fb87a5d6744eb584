import { describe, expect, test } from 'vitest';
import { epochMillis } from '../src/domain/units.ts';
import { realClock, virtualClock } from './clock.ts';

describe('a virtual clock', () => {
  test('stands still until it is advanced', () => {
    const clock = virtualClock(epochMillis(1000));
    expect([clock.now(), clock.now()]).toEqual([1000, 1000]);
  });

  test('runs due timers in order of time, then of creation, each at its own time', async () => {
    const clock = virtualClock(epochMillis(0));
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, clock.now()]);
    clock.after(20, note('b'));
    clock.after(10, note('a'));
    clock.after(20, note('c'));
    clock.after(31, note('late'));
    await clock.advance(30);
    expect([seen, clock.now()]).toEqual([
      [
        ['a', 10],
        ['b', 20],
        ['c', 20],
      ],
      30,
    ]);
  });

  test('runs a timer that another timer creates during the same advance, also after an await', async () => {
    const clock = virtualClock(epochMillis(0));
    let done = 0;
    clock.after(10, () => {
      void Promise.resolve().then(() =>
        clock.after(10, () => {
          done = clock.now();
        }),
      );
    });
    await clock.advance(100);
    expect(done).toBe(20);
  });

  test('does not run a cancelled timer', async () => {
    const clock = virtualClock(epochMillis(0));
    let ran = false;
    clock.after(10, () => {
      ran = true;
    })();
    await clock.advance(100);
    expect([ran, clock.waiting()]).toEqual([false, 0]);
  });
});

describe('a real clock', () => {
  test('starts at the given time and runs at the given speed', async () => {
    const clock = realClock({ speed: 1000, start: epochMillis(5_000_000) });
    await new Promise<void>((done) => clock.after(20_000, done));
    expect(clock.now()).toBeGreaterThanOrEqual(5_020_000);
  });

  test('does not run a cancelled timer', async () => {
    const clock = realClock({ speed: 1000 });
    const seen: string[] = [];
    clock.after(1000, () => seen.push('cancelled'))();
    await new Promise<void>((done) => clock.after(5000, done));
    expect(seen).toEqual([]);
  });
});
