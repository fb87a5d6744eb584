import { openEncryption, openStore } from '../../store/open.ts';
import { newestAudit } from '../../store/sql/audit.ts';
import type { Config } from '../config/config.ts';
import { Audit } from '../core/audit.ts';
import { machineClock } from '../core/machine-clock.ts';
import { keyFileOf } from '../core/open-context.ts';
import { createUsers, type Users } from './users.ts';

/** Opens the store of a configuration for those who may sign in; a node may run beside it. What is done is written down. */
export async function openUsers(config: Config): Promise<Omit<Users, 'recognise' | 'know'> & AsyncDisposable> {
  const store = await openStore(config.database);
  const context = { store, encryption: openEncryption(keyFileOf(config)), clock: machineClock };
  const users = createUsers(context);
  const audit = new Audit(context);
  const note = async (act: string, subject: string | undefined, says?: string) =>
    audit.note({ kind: 'command' }, { act, ...(subject !== undefined && { subject }), ...(says !== undefined && { says }) });
  const idOf = async (name: string) => (await users.all()).find((it) => it.name.toUpperCase() === name.toUpperCase() || it.id === name)?.id;
  return {
    all: users.all,
    // Names are people's: the chain knows them by their ids, which a new user has only afterwards.
    add: async (user) => {
      const added = await users.add(user);
      if (added.ok) await note('add-user', added.value.user.id, `role ${user.role}`);
      return added;
    },
    setPassword: async (name, password) => {
      await note('set-password', await idOf(name));
      return users.setPassword(name, password);
    },
    remove: async (name) => {
      await note('remove-user', await idOf(name));
      return users.remove(name);
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Opens the store of a configuration for the chain of what was done. */
export async function openAudit(config: Config) {
  const store = await openStore(config.database);
  const audit = new Audit({ store, encryption: openEncryption(keyFileOf(config)), clock: machineClock });
  return {
    verify: (containing?: string) => audit.verify(containing),
    newest: async (limit: number) => (await store.all(newestAudit(Number.MAX_SAFE_INTEGER, limit))).toReversed(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
