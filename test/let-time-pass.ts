import type { VirtualClock } from '../sim/clock.ts';

/**
 * Advances a virtual clock by 250 ms at a time until `event` resolves. After each advance it waits for one request that the node answers
 * from its store, so that the clock does not get ahead of the work of the node.
 */
export async function letTimePass<T>(clock: VirtualClock, event: Promise<T>, answeringUrl: string): Promise<T> {
  const probe = new URL('/ocpi/versions', answeringUrl);
  const headers = { Authorization: 'Token bm9ib2R5' };
  let happened = false;
  const watched = event.finally(() => {
    happened = true;
  });
  while (!happened) {
    await clock.advance(250);
    await fetch(probe, { headers });
  }
  return watched;
}
