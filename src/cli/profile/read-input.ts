import { createReadStream } from 'node:fs';
import type { Result } from '../../domain/result.ts';
import { showValue } from '../../domain/show-value.ts';
import { CliError } from '../output.ts';

/** Longer than any list of periods that is read. */
const LONGEST_LINE = 4_000_000;

/** A file, or standard input, piece by piece; one that cannot be read ends the command. */
async function* piecesOf(file: string | undefined): AsyncGenerator<string> {
  const stream = (file === undefined ? process.stdin : createReadStream(file)).setEncoding('utf8');
  try {
    for await (const piece of stream) yield String(piece);
  } catch (error) {
    throw new CliError(`${file ?? 'standard input'} cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`, 2);
  }
}

/** The whole of a file, or of standard input. */
export async function readInput(file: string | undefined): Promise<string> {
  let text = '';
  for await (const piece of piecesOf(file)) text += piece;
  return text;
}

/** Its lines; one that never ends comes in parts, each of which is wrong, instead of filling the memory. */
async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of piecesOf(file)) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length <= LONGEST_LINE) continue;
    yield rest;
    rest = '';
  }
  yield rest;
}

/** Turns each line of JSON into a line on standard output; a wrong one is told on standard error, and makes the command end with 1 after the rest. */
export async function convertLines(file: string | undefined, turn: (value: unknown) => Result<string>): Promise<void> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    if (line.trim() === '') continue;
    const value = parseJson(line);
    const turned = value.ok ? turn(value.value) : value;
    if (turned.ok) process.stdout.write(`${turned.value}\n`);
    else reportWrongLine(number, turned.problem);
  }
}

/** Tells what is wrong with a line. */
export function reportWrongLine(number: number, problem: string): void {
  process.stderr.write(`evenkeel: line ${number}: ${problem}\n`);
  process.exitCode = 1;
}

/** A text as JSON. */
export function parseJson(text: string): Result<unknown> {
  try {
    return { ok: true, value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    return { ok: false, problem: `found ${showValue(text.trim())}, allowed: JSON` };
  }
}
