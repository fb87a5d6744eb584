import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from './output.ts';
import { terminal } from './terminal.ts';

/** Asks for a password twice in the terminal, without showing it. When standard input is not a terminal, reads its first line. */
export async function askPassword(): Promise<string> {
  const { stdin } = terminal();
  if (!stdin.isTTY) return (await readAll(stdin)).split('\n')[0]?.replace(/\r$/, '') ?? '';
  const first = await askHidden('Password: ');
  if (first !== (await askHidden('Repeat the password: '))) throw new CliError('the two passwords differ; nothing was changed: run the command again');
  return first;
}

async function askHidden(prompt: string): Promise<string> {
  terminal().stderr.write(prompt);
  const noEcho = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal().stdin, output: noEcho, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    terminal().stderr.write('\n');
  }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of input) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
