import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createNode } from '../../src/node/node.ts';
import { migrateStore } from '../../src/node/offline/migrate.ts';
import { encryptWith } from '../../src/store/encryption.ts';
import { keyFileFor, openBeside, vaultFileFor } from '../../src/store/open.ts';
import { openVault } from '../../src/store/vault.ts';
import { openWorld, stores, type World } from '../world.ts';

const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
const keep = { progress: () => undefined, keepKey: true };

async function readinessOf(world: World) {
  const answer = await fetch(`${world.node().publicUrl}/health/ready`);
  return { http: answer.status, body: await answer.json() };
}

describe('R-13: a file of the store that disappears while the node is using it', () => {
  const changes: readonly [string, (database: string) => void][] = [
    ['the database is deleted', (database) => rmSync(database)],
    ['the database is moved away', (database) => renameSync(database, `${database}.moved`)],
    [
      'the database is replaced by a copy',
      (database) => {
        copyFileSync(database, `${database}.copy`);
        renameSync(`${database}.copy`, database);
      },
    ],
    ['the write-ahead log is deleted', (database) => rmSync(`${database}-wal`)],
    ['the vault is deleted', (database) => rmSync(vaultFileFor(keyFileFor(database)))],
  ];
  test.each(changes)('%s: nothing is accepted, the node is not ready, and one line says which file', async (_what, change) => {
    const errors: unknown[] = [];
    await using world = await openWorld({ log: (level, event, facts) => level === 'error' && errors.push([event, String(facts.error)]) });
    const emsp = await world.emsp();
    const session = await world.charging(emsp, await world.station('CP-16'));
    change(world.database);
    expect((await emsp.set(session, profile)).result).not.toBe('ACCEPTED');
    expect(await readinessOf(world)).toEqual({
      http: 503,
      body: { status: 'not ready', problems: [{ check: 'store', says: 'a file of the database was deleted or replaced; the log names it' }] },
    });
    expect((await fetch(`${world.node().publicUrl}/health/live`)).status).toBe(200);
    expect(errors).toEqual([['store-lost', expect.stringMatching(/(was deleted|was replaced) while the node was using it; stop the node, restore the file/)]]);
  });

  test('a node without any work notices it within seconds', async () => {
    const lost = Promise.withResolvers<string>();
    await using world = await openWorld({ log: (_level, event, facts) => event === 'store-lost' && lost.resolve(String(facts.error)) });
    rmSync(world.database);
    expect(await lost.promise).toContain(world.database);
  });
});

describe.each(stores)('R-13: the key of a store (%s)', (kind) => {
  test('a store is not opened with another key, by a node or a command, and not without its key', async () => {
    await using world = await openWorld({ store: kind });
    const settings = world.settings();
    const refusal = async () => [await reasonOf(createNode(settings)), await reasonOf(openBeside(settings))];
    await world.restart(async () => {
      renameSync(world.keyFile, `${world.keyFile}.kept`);
      expect(await refusal()).toEqual(
        Array(2).fill(expect.stringContaining(`${world.keyFile}: found nothing, allowed: the key that the database was written with`)),
      );
      expect(existsSync(world.keyFile)).toBe(false);
      writeFileSync(world.keyFile, randomBytes(32).toString('base64'));
      expect(await refusal()).toEqual(Array(2).fill(expect.stringContaining(`${world.keyFile}: found another key`)));
      renameSync(`${world.keyFile}.kept`, world.keyFile);
    });
  });

  test('a store of an older release remembers its key at the next start', async () => {
    await using world = await openWorld({ store: kind });
    const forget = { name: 'forget-key', sql: "DELETE FROM counter WHERE name = 'key-fingerprint'", values: [] };
    const known = { name: 'known-keys', sql: "SELECT value FROM counter WHERE name = 'key-fingerprint'", values: [], read: () => 'known' };
    await world.restart(async () => {
      await using beside = await openBeside(world.settings());
      await beside.store.commit([forget]);
    });
    await using beside = await openBeside(world.settings());
    expect(await beside.store.all(known)).toEqual(['known']);
  });
});

describe.each(stores)('F-72: the vault of a store (%s)', (kind) => {
  test('a store is not opened with another vault, or without its vault; with a copy of it, it is', async () => {
    await using world = await openWorld({ store: kind });
    const settings = world.settings();
    const vault = vaultFileFor(world.keyFile);
    const refusal = async () => [await reasonOf(createNode(settings)), await reasonOf(openBeside(settings))];
    await world.restart(async () => {
      copyFileSync(vault, `${vault}.copy`);
      rmSync(vault);
      expect(await refusal()).toEqual(Array(2).fill(expect.stringContaining(`${vault}: found nothing, allowed: the vault`)));
      expect(existsSync(vault)).toBe(false);
      openVault(vault, encryptWith(randomBytes(32)))[Symbol.dispose]();
      expect(await refusal()).toEqual(Array(2).fill(expect.stringContaining(`${vault}: found another vault`)));
      renameSync(`${vault}.copy`, vault);
    });
  });

  test('a vault that is lost for good is replaced by evenkeel migrate --new-vault', async () => {
    await using world = await openWorld({ store: kind });
    await world.restart(async () => {
      rmSync(vaultFileFor(world.keyFile));
      await migrateStore(world.settings(), { ...keep, newVault: true });
    });
    expect(await readinessOf(world)).toMatchObject({ http: 200 });
  });
});

describe('R-13: a new database beside the files of an earlier one', () => {
  test('is refused with what to do, by a node and by migrate, and nothing is created; --keep-key allows it', async () => {
    await using world = await openWorld();
    const settings = world.settings();
    const files = [world.database, `${world.database}-wal`, `${world.database}-shm`];
    await world.restart(async () => {
      for (const file of files) rmSync(file, { force: true });
      const refused = [await reasonOf(createNode(settings)), await reasonOf(migrateStore(settings, { ...keep, keepKey: false }))];
      expect(refused).toEqual(Array(2).fill(expect.stringContaining('database: found a new one, but')));
      expect(refused[0]).toContain(`${world.keyFile} and ${vaultFileFor(world.keyFile)} of an earlier one`);
      expect(refused[0]).toContain('restore the earlier database');
      await migrateStore(settings, keep);
    });
  });

  test('a key file at the default path is enough to refuse; one that key_file names may be new', async () => {
    await using world = await openWorld();
    await world.restart(async () => {
      for (const file of [world.database, vaultFileFor(world.keyFile)]) rmSync(file);
      expect(await reasonOf(createNode(world.settings()))).toContain('of an earlier one');
      await migrateStore({ ...world.settings(), key_file: world.keyFile }, { ...keep, keepKey: false });
    });
  });
});

/** The message of the error that the opening rejects with; what opens although it should not is closed. */
async function reasonOf(opening: Promise<AsyncDisposable | number>): Promise<string> {
  try {
    const opened = await opening;
    if (typeof opened !== 'number') await opened[Symbol.asyncDispose]();
    return 'opened';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
