import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { openNodeOf, writeNodeFile } from '../node-file.ts';

test('OPS-D16: a copy of an SQLite database that was made while the node ran, with key file and vault, restores the node', async () => {
  await using file = await writeNodeFile();
  const backup = join(file.folder, 'backup');
  mkdirSync(backup);
  {
    await using node = await openNodeOf(file);
    await node.keys.add({ name: 'before', scope: 'view' });
    for (const name of ['evenkeel.db', 'evenkeel.key.drivers']) {
      using database = new DatabaseSync(join(file.folder, name));
      database.exec(`VACUUM INTO '${join(backup, name)}'`);
    }
    copyFileSync(join(file.folder, 'evenkeel.key'), join(backup, 'evenkeel.key'));
    await node.keys.add({ name: 'after', scope: 'view' });
  }
  for (const name of readdirSync(file.folder)) if (/^evenkeel\.(db|key)/.test(name)) rmSync(join(file.folder, name));
  for (const name of readdirSync(backup)) copyFileSync(join(backup, name), join(file.folder, name));
  await using _restored = await openNodeOf(file);
  const { stdout } = await runCommand('keys', 'list', '--config', file.path);
  expect(['before', 'after'].filter((name) => stdout.includes(name))).toEqual(['before']);
  expect(await (await fetch(`${file.publicUrl}/health/ready`)).json()).toEqual({ status: 'ready' });
});
