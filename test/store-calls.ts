import type { Store } from '../src/store/store.ts';

let underWay = 0;

async function counted<T>(call: Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await call;
  } finally {
    underWay -= 1;
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
export const storeCallsUnderWay = (): number => underWay;
