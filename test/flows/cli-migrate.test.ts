import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SHAPE } from '../../src/store/migrate.ts';
import { runCommand, startCommand } from '../command.ts';
import { writeNodeFile } from '../node-file.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { connectRaw, fillAsOldRelease } from '../store/old-store.ts';
import { stores } from '../world.ts';

async function shapeOf(database: string): Promise<number> {
  await using raw = await connectRaw(database);
  const [newest = {}] = await raw.rows('SELECT MAX(number) AS shape FROM migration');
  return Number(newest.shape);
}

describe.each(stores)('R-05: evenkeel migrate (%s)', { timeout: 60_000 }, (kind) => {
  const writeFile = async () => writeNodeFile(kind === 'postgres' ? await freshPostgres() : undefined);

  test('changes the tables of an earlier release and prints its progress; other commands and doctor change nothing', async () => {
    await using file = await writeFile();
    const run = (...args: string[]) => runCommand(...args, '--config', file.path);
    await fillAsOldRelease(file.database, 1);
    expect(await run('users', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`database: found tables of shape 1, allowed: shape ${SHAPE}; start the node once, or run evenkeel migrate`),
    });
    expect((await run('doctor')).stdout).toContain(`its tables have shape 1, and this release needs shape ${SHAPE}`);
    expect(await shapeOf(file.database)).toBe(1);
    const { code, stdout, stderr } = await run('migrate');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^shape 2 of ${SHAPE}: statement 1 of \\d+\n[^]*\nthe database has shape ${SHAPE}\n$`));
    expect(await shapeOf(file.database)).toBe(SHAPE);
    expect((await run('users', 'list')).code).toBe(0);
  });

  test('is refused while a node runs on the database', async () => {
    await using file = await writeFile();
    await using node = startCommand(['serve', '--config', file.path]);
    await node.line(/ready/);
    expect(await runCommand('migrate', '--config', file.path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('found one that another node is using; stop that node'),
    });
  });
});

test('R-05: a command beside a node creates no database', async () => {
  await using file = await writeNodeFile();
  const { code, stderr } = await runCommand('users', 'list', '--config', file.path);
  expect([code, stderr]).toEqual([1, expect.stringContaining('database: found no tables')]);
  expect(existsSync(file.database)).toBe(false);
});

test('R-05: the help of migrate says when to use it and what it needs', async () => {
  const { code, stdout } = await runCommand('migrate', '--help');
  expect(code).toBe(0);
  for (const part of ['Changes the tables of a database that an earlier release wrote', 'No node may run on the database', '--keep-key']) {
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(part);
  }
});
