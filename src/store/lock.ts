import type { Fence } from './fence.ts';

/** The lock of a store, held by one node or by `evenkeel migrate`. */
export interface StoreLock extends AsyncDisposable {
  /** False while the connection of the lock is lost and the lock is being taken again. */
  held(): boolean;
  /** Asks the server whether the connection of the lock still works, which a network may not tell; a broken one is replaced. */
  check(): Promise<void>;
}

/** What taking a lock needs. */
export interface LockOptions {
  wait(milliseconds: number): Promise<void>;
  /** Is lost when another process takes the lock later, which is possible after the loss of its connection. */
  fence?: Fence;
  /** Called when the connection of the lock is lost (false), and when the lock is taken again (true). */
  onChange?(held: boolean): void;
}
