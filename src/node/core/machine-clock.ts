import type { Clock } from '../../domain/clock.ts';
import { epochMillis } from '../../domain/units.ts';

/** The clock of this machine, in ms since 1970; timers beyond 24 days fire after 24 days. */
export const machineClock: Clock = {
  now: () => epochMillis(Date.now()),
  steady: () => epochMillis(Math.round(performance.timeOrigin + performance.now())),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, Math.min(milliseconds, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
