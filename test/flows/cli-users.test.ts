import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { pipeCommand, runCommand } from '../command.ts';
import { writeNodeFile } from '../node-file.ts';

const lines = ({ stdout }: { stdout: string }): Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('SEC-36, SEC-39: users are added, get a password and are removed; the audit records it, and verify detects a changed row', async () => {
  await using file = await writeNodeFile();
  const config = ['--config', file.path, '--json'];
  expect((await runCommand('migrate', ...config)).code).toBe(0);
  const added = await pipeCommand('four words of mine\n', 'users', 'add', ...config, '--name', 'anna', '--role', 'operate', '--totp');
  const [user] = lines(added);
  expect(user).toMatchObject({
    name: 'anna',
    role: 'operate',
    totp: true,
    otpauth: expect.stringMatching(/^otpauth:\/\/totp\/Evenkeel:anna\?secret=[A-Z2-7]{32}&/),
  });
  expect(added.stdout).not.toContain('four words');
  expect(await pipeCommand('short\n', 'users', 'password', ...config, '--name', 'anna')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('12 to 128 characters'),
  });
  const removed = await runCommand('users', 'remove', ...config, '--name', 'Anna');
  expect(lines(removed)).toMatchObject([{ id: user?.id }]);
  expect((await runCommand('users', 'list', ...config)).stdout).toBe('');

  const [whole] = lines(await runCommand('audit', 'verify', ...config));
  expect(whole).toEqual({ whole: true, entries: 3, last: expect.any(String) });
  expect(lines(await runCommand('audit', 'list', ...config)).map(({ act, subject }) => [act, subject])).toEqual([
    ['add-user', user?.id],
    ['set-password', user?.id],
    ['remove-user', user?.id],
  ]);
  await using store = await openStore(file.database);
  await store.commit([{ name: 'forge', sql: "UPDATE audit SET by_kind = 'node' WHERE seq = 2", values: [] }]);
  expect(await runCommand('audit', 'verify', ...config)).toMatchObject({ code: 1, stderr: expect.stringContaining('not whole at entry 2') });
});
