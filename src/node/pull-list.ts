import type { PeerId } from '../domain/ids.ts';
import { endpointOf, partiesOf } from '../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../domain/units.ts';
import type { Line } from '../ocpi/call.ts';
import type { Crawl, CrawlEnd } from '../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../ocpi/date-time.ts';
import { saveWatermark, watermarkOf } from '../store/sql/peer.ts';
import { coalesce } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { KnownPeer } from './peers.ts';

/** Pulls one list from each CPO: at the start, when a push left a doubt, and every few hours (TRN-11, TRN-12, TRN-54, async-flow §7). */
export interface Pulls {
  pull(peer: PeerId): void;
  pullAll(): Promise<void>;
  /** From those that this run has not pulled from yet. */
  pullNew(): Promise<void>;
  /** Soon, and once for all the doubts of the next half minute. */
  doubt(peer: PeerId): void;
}

/** A list of a module that a CPO owns, and what is made of the objects on it. */
export interface PulledList<T extends { last_updated: string }> {
  module: 'sessions' | 'locations';
  /** What one of its objects is called in complaints. */
  item: string;
  /** Most objects on one page. */
  pageSize: number;
  /** `ALL`: the first pull of a run and those after a doubt begin at the beginning; `CHANGED`: all begin at the watermark. */
  whenInDoubt: 'ALL' | 'CHANGED';
  crawl(line: Line, how: Crawl<T>): Promise<CrawlEnd>;
  keep(peer: KnownPeer, item: T): Promise<unknown>;
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
    if (!peer || !line || !base || partiesOf(peer.roles, 'CPO').length === 0) return;
    const everything = list.whenInDoubt === 'ALL' && uncertain.delete(id);
    const since = everything ? undefined : await store.first(watermarkOf(id, module));
    let newest = since ?? epochMicros(0);
    const end = await list.crawl(line, {
      base,
      query: { date_from: printDateTime(epochMillis(Math.max(0, newest - OVERLAP_MICROS) / 1000)), limit: list.pageSize },
      origins: peer.origins,
      take: async ({ items, problems }) => {
        for (const problem of problems) ground.complain(`${list.item} pulled from ${id}`, problem);
        for (const item of items) {
          await list.keep(peer, item);
          newest = later(newest, readDateTime(item.last_updated));
        }
      },
    });
    // A crawl that broke off starts again from the old mark; what came is kept.
    if (end.is === 'COMPLETE') return void (await store.commit([saveWatermark(id, module, newest)]));
    if (everything) uncertain.add(id);
    ground.complain(`pull from ${id}`, `${end.because}: ${end.message}`);
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
