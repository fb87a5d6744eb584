/** A task that runs for one key at a time. */
export interface CoalescedTask<K> {
  /** Runs the task for this key: now, or once more after the run in progress. */
  wake(key: K): void;
}

/**
 * Runs a task by key: one run at a time for each key, at most `atOnce` runs in total. Any number of calls during a run cause one
 * more run after it. The task reads what to send when it runs, so it sends the newest state and no queue grows.
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
