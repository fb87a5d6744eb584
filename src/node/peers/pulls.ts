import type { PeerId } from '../../domain/ids.ts';
import { coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { isHub, type ReconnectedParty } from './hub-parties.ts';
import { createPullFrom, type PulledList } from './pull-list.ts';

/** Pulls a list from the peers that own its objects: at the start, when a push shows that our copy is stale, and every few hours (TRN-11, TRN-12, TRN-54, how-a-request-runs §7). */
export interface Pulls {
  pull(peer: PeerId): void;
  pullAll(): Promise<void>;
  /** From peers that this run of the node has not pulled from yet. */
  pullNew(): Promise<void>;
  /** From one party behind a hub that is connected again (HCI-02): what changed meanwhile, or all. */
  pullParty(of: ReconnectedParty): void;
  /** The registration of this peer has ended: a later pull is like the first one. */
  forget(peer: PeerId): void;
  /** The copy of this peer's objects is stale: pulls within half a minute, once for all such calls. */
  markStale(peer: PeerId): void;
}

/** The pulls of several lists; only a single list can be marked stale. */
export type AllPulls = Omit<Pulls, 'markStale'>;
/** Combines the pulls of several lists. */
export const combinePulls = (all: readonly Pulls[]): AllPulls => ({
  pull: (peer) => {
    for (const it of all) it.pull(peer);
  },
  forget: (peer) => {
    for (const it of all) it.forget(peer);
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

const STALE_PULL_MS = 30_000;

/** Schedules the pulls of one list, one at a time for each peer. */
export function createPulls<T extends { last_updated: string }>(context: Context, list: PulledList<T>): Pulls {
  const { clock, peers } = context;
  /** Peers with a pull scheduled because their copy is stale. */
  const scheduled = new Set<PeerId>();
  const pulledOnce = new Set<PeerId>();
  /** Peers whose next pull is a full one, where the list asks for that. */
  const stale = new Set<PeerId>();
  /** Peers whose last pull broke off and is retried once. */
  const retried = new Set<PeerId>();
  const from = createPullFrom(context, list);
  const pulls = coalesce<PeerId>(context.work, {
    name: (peer) => `pull from ${peer}`,
    task: async (peer) => {
      const everything = list.whenStale === 'ALL' && stale.delete(peer);
      const complete = await from.peer(peer, everything ? 'ALL' : 'CHANGED');
      if (complete) return void retried.delete(peer);
      if (everything) stale.add(peer);
      // A peer that has just registered may not know us yet: one retry, soon.
      if (!retried.has(peer)) markStale(peer);
      retried.add(peer);
    },
  });

  function markStale(peer: PeerId): void {
    stale.add(peer);
    if (scheduled.has(peer)) return;
    scheduled.add(peer);
    clock.after(STALE_PULL_MS, () => {
      scheduled.delete(peer);
      pulls.wake(peer);
    });
  }

  function pull(peer: PeerId): void {
    if (!pulledOnce.has(peer)) stale.add(peer);
    pulledOnce.add(peer);
    pulls.wake(peer);
  }

  /** Hubs are left out: they are pulled when their client info is known. */
  const ready = async () => (await peers.offering(list.module, 'SENDER')).filter((peer) => !isHub(peer));
  const pullParty = async (of: ReconnectedParty) => {
    if (!(await from.party(of))) pulls.wake(of.hub);
  };

  return {
    pull,
    forget: (peer) => {
      for (const known of [pulledOnce, stale, retried]) known.delete(peer);
    },
    pullParty: (of) => context.work.start(`pull of ${of.party}`, () => pullParty(of)),
    pullAll: async () => {
      for (const peer of await ready()) pull(peer.id);
    },
    pullNew: async () => {
      for (const peer of await ready()) if (!pulledOnce.has(peer.id)) pull(peer.id);
    },
    markStale,
  };
}
