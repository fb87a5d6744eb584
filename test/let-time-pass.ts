import type { VirtualClock } from '../sim/clock.ts';

/** A quarter of a second at a time, and each time as long as the node takes to look something up in its store, so that time does not outrun what is under way. */
export async function letTimePass<T>(clock: VirtualClock, event: Promise<T>, answeringUrl: string): Promise<T> {
  const lookUp = new URL('/ocpi/versions', answeringUrl);
  const headers = { Authorization: 'Token bm9ib2R5' };
  let happened = false;
  const watched = event.finally(() => {
    happened = true;
  });
  while (!happened) {
    await clock.advance(250);
    await fetch(lookUp, { headers });
  }
  return watched;
}
