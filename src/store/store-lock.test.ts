import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshPostgres } from '../../test/set-up/fresh-postgres.ts';
import { stores } from '../../test/world.ts';
import { lockStore, StoreInUse } from './store-lock.ts';

const at = { wait: async () => undefined };

describe.each(stores)('the lock of a store (%s)', (kind) => {
  test('a second node is refused until the first one has ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'));
    try {
      const database = kind === 'sqlite' ? join(folder, 'node.db') : await freshPostgres();
      const first = await lockStore(database, at);
      await expect(lockStore(database, at)).rejects.toThrow(StoreInUse);
      await first[Symbol.asyncDispose]();
      const second = await lockStore(database, at);
      await second[Symbol.asyncDispose]();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
