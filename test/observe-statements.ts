import type { Store, Write } from '../src/store/store.ts';

/** The same store; `note` gets each statement before it runs. */
export const observeStatements =
  (note: (statement: Write) => void) =>
  (store: Store): Store => ({
    ...store,
    commit: (writes) => {
      for (const write of writes) note(write);
      return store.commit(writes);
    },
    all: (query) => {
      note(query);
      return store.all(query);
    },
    first: (query) => {
      note(query);
      return store.first(query);
    },
  });
