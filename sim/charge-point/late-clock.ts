import type { Clock } from '../../src/domain/clock.ts';
import { epochMillis } from '../../src/domain/units.ts';

/** A clock that is behind by so many seconds. */
export const lateClock = (clock: Clock, behind: () => number): Clock => ({
  now: () => epochMillis(clock.now() - behind() * 1000),
  after: (milliseconds, then) => clock.after(milliseconds, then),
});
