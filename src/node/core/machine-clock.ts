import type { Clock } from '../../domain/clock.ts';
import { epochMillis } from '../../domain/units.ts';

/** The time of this machine. */
export const machineClock: Clock = {
  now: () => epochMillis(Date.now()),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, Math.min(milliseconds, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
