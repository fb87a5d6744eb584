import { type Store, StoreClosed } from './store.ts';

/** The same store, but its end waits for calls that are running, and later calls reject with `StoreClosed` instead of an error of the driver. */
export function closable(inner: Store): Store {
  let running = 0;
  let closing: Promise<void> | undefined;
  let nothingRuns: (() => void) | undefined;
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    if (closing) throw new StoreClosed();
    running += 1;
    try {
      return await call();
    } finally {
      running -= 1;
      if (running === 0) nothingRuns?.();
    }
  };
  const close = async () => {
    if (running > 0) {
      await new Promise<void>((then) => {
        nothingRuns = then;
      });
    }
    await inner[Symbol.asyncDispose]();
  };
  return {
    ...inner,
    commit: (writes) => counted(() => inner.commit(writes)),
    all: (query) => counted(() => inner.all(query)),
    first: (query) => counted(() => inner.first(query)),
    [Symbol.asyncDispose]: () => {
      closing ??= close();
      return closing;
    },
  };
}
