/** Tasks by name. */
export interface CoalescedTask<K> {
  wake(key: K): void;
}

/**
 * Runs a task by name, one at a time for each name and at most `atOnce` in all: a call while it runs makes it run once more
 * afterwards, however often it was called. What is to be told is read when it runs, so the newest value is told and no queue grows.
 */
export function coalesce<K>(
  task: (key: K) => Promise<void>,
  reportError: (key: K, error: unknown) => void,
  atOnce = Number.POSITIVE_INFINITY,
): CoalescedTask<K> {
  const waiting = new Set<K>();
  const running = new Set<K>();

  function start(): void {
    for (const key of waiting) {
      if (running.size >= atOnce) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.add(key);
      void run(key);
    }
  }

  async function run(key: K): Promise<void> {
    await task(key).catch((error) => reportError(key, error));
    running.delete(key);
    start();
  }

  return {
    wake: (key) => {
      waiting.add(key);
      start();
    },
  };
}
