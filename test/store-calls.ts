import type { Store } from '../src/store/store.ts';

/** One object for each call that has not ended. */
const underWay = new Set<object>();

async function counted<T>(call: Promise<T>): Promise<T> {
  const entry = {};
  underWay.add(entry);
  try {
    return await call;
  } finally {
    underWay.delete(entry);
  }
}

/** The same store; its calls count as under way, and `around` wraps it further. */
export const countStoreCalls =
  (around: (store: Store) => Store = (store) => store) =>
  (store: Store): Store => {
    const inner = around(store);
    return {
      ...inner,
      commit: (writes) => counted(inner.commit(writes)),
      all: (query) => counted(inner.all(query)),
      first: (query) => counted(inner.first(query)),
    };
  };

/** Calls of the stores of all nodes in this process that have not ended. */
export const storeCallsUnderWay = (): number => underWay.size;

/** Calls that a test holds up, or whose node was cut off, are not waited for again. */
export const forgetStoreCalls = (): void => underWay.clear();
