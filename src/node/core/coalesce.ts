import type { RunningWork } from './running-work.ts';

/** A task that runs for one key at a time. */
export interface CoalescedTask<K> {
  /** Runs the task for this key: now, or once more after the run in progress. */
  wake(key: K): void;
  /** Keys that run or wait. */
  size(): number;
}

/** What runs, and how it is named when it fails. */
interface Coalescing<K> {
  name(key: K): string;
  task(key: K): Promise<void>;
  /** Most runs at a time, of all keys together. */
  atOnce?: number;
}

/**
 * Runs a task by key: one run at a time for each key. Any number of calls during a run cause one more run after it. The task reads
 * what to send when it runs, so it sends the newest state and no queue grows.
 */
export function coalesce<K>(work: RunningWork, { name, task, atOnce = Number.POSITIVE_INFINITY }: Coalescing<K>): CoalescedTask<K> {
  const waiting = new Set<K>();
  const running = new Set<K>();

  function start(): void {
    for (const key of waiting) {
      if (running.size >= atOnce) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.add(key);
      work.start(name(key), () => run(key));
    }
  }

  async function run(key: K): Promise<void> {
    try {
      await task(key);
    } finally {
      running.delete(key);
      start();
    }
  }

  return {
    wake: (key) => {
      waiting.add(key);
      start();
    },
    size: () => waiting.size + running.size,
  };
}
