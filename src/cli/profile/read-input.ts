import { createReadStream } from 'node:fs';
import type { Result } from '../../domain/result.ts';
import { showValue } from '../../domain/show-value.ts';
import { CliError } from '../output.ts';
import { terminal } from '../terminal.ts';

/** In characters; longer than any valid profile. */
const MAX_LINE = 4_000_000;

/** The chunks of a file, or of standard input when `file` is undefined; an unreadable file ends the command. */
async function* readChunks(file: string | undefined): AsyncGenerator<string> {
  const stream = (file === undefined ? terminal().stdin : createReadStream(file)).setEncoding('utf8');
  try {
    for await (const chunk of stream) yield String(chunk);
  } catch (error) {
    throw new CliError(
      `${file ?? 'standard input'} cannot be read (${error instanceof Error && 'code' in error ? error.code : error}): name a file that this user may read`,
      2,
    );
  }
}

/** The whole text of a file, or of standard input. */
export async function readInput(file: string | undefined): Promise<string> {
  let text = '';
  for await (const chunk of readChunks(file)) text += chunk;
  return text;
}

/** The lines of a file, or of standard input. A line of more than MAX_LINE characters is split, so that it cannot fill the memory. */
async function* readLines(file: string | undefined): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of readChunks(file)) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length <= MAX_LINE) continue;
    yield rest;
    rest = '';
  }
  yield rest;
}

/** Converts each line of JSON and prints the result. Wrong lines are reported, and the other lines are still converted; then the command fails. */
export async function convertLines(file: string | undefined, convert: (value: unknown) => Result<string>): Promise<void> {
  let number = 0;
  let wrong = 0;
  for await (const line of readLines(file)) {
    number += 1;
    if (line.trim() === '') continue;
    const value = parseJson(line);
    const converted = value.ok ? convert(value.value) : value;
    if (converted.ok) terminal().stdout.write(`${converted.value}\n`);
    else {
      reportWrongLine(number, converted.problem);
      wrong += 1;
    }
  }
  if (wrong > 0) throw new CliError([]);
}

/** Prints the problem of a line on standard error. */
export const reportWrongLine = (number: number, problem: string): void => void terminal().stderr.write(`evenkeel: line ${number}: ${problem}\n`);

/** Parses JSON; a byte order mark at the start is allowed. */
export function parseJson(text: string): Result<unknown> {
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    return { ok: false, problem: `found ${showValue(text.trim())}, allowed: JSON` };
  }
}
