/** Tasks by name. */
export interface Lanes<K> {
  wake(key: K): void;
}

/**
 * Runs a task by name, one at a time for each name: a call while it runs makes it run once more afterwards, however
 * often it was called. What is to be told is read when it runs, so the newest value is told and no queue grows.
 */
export function coalesce<K>(task: (key: K) => Promise<void>, complain: (key: K, error: unknown) => void): Lanes<K> {
  const running = new Map<K, { again: boolean }>();

  async function run(key: K, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      await task(key).catch((error) => complain(key, error));
    } while (state.again);
    running.delete(key);
  }

  return {
    wake: (key) => {
      const now = running.get(key);
      if (now) {
        now.again = true;
        return;
      }
      const state = { again: false };
      running.set(key, state);
      void run(key, state);
    },
  };
}
