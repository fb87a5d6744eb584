/** Prints one line of JSON on standard output, which is all that the command prints there. */
export const printJsonLine = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
