import { type PartyKey, type PeerId, partyName } from '../domain/ids.ts';
import { endpointOf, partiesOf } from '../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../domain/units.ts';
import type { Line } from '../ocpi/call.ts';
import type { Crawl, CrawlEnd } from '../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../ocpi/date-time.ts';
import { saveWatermark, watermarkOf } from '../store/sql/peer.ts';
import { coalesce } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { Telling } from './foreign-sessions.ts';
import type { KnownPeer } from './peers.ts';

/** Pulls lists of those who own what is on them: at the start, when a push left a doubt, and every few hours (TRN-11, TRN-12, TRN-54, async-flow §7). */
export interface Pulls {
  pull(peer: PeerId): void;
  pullAll(): Promise<void>;
  /** From those that this run has not pulled from yet. */
  pullNew(): Promise<void>;
  /** Soon, and once for all the doubts of the next half minute. */
  doubt(peer: PeerId): void;
}

/** Several lists as if they were one; a doubt is always about one of them. */
export type AllPulls = Omit<Pulls, 'doubt'>;
export const together = (all: readonly Pulls[]): AllPulls => ({
  pull: (peer) => {
    for (const it of all) it.pull(peer);
  },
  pullAll: async () => {
    for (const it of all) await it.pullAll();
  },
  pullNew: async () => {
    for (const it of all) await it.pullNew();
  },
});

/** A list of a module, and what is made of the objects on it. */
export interface PulledList<T extends { last_updated: string }> {
  module: 'sessions' | 'locations' | 'tokens';
  /** What one of its objects is called in complaints. */
  item: string;
  /** Most objects on one page. */
  pageSize: number;
  /** `ALL`: the first pull of a run and those after a doubt begin at the beginning; `CHANGED`: all begin at the watermark. */
  whenInDoubt: 'ALL' | 'CHANGED';
  /** The parties there that own what is on it. */
  tellers(peer: KnownPeer): readonly PartyKey[];
  /** Each of ours that asks for itself. */
  askers: readonly PartyKey[];
  crawl(line: Line, how: Crawl<T>): Promise<CrawlEnd>;
  keep(telling: Telling, item: T): Promise<unknown>;
}

/** Clocks differ between platforms: a pull reaches back a little before what was seen. */
const OVERLAP_MICROS = 5 * 60_000_000;
const DOUBT_MS = 30_000;
/** One full page. */
const PAGE_BYTES = 4 * 1024 * 1024;

export function createPulls<T extends { last_updated: string }>(ground: Ground, list: PulledList<T>): Pulls {
  const { store, clock, peers } = ground;
  const { module } = list;
  const doubted = new Set<PeerId>();
  const met = new Set<PeerId>();
  /** Peers whose next pull leaves nothing out. */
  const uncertain = new Set<PeerId>();
  const lanes = coalesce<PeerId>(pullFrom, (peer, error) => ground.complain(`pull from ${peer}`, error));

  async function pullFrom(id: PeerId): Promise<void> {
    const peer = await peers.find(id);
    const line = peer && lineTo(ground, peer, { maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    const base = peer && endpointOf(peer, module, 'SENDER');
    if (!peer || !line || !base || list.tellers(peer).length === 0) return;
    const everything = list.whenInDoubt === 'ALL' && uncertain.delete(id);
    const since = everything ? undefined : await store.first(watermarkOf(id, module));
    const start = since ?? epochMicros(0);
    const ends: (EpochMicros | undefined)[] = [];
    for (const party of list.askers) ends.push(await crawlFor(party, { peer, line, base, since: start }));
    // A crawl that broke off starts again from the old mark; what came is kept.
    const complete = ends.filter((it) => it !== undefined);
    if (complete.length === ends.length) await store.commit([saveWatermark(id, module, complete.reduce(later, start))]);
    else if (everything) uncertain.add(id);
  }

  /** Everything that one party of ours may see there; gives the newest moment of it, or nothing when it broke off. */
  async function crawlFor(party: PartyKey, at: { peer: KnownPeer; line: Line; base: string; since: EpochMicros }): Promise<EpochMicros | undefined> {
    const { peer, line, base, since } = at;
    let newest = since;
    const end = await list.crawl(line, {
      base,
      query: { date_from: printDateTime(epochMillis(Math.max(0, since - OVERLAP_MICROS) / 1000)), limit: list.pageSize },
      origins: peer.origins,
      ids: { from: partyName(party), ...toOnly(list.tellers(peer)) },
      take: async ({ items, problems }) => {
        for (const problem of problems) ground.complain(`${list.item} pulled from ${peer.id}`, problem);
        await Promise.all(items.map((item) => list.keep({ peer, to: party }, item)));
        newest = items.reduce((latest, { last_updated }) => later(latest, readDateTime(last_updated)), newest);
      },
    });
    if (end.is === 'COMPLETE') return newest;
    ground.complain(`pull from ${peer.id}`, `${end.because}: ${end.message}`);
    return undefined;
  }

  function pull(peer: PeerId): void {
    if (!met.has(peer)) uncertain.add(peer);
    met.add(peer);
    lanes.wake(peer);
  }

  return {
    pull,
    pullAll: async () => {
      for (const peer of await peers.offering(module, 'SENDER')) pull(peer.id);
    },
    pullNew: async () => {
      for (const peer of await peers.offering(module, 'SENDER')) if (!met.has(peer.id)) pull(peer.id);
    },
    doubt: (peer) => {
      uncertain.add(peer);
      if (doubted.has(peer)) return;
      doubted.add(peer);
      clock.after(DOUBT_MS, () => {
        doubted.delete(peer);
        lanes.wake(peer);
      });
    },
  };
}

const later = (a: EpochMicros, b: EpochMicros | undefined): EpochMicros => (b !== undefined && b > a ? b : a);

/** A platform with one such party is asked for it; one with several for all that it has (RTE-07). */
function toOnly(tellers: readonly PartyKey[]) {
  const [only, ...others] = [...new Set(tellers)];
  return only !== undefined && others.length === 0 ? { to: partyName(only) } : {};
}
