import type { Clock } from '../../src/domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../src/domain/units.ts';

/** A clock that the test moves, with timers that the test fires. Moving the time fires no timer; timers are selected by their length. */
export interface ManualClock extends Clock {
  /** Moves the time forward; no timer fires. */
  moveTime(milliseconds: number): void;
  /** Fires the timers whose length in milliseconds is in this range; returns how many they were. */
  fireTimers(shortest: number, longest: number): number;
  /** The lengths of all pending timers in milliseconds. */
  pendingTimers(): readonly number[];
}

/** Creates a clock that stands at `start`. */
export function manualClock(start: EpochMillis): ManualClock {
  let now = Number(start);
  const timers = new Set<{ length: number; then: () => void }>();
  return {
    now: () => epochMillis(now),
    after: (length, then) => {
      const timer = { length, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    moveTime: (milliseconds) => {
      now += milliseconds;
    },
    fireTimers: (shortest, longest) => {
      const due = [...timers].filter(({ length }) => length >= shortest && length <= longest);
      for (const timer of due) {
        timers.delete(timer);
        timer.then();
      }
      return due.length;
    },
    pendingTimers: () => [...timers].map(({ length }) => length),
  };
}
