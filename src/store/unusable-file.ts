const MAY_WRITE = 'let the user of this process write the file and its folder, or name another file';
/** The result code of SQLite for a file that another connection uses. */
export const BUSY = 5;
/** What to do about a result code: busy, read-only, input or output, damaged, full, cannot open, no database. */
const MENDS: ReadonlyMap<number, string> = new Map([
  [BUSY, 'end the other program that uses it'],
  [8, MAY_WRITE],
  [10, 'free its disk, or look for errors of this disk in the log of the machine'],
  [11, 'restore it from a backup'],
  [13, 'free its disk'],
  [14, MAY_WRITE],
  [26, 'restore it from a backup, or name another file'],
]);

/** The primary result code of an error of SQLite; undefined for other errors. */
export const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;

/** Runs a step of the start; an error of the SQLite file says which file it is, and how to mend it (F-76). */
export async function explainedFile<T>(path: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const mend = MENDS.get(resultCode(error) ?? 0);
    if (!(error instanceof Error) || mend === undefined) throw error;
    throw new Error(`database: ${path} cannot be used (${error.message}): ${mend}`, { cause: error });
  }
}
