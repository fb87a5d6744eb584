import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const top = join(import.meta.dirname, '..');
const run = (script: string, ...args: string[]) => spawnSync(process.execPath, [script, ...args], { cwd: top, encoding: 'utf8' });

const scripts = ['scripts/check.ts', 'scripts/build.ts', 'scripts/console.ts', 'scripts/requirements.ts', 'scripts/mutate.ts', 'bench/main.ts'];

test.each(scripts)('F-79: %s shows its options with --help, and refuses an unknown one, before it does anything', (script) => {
  const help = run(script, '--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^npm run [a-z]+/);
  expect(help.stdout).toContain('--help');
  const unknown = run(script, '--nonsense');
  expect([unknown.status, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toMatch(/^Unknown option '--nonsense'\nnpm run /);
});

test('F-79: scripts/test.ts shows its options with --help', () => {
  expect(run('scripts/test.ts', '--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^npm test -- /) });
});

test('F-79: a script without names refuses one, and a benchmark a wrong value', () => {
  expect(run('scripts/check.ts', 'quickly')).toMatchObject({ status: 2, stderr: expect.stringContaining("'quickly'") });
  expect(run('bench/main.ts', '--span', 'long', '--store', 'oracle', 'nothing')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^there is no benchmark nothing\n--span is long; .*\n--store is oracle; /),
  });
});
