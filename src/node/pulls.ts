import type { PeerId } from '../domain/ids.ts';
import { coalesce } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { isHub } from './hub-parties.ts';
import { createPullFrom, type PulledList, type Returned } from './pull-list.ts';

/** Pulls lists of those who own what is on them: at the start, when a push left a doubt, and every few hours (TRN-11, TRN-12, TRN-54, how-a-request-runs §7). */
export interface Pulls {
  pull(peer: PeerId): void;
  pullAll(): Promise<void>;
  /** From those that this run has not pulled from yet. */
  pullNew(): Promise<void>;
  /** From one party behind a hub, what changed since then, or all: it was away (HCI-02). */
  pullParty(of: Returned): void;
  /** Soon, and once for all the doubts of the next half minute. */
  doubt(peer: PeerId): void;
}

/** Several lists as if they were one; a doubt is always about one of them. */
export type AllPulls = Omit<Pulls, 'doubt'>;
export const together = (all: readonly Pulls[]): AllPulls => ({
  pull: (peer) => {
    for (const it of all) it.pull(peer);
  },
  pullParty: (of) => {
    for (const it of all) it.pullParty(of);
  },
  pullAll: async () => {
    for (const it of all) await it.pullAll();
  },
  pullNew: async () => {
    for (const it of all) await it.pullNew();
  },
});

const DOUBT_MS = 30_000;

/** When a list is pulled, and from whom. */
export function createPulls<T extends { last_updated: string }>(ground: Ground, list: PulledList<T>): Pulls {
  const { clock, peers } = ground;
  const doubted = new Set<PeerId>();
  const met = new Set<PeerId>();
  /** Peers whose next pull leaves nothing out. */
  const uncertain = new Set<PeerId>();
  /** Peers whose pull broke off, and is tried once more. */
  const again = new Set<PeerId>();
  const from = createPullFrom(ground, list);
  const lanes = coalesce<PeerId>(
    async (peer) => {
      const everything = list.whenInDoubt === 'ALL' && uncertain.delete(peer);
      const complete = await from.peer(peer, everything ? 'ALL' : 'CHANGED');
      if (complete) return void again.delete(peer);
      if (everything) uncertain.add(peer);
      // A peer that has just registered may not know us yet: it is asked once more, soon.
      if (!again.has(peer)) doubt(peer);
      again.add(peer);
    },
    (peer, error) => ground.complain(`pull from ${peer}`, error),
  );

  function doubt(peer: PeerId): void {
    uncertain.add(peer);
    if (doubted.has(peer)) return;
    doubted.add(peer);
    clock.after(DOUBT_MS, () => {
      doubted.delete(peer);
      lanes.wake(peer);
    });
  }

  function pull(peer: PeerId): void {
    if (!met.has(peer)) uncertain.add(peer);
    met.add(peer);
    lanes.wake(peer);
  }

  /** A hub says first who is behind it; then it is pulled from as well. */
  const ready = async () => (await peers.offering(list.module, 'SENDER')).filter((peer) => !isHub(peer));
  const pullParty = async (of: Returned) => {
    if (!(await from.party(of))) lanes.wake(of.hub);
  };

  return {
    pull,
    pullParty: (of) => void pullParty(of).catch((error) => ground.complain(`pull of ${of.party}`, error)),
    pullAll: async () => {
      for (const peer of await ready()) pull(peer.id);
    },
    pullNew: async () => {
      for (const peer of await ready()) if (!met.has(peer.id)) pull(peer.id);
    },
    doubt,
  };
}
