import { expect, test } from 'vitest';
import { stationId } from '../domain/ids.ts';
import { epochMillis } from '../domain/units.ts';
import { GuessThrottle } from './guess-throttle.ts';

const [CP1, CP2] = [stationId('CP1'), stationId('CP2')];

test('SEC-30: guesses at one station from one address are slowed down; others go on, and time allows more', () => {
  let now = 0;
  const throttle = new GuessThrottle({ now: () => epochMillis(now), steady: () => epochMillis(now), after: () => () => undefined });
  for (let n = 0; n < 50; n++) throttle.failed(CP1, '10.0.0.1');
  expect([throttle.allows(CP1, '10.0.0.1'), throttle.allows(CP2, '10.0.0.1'), throttle.allows(CP1, '10.0.0.2')]).toEqual([false, true, true]);
  now = 10_000;
  expect(throttle.allows(CP1, '10.0.0.1')).toBe(true);
});

test('SEC-30: guesses from one address over many stations are slowed down together', () => {
  const throttle = new GuessThrottle({ now: () => epochMillis(0), steady: () => epochMillis(0), after: () => () => undefined });
  for (let n = 0; n < 200; n++) throttle.failed(stationId(`CP${n}`), '10.0.0.1');
  expect([throttle.allows(stationId('CP999'), '10.0.0.1'), throttle.allows(stationId('CP999'), '10.0.0.2')]).toEqual([false, true]);
});
