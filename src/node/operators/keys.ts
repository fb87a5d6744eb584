import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { openEncryption, openStore } from '../../store/open.ts';
import { type ApiKey, addApiKey, allApiKeys, apiKeyByHash, revokeApiKey, type Scope } from '../../store/sql/api-key.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import { Audit } from '../core/audit.ts';
import { machineClock } from '../core/machine-clock.ts';
import { keyFileOf } from '../core/open-context.ts';

/** The keys to the door of the operator's own systems. The store holds their hashes only, so each is shown once. */
export interface Keys {
  add(key: { name: string; scope: Scope }): Promise<{ id: string; key: string; scope: Scope }>;
  all(): Promise<readonly ApiKey[]>;
  revoke(id: string): Promise<Result<ApiKey>>;
  /** Whose key this is, as long as it is not revoked. */
  find(key: string): Promise<ApiKey | undefined>;
}

/** What a key begins with, so that people and scanners for lost secrets know it for one. */
const PREFIX = 'evk_';

export const createKeys = (store: Store, clock: Clock): Keys => ({
  add: async ({ name, scope }) => {
    const id = randomUUID();
    const key = PREFIX + newSecret();
    await store.commit([addApiKey({ id, name, scope, createdAt: clock.now(), revokedAt: undefined }, fingerprint(key))]);
    return { id, key, scope };
  },
  all: () => store.all(allApiKeys),
  revoke: async (id) => {
    const [revoked] = await store.commit([revokeApiKey(id, clock.now())]);
    const key = (await store.all(allApiKeys)).find((it) => it.id === id);
    if (!key) return fail(`no key has the id ${id}: evenkeel keys list shows them`);
    return revoked?.changed === 1 ? ok(key) : fail(`key ${id} was revoked before`);
  },
  find: (key) => store.first(apiKeyByHash(fingerprint(key))),
});

/** Opens the store of a configuration for its keys alone; a node may run beside it. What is done is written down first (SEC-39). */
export async function openKeys(config: Config): Promise<Keys & AsyncDisposable> {
  const store = await openStore(config.database);
  const keys = createKeys(store, machineClock);
  const audit = new Audit({ store, encryption: openEncryption(keyFileOf(config)), clock: machineClock });
  return {
    ...keys,
    add: async (key) => {
      await audit.note({ kind: 'command' }, { act: 'add-key', says: `good for ${key.scope}` });
      return keys.add(key);
    },
    revoke: async (id) => {
      await audit.note({ kind: 'command' }, { act: 'revoke-key', subject: id });
      return keys.revoke(id);
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
