import type { EpochMillis } from './units.ts';

/** The source of time: the machine's clock in a node, a virtual clock in a simulation. */
export interface Clock {
  now(): EpochMillis;
  /** Calls `then` once after that many milliseconds; the returned function cancels it. */
  after(milliseconds: number, then: () => void): () => void;
}
