import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runCommand } from './command.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/profiles.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/g)].map(([, code = '', output = '']) => ({ code, output }));
const commands = [...page.matchAll(/^npx evenkeel (.*?)(?:\s+#.*| > .*)?$/gm)].map(([, line = '']) => line);
const entry = pathToFileURL(join(root, 'src/domain/profile/index.ts')).href;

/** Creates a folder with the files that the commands of the page read. */
function createFolder() {
  const path = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  const profile = JSON.stringify({ charging_rate_unit: 'W', charging_profile_period: [{ start_period: 0, limit: 11_000 }] });
  writeFileSync(join(path, 'profile.json'), profile);
  writeFileSync(join(path, 'profiles.jsonl'), `${profile}\n${profile}\n`);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('docs/profiles.md has two examples and four commands', () => expect([examples.length, commands.length]).toEqual([2, 4]));

test.each(examples.map((it, n) => [n + 1, it] as const))(
  'example %i of docs/profiles.md prints the output that the page shows',
  async (_, { code, output }) => {
    using folder = createFolder();
    const file = join(folder.path, 'example.ts');
    writeFileSync(file, code.replace("'evenkeel/profile'", `'${entry}'`));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toBe(output);
  },
);

test.each(commands)('the command of docs/profiles.md works: evenkeel %s', async (line) => {
  using folder = createFolder();
  const args = line
    .split(' ')
    .map((arg) => (arg.startsWith('profile') && arg.includes('.') ? join(folder.path, arg) : arg.replace(/^test\//, `${root}/test/`)));
  const { code, stdout, stderr } = await runCommand(...args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.length).toBeGreaterThan(0);
});
