import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes: those of its process, or those of a caller in the same process. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean };
  /** `columns` and `rows`: the size of the terminal in characters. */
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable;
  env: Readonly<Record<string, string | undefined>>;
}

const current = new AsyncLocalStorage<Terminal>();

/** The terminal of the command that runs. */
export const terminal = (): Terminal => current.getStore() ?? process;

/** Runs a command with this terminal. */
export const withTerminal = <T>(at: Terminal, run: () => T): T => current.run(at, run);
