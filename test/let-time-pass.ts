import type { VirtualClock } from '../sim/clock.ts';
import { forgetStoreCalls, storeCallsUnderWay } from './store-calls.ts';

/** A store that a test holds up is not waited for without end. */
const MOST_LOOKS = 100;

/**
 * Lets the nodes of this process work until none waits for its store, also after what was under way between them has arrived. Without it
 * virtual time runs ahead on a busy machine: a request would time out while its answer is being written down.
 */
export async function letNodesWork(answeringUrl: string): Promise<void> {
  const probe = new URL('/health/live', answeringUrl);
  let quiet = 0;
  for (let look = 0; quiet < 2 && look < MOST_LOOKS; look += 1) {
    await (await fetch(probe)).text();
    quiet = storeCallsUnderWay() === 0 ? quiet + 1 : 0;
  }
  if (quiet < 2) forgetStoreCalls();
}

/** Advances a virtual clock by 250 ms at a time until `event` resolves; `answeringUrl` is one of a node or partner. */
export async function letTimePass<T>(clock: VirtualClock, event: Promise<T>, answeringUrl: string): Promise<T> {
  let happened = false;
  const watched = event.finally(() => {
    happened = true;
  });
  while (!happened) {
    await clock.advance(250);
    await letNodesWork(answeringUrl);
  }
  return watched;
}
