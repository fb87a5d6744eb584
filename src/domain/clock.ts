import type { EpochMillis } from './units.ts';

/** Where time comes from: the machine's clock in a node, a virtual one in a simulated street. */
export interface Clock {
  now(): EpochMillis;
  /** Runs `then` once after that many milliseconds; calling what it returns takes it back. */
  after(milliseconds: number, then: () => void): () => void;
}
