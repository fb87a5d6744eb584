import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runCommand } from './command.ts';

const top = join(import.meta.dirname, '..');
const page = readFileSync(join(top, 'docs/profiles.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/g)].map(([, code = '', says = '']) => ({ code, says }));
const commands = [...page.matchAll(/^npm run -s evenkeel -- (.*?)(?: > .*)?$/gm)].map(([, line = '']) => line);
const door = pathToFileURL(join(top, 'src/domain/profile/index.ts')).href;

/** A folder with the files that the page speaks of. */
function folder() {
  const path = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  const profile = JSON.stringify({ charging_rate_unit: 'W', charging_profile_period: [{ start_period: 0, limit: 11_000 }] });
  writeFileSync(join(path, 'profile.json'), profile);
  writeFileSync(join(path, 'profiles.jsonl'), `${profile}\n${profile}\n`);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('the page on profiles has examples', () => expect([examples.length, commands.length]).toEqual([2, 4]));

test.each(examples.map((it, n) => [n + 1, it] as const))('example %i prints what the page says', async (_, { code, says }) => {
  using made = folder();
  const file = join(made.path, 'example.ts');
  writeFileSync(file, code.replace("'evenkeel/profile'", `'${door}'`));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  expect(stdout).toBe(says);
});

test.each(commands)('this command of the page works: evenkeel %s', async (line) => {
  using made = folder();
  const args = line.split(' ').map((arg) => (arg.startsWith('profile') && arg.includes('.') ? join(made.path, arg) : arg.replace(/^test\//, `${top}/test/`)));
  const { code, stdout, stderr } = await runCommand(...args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.length).toBeGreaterThan(0);
});
