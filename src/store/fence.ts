import { statSync } from 'node:fs';
import { StoreLost } from './store.ts';

/** The counter with the number of the newest start of a node on a store. */
export const GENERATION = 'generation';

interface Identity {
  inode: number;
  device: number;
}
interface WatchedFile {
  path: string;
  /** Undefined until a check has found the file. */
  found: Identity | undefined;
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

  /** Watches files that are open from now on. One that does not exist yet is watched from the first check that finds it. */
  watch(...paths: readonly string[]): void {
    this.#files.push(...paths.map((path) => ({ path, found: undefined })));
    this.checkFiles();
  }

  /** Looks at the watched files; the store is lost when one was deleted or replaced. Returns why the node may not write any more. */
  checkFiles(): StoreLost | undefined {
    for (const file of this.#files) {
      const now = identityOf(file.path);
      if (now === 'unknown') continue;
      file.found ??= now;
      if (!file.found || (now?.inode === file.found.inode && now.device === file.found.device)) continue;
      const change = now ? 'replaced' : 'deleted';
      this.lose('a change of its file', `${file.path}: was ${change} while the node was using it; stop the node, restore the file, then start it again`);
    }
    return this.#lost;
  }
}

/** Undefined: there is no file. `unknown`: the folder cannot be read, which is no sign of a deletion; the next commit shows whether the file works. */
function identityOf(path: string): Identity | undefined | 'unknown' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && { inode: found.ino, device: found.dev };
  } catch {
    return 'unknown';
  }
}
