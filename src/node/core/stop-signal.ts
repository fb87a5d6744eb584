/** A stop takes no longer than this; what was accepted is in the store and taken up at the next start. */
const PATIENCE_MS = 10_000;

/** Resolves with the first signal that asks this process to stop. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((asked) => {
    // Not `once`: npm passes on a signal that the terminal has sent as well, and the second must not cut the stop short.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, asked);
  });
}

/** Disposes what runs; `late` when it took too long to wait for any further. */
export async function stopInTime(running: AsyncDisposable, patience: number = PATIENCE_MS): Promise<'stopped' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((given) => {
    timer = setTimeout(() => given('late'), patience);
  });
  const stopped = running[Symbol.asyncDispose]().then(() => 'stopped' as const);
  return Promise.race([stopped, late]).finally(() => clearTimeout(timer));
}
