import { type EpochMillis, epochMillis } from './units.ts';

/** The source of time: the machine's clock in a node, a virtual clock in a simulation. */
export interface Clock {
  /** The time of day; it jumps when somebody sets the clock of the machine. For moments that are stored or sent. */
  now(): EpochMillis;
  /** The time at the start of the process plus the time that has passed since: it never jumps. For deadlines and intervals in memory. */
  steady(): EpochMillis;
  /** Calls `then` once after that many milliseconds, whatever happens to `now`; the returned function cancels it. */
  after(milliseconds: number, then: () => void): () => void;
}

/** The same moment by `steady`: a deadline that is kept in memory passes after the same time, also when the clock of the machine is set meanwhile. */
export const steadyDeadline = (clock: Pick<Clock, 'now' | 'steady'>, moment: EpochMillis): EpochMillis => epochMillis(clock.steady() + (moment - clock.now()));
