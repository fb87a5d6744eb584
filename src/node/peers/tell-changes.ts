import type { PeerId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { peersToTell } from '../../store/sql/peer.ts';
import { coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { hashOfOffer } from './our-offer.ts';

const MINUTE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
/** Peers that get our credentials at a time. */
const AT_ONCE = 8;

/** The pause after so many failed attempts: a minute, then twice as long each time, up to an hour. */
export const pauseAfter = (failures: number): number => Math.min(LONGEST_PAUSE_MS, MINUTE_MS * 2 ** (failures - 1));

/** Sends our credentials by PUT to each peer that has not got our present parties and modules. To be called every few seconds. */
export type TellChanges = () => Promise<void>;

/** `put` exchanges the credentials with one peer (VER-12, F-48). */
export function createTellChanges(context: Context, put: (peer: PeerId) => Promise<Result<unknown>>): TellChanges {
  const { store, clock, config, work } = context;
  /** Peers that could not be told, with the time of the next attempt. */
  const failed = new Map<PeerId, { failures: number; next: EpochMillis }>();
  context.metrics.keep('peers that were not told of our changes', () => failed.size);
  const tasks = coalesce<PeerId>(work, { name: (peer) => `our credentials to ${peer}`, task: tell, atOnce: AT_ONCE });

  const untold = () => store.all(peersToTell(hashOfOffer(config)));
  const isDue = (peer: PeerId) => (failed.get(peer)?.next ?? 0) <= clock.now();

  async function tell(peer: PeerId): Promise<void> {
    // An attempt that was under way when this one was called may have succeeded, or have failed just now.
    if (!isDue(peer) || !(await untold()).includes(peer)) return;
    const told = await put(peer);
    if (told.ok) return void failed.delete(peer);
    if (work.cutOff.aborted) return;
    const failures = (failed.get(peer)?.failures ?? 0) + 1;
    failed.set(peer, { failures, next: epochMillis(clock.now() + pauseAfter(failures)) });
    if (failures === 1) context.reportError(`our changed parties or modules to ${peer}`, told.problem);
  }

  return async () => {
    const peers = await untold();
    for (const peer of failed.keys()) if (!peers.includes(peer)) failed.delete(peer);
    for (const peer of peers) if (isDue(peer)) tasks.wake(peer);
  };
}
