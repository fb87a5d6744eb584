import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from './output.ts';

/** A password from the terminal, typed twice and not shown; or the first line of what comes on standard input. */
export async function askPassword(): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return (await readAll(stdin)).split('\n')[0]?.replace(/\r$/, '') ?? '';
  const first = await askHidden('Password: ');
  if (first !== (await askHidden('Again: '))) throw new CliError('the two are not the same: nothing was changed');
  return first;
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function readAll(input: NodeJS.ReadStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
