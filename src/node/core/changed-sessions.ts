import { asSessionKey, type SessionKey } from '../../domain/ids.ts';
import type { Store, Write } from '../../store/store.ts';
import type { Journal } from './journal.ts';

type Listener = (key: SessionKey) => void;

/** Statements that change a session or a profile of it; their first value is the key of the session. */
const CHANGES_SESSION = /^\s*(?:INSERT INTO|UPDATE|DELETE FROM) (?:session|input)\b/;

/** Tells which sessions may have changed: those of each commit, and those that a step of the journal names. */
export class ChangedSessions {
  readonly #listeners = new Set<Listener>();

  /** `journal`: the outcome of an exchange changes what is known of its session. */
  constructor(journal: Pick<Journal, 'onStep'>) {
    journal.onStep((step) => {
      const session: unknown = Reflect.get(step, 'session');
      if (typeof session === 'string') this.#tell(asSessionKey(session));
    });
  }

  /** Calls `listener` at each change; call the returned function to stop. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The same store. A failed commit may have happened, so its sessions count too. */
  around(store: Store): Store {
    const commit = async (writes: readonly Write[]) => {
      try {
        return await store.commit(writes);
      } finally {
        if (this.#listeners.size > 0) for (const it of writes) this.#note(it);
      }
    };
    return { ...store, commit, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  }

  #note({ sql, values: [first] }: Write): void {
    if (typeof first === 'string' && CHANGES_SESSION.test(sql)) this.#tell(asSessionKey(first));
  }

  #tell(key: SessionKey): void {
    for (const listener of this.#listeners) listener(key);
  }
}
