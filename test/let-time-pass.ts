import type { VirtualClock } from '../sim/clock.ts';

/** Half a second at a time, and each time as long as the machine takes to answer, so that time does not outrun what is under way. */
export async function letTimePass<T>(clock: VirtualClock, event: Promise<T>, answeringUrl: string): Promise<T> {
  let happened = false;
  const watched = event.finally(() => {
    happened = true;
  });
  while (!happened) {
    await clock.advance(500);
    await fetch(answeringUrl);
  }
  return watched;
}
