import { statSync } from 'node:fs';
import { StoreLost } from './store.ts';

/** The counter with the number of the newest start of a node on a store. */
export const GENERATION = 'generation';

interface WatchedFile {
  path: string;
  inode: number;
  device: number;
}

/**
 * Tells whether this node may still write to its store. Each start takes a new generation, and each commit checks in its own transaction
 * that no later one was taken: a node that lost its lock without noticing cannot write beside its successor. After each commit it checks
 * that its files are still there: what is written to a deleted file ends with the process.
 */
export class Fence {
  /** Undefined until the node has taken one. */
  generation: number | undefined;
  #lost: StoreLost | undefined;
  readonly #loss = Promise.withResolvers<StoreLost>();
  readonly #files: WatchedFile[] = [];

  /** Why the node may not write any more; undefined while it may. */
  get lost(): StoreLost | undefined {
    return this.#lost;
  }

  /** Resolves when the store is lost. */
  get loss(): Promise<StoreLost> {
    return this.#loss.promise;
  }

  /** Ends all writing; only the first reason counts. Returns the error for the caller to throw. */
  lose(by: StoreLost['by'], message: string): StoreLost {
    if (this.#lost) return this.#lost;
    this.#lost = new StoreLost(message, by);
    this.#loss.resolve(this.#lost);
    return this.#lost;
  }

  /** A commit found this generation in the store instead of its own; undefined when it could not read it. */
  supersededBy(generation: number | undefined): StoreLost {
    const found = generation === undefined ? 'another generation' : `generation ${generation}`;
    return this.lose('another node', `database: found ${found}, expected ${this.generation}: another node was started on it, so this node stops writing`);
  }

  /** Watches an open file from now on. */
  watch(path: string): void {
    const { ino, dev } = statSync(path);
    this.#files.push({ path, inode: ino, device: dev });
  }

  /** Throws `StoreLost` when a watched file was deleted or replaced. */
  checkFiles(): void {
    for (const { path, inode, device } of this.#files) {
      const now = statSync(path, { throwIfNoEntry: false });
      if (now?.ino === inode && now.dev === device) continue;
      const change = now ? 'replaced' : 'deleted';
      throw this.lose(
        'a change of its file',
        `${path}: the file was ${change} while the node was using it; stop the node, restore the file, then start it again`,
      );
    }
  }
}
