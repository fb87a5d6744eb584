import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import { describeSeveral, pickById } from '../../domain/id-prefix.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { type ApiKey, addApiKey, allApiKeys, apiKeyByHash, revokeApiKey, type Scope } from '../../store/sql/api-key.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import { openAuditedStore } from './audited-store.ts';

/** The keys to the operator API. The store holds only their hashes, so each key is shown once. */
export interface Keys {
  add(key: { name: string; scope: Scope }): Promise<{ id: string; key: string; scope: Scope }>;
  all(): Promise<readonly ApiKey[]>;
  /** Revokes the key with this id, or the only one whose id begins with it. */
  revoke(id: string): Promise<Result<ApiKey>>;
  /** The record of a key; undefined when it is unknown or revoked. */
  find(key: string): Promise<ApiKey | undefined>;
}

/** Each key begins with this, so that people and secret scanners recognise it. */
const PREFIX = 'evk_';

export const createKeys = (store: Store, clock: Clock): Keys => ({
  add: async ({ name, scope }) => {
    const id = randomUUID();
    const key = PREFIX + newSecret();
    await store.commit([addApiKey({ id, name, scope, createdAt: clock.now(), revokedAt: undefined }, fingerprint(key))]);
    return { id, key, scope };
  },
  all: () => store.all(allApiKeys),
  revoke: async (typed) => {
    const picked = pickById(await store.all(allApiKeys), ({ id }) => id, typed);
    if (picked.is === 'NONE') return fail(`no key has the id ${typed}: evenkeel keys list shows all keys`);
    if (picked.is === 'SEVERAL') return fail(describeSeveral('keys', typed, picked.ids));
    const { id } = picked.item;
    const [revoked] = await store.commit([revokeApiKey(id, clock.now())]);
    const key = (await store.all(allApiKeys)).find((it) => it.id === id);
    return key && revoked?.changed === 1 ? ok(key) : fail(`key ${id} was revoked before`);
  },
  find: (key) => store.first(apiKeyByHash(fingerprint(key))),
});

/** Opens the store of a configuration to change its keys; a node may run beside it. Each change is audited. */
export async function openKeys(config: Config): Promise<Keys & AsyncDisposable> {
  const opened = await openAuditedStore(config);
  const keys = createKeys(opened.store, opened.clock);
  return {
    ...keys,
    add: (key) => opened.audited({ act: 'add-key', says: `scope ${key.scope}` }, () => keys.add(key)),
    revoke: (id) => opened.audited({ act: 'revoke-key', subject: id }, () => keys.revoke(id)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
