import { terminal } from './terminal.ts';
/** A problem that ends a command with `exitCode`: each line says what is wrong and what to do. Without lines the command has printed it already. */
export class CliError extends Error {
  readonly exitCode: 1 | 2;

  constructor(problem: string | readonly string[], exitCode: 1 | 2 = 1) {
    super(typeof problem === 'string' ? problem : problem.join('\n'));
    this.exitCode = exitCode;
  }
}

/** The value of a result; a problem ends the command. */
export function valueOrThrow<T>(result: { ok: true; value: T } | { ok: false; problem: string }): T {
  if (!result.ok) throw new CliError(result.problem);
  return result.value;
}

/** Prints a value as one line of JSON on standard output. */
export const printJsonLine = (value: unknown): void => void terminal().stdout.write(`${JSON.stringify(value)}\n`);

/** Replaces control and format characters by a dot, because text from others must not control the terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}|\p{Cf}/gu, '·');
