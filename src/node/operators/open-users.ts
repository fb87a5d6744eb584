import { newestAudit } from '../../store/sql/audit.ts';
import type { Config } from '../config/config.ts';
import { openAuditedStore } from './audited-store.ts';
import { createUsers, type Users } from './users.ts';

/** Opens the store of a configuration to change the users of the console; a node may run beside it. Each change is audited. */
export async function openUsers(config: Config): Promise<Omit<Users, 'verify' | 'addFromIssuer'> & AsyncDisposable> {
  const opened = await openAuditedStore(config);
  const { note, audited } = opened;
  const users = createUsers(opened);
  // The audit holds ids, not names: names are personal data.
  const subjectOf = async (name: string) => {
    const id = (await users.all()).find((it) => it.name.toUpperCase() === name.toUpperCase() || it.id === name)?.id;
    return id === undefined ? {} : { subject: id };
  };
  return {
    all: users.all,
    // Audited after the change, unlike the others: a new user has no id before.
    add: async (user) => {
      const added = await users.add(user);
      if (added.ok) await note({ act: 'add-user', subject: added.value.user.id, says: `role ${user.role}` });
      return added;
    },
    setPassword: async (name, password) => audited({ act: 'set-password', ...(await subjectOf(name)) }, () => users.setPassword(name, password)),
    remove: async (name) => audited({ act: 'remove-user', ...(await subjectOf(name)) }, () => users.remove(name)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

/** Opens the store of a configuration to read and verify the audit. */
export async function openAudit(config: Config) {
  const { store, audit, ...opened } = await openAuditedStore(config);
  return {
    verify: (containing?: string) => audit.verify(containing),
    newest: async (limit: number) => (await store.all(newestAudit(Number.MAX_SAFE_INTEGER, limit))).toReversed(),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
