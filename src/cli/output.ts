/** What a command says when it cannot do its work: each line one problem with its mend. The program prints it and ends with `exitCode`. */
export class CliError extends Error {
  readonly exitCode: 1 | 2;

  constructor(problem: string | readonly string[], exitCode: 1 | 2 = 1) {
    super(typeof problem === 'string' ? problem : problem.join('\n'));
    this.exitCode = exitCode;
  }
}

/** The value of a result; its problem ends the command. */
export function valueOrThrow<T>(result: { ok: true; value: T } | { ok: false; problem: string }): T {
  if (!result.ok) throw new CliError(result.problem);
  return result.value;
}
