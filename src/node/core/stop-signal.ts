/** The most time that a stop may take. Accepted requests are in the store, and the next start continues them. */
const STOP_MS = 10_000;

/** Resolves with the first SIGINT or SIGTERM. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // Not `once`: npm forwards a signal that the terminal also sends, and the second one must not kill the process during its stop.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolve);
  });
}

/** Disposes `running`; `late` when that took longer than `withinMs`. */
export async function stopInTime(running: AsyncDisposable, withinMs: number = STOP_MS): Promise<'stopped' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), withinMs);
  });
  const stopped = running[Symbol.asyncDispose]().then(() => 'stopped' as const);
  return Promise.race([stopped, late]).finally(() => clearTimeout(timer));
}
