import { expect, test } from 'vitest';
import { virtualClock } from '../../../sim/clock.ts';
import { epochMillis } from '../../domain/units.ts';
import { waitAtJumps } from './jump-clock.ts';

const start = epochMillis(1_000_000_000);

test.each([3_600_000, -3_600_000])('R-07: a jump by %i ms is found at once, and `now` waits at it until it is followed', async (by) => {
  const machine = virtualClock(start);
  const clock = waitAtJumps(machine);
  await machine.advance(500);
  machine.set(by);
  await machine.advance(300);
  expect([clock.now() - start, clock.jump()]).toEqual([800, by]);
  clock.follow(clock.jump());
  expect([clock.now() - start, clock.jump()]).toEqual([800 + by, 0]);
});

test('R-07: a second jump while the first is followed stays to be followed', () => {
  const machine = virtualClock(start);
  const clock = waitAtJumps(machine);
  machine.set(60_000);
  const first = clock.jump();
  machine.set(5_000);
  clock.follow(first);
  expect([clock.now() - start, clock.jump()]).toEqual([60_000, 5_000]);
});

test('R-07: small corrections are no jump, also when they add up', () => {
  const machine = virtualClock(start);
  const clock = waitAtJumps(machine);
  for (let n = 0; n < 10; n++) {
    machine.set(900);
    expect(clock.jump()).toBe(0);
  }
  expect(clock.now() - start).toBe(9_000);
});

test('R-07: while it waits at a jump, `now` is a whole number of milliseconds, although the steady clock is not', () => {
  let [now, steady] = [1_000_000, 7.25];
  const clock = waitAtJumps({ now: () => epochMillis(now), steady: () => epochMillis(steady), after: () => () => undefined });
  [now, steady] = [5_000_000, 10.75];
  expect(clock.now()).toBe(1_000_004);
});
