import type { Clock } from '../../src/domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../src/domain/units.ts';

/** A clock that stands still until it is turned; timers ring only when the test says so, known by how long they wait. */
export interface TurnedClock extends Clock {
  /** Turns it on by that many milliseconds, and rings nothing. */
  turn(milliseconds: number): void;
  /** Rings each timer whose wait is of that length, in milliseconds, and says how many that were. */
  ring(shortest: number, longest: number): number;
  /** The lengths of the timers that wait. */
  waits(): readonly number[];
}

export function turnedClock(start: EpochMillis): TurnedClock {
  let now = Number(start);
  const timers = new Set<{ length: number; then: () => void }>();
  return {
    now: () => epochMillis(now),
    steady: () => epochMillis(now),
    after: (length, then) => {
      const timer = { length, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    turn: (milliseconds) => {
      now += milliseconds;
    },
    ring: (shortest, longest) => {
      const due = [...timers].filter(({ length }) => length >= shortest && length <= longest);
      for (const timer of due) {
        timers.delete(timer);
        timer.then();
      }
      return due.length;
    },
    waits: () => [...timers].map(({ length }) => length),
  };
}
