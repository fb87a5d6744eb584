import { type PartyKey, type PeerId, partyName } from '../domain/ids.ts';
import { endpointOf } from '../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../domain/units.ts';
import type { Line } from '../ocpi/call.ts';
import type { Crawl, CrawlEnd } from '../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../ocpi/date-time.ts';
import { saveWatermark, watermarkOf } from '../store/sql/peer.ts';
import type { Telling } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { KnownPeer } from './peers.ts';

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
/** Objects of a page that are kept in one go. */
const AT_ONCE = 50;
/** One full page. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Pulls what there is of a list at one peer, all of it or what changed; resolves with whether the end was reached. */
export function createPullFrom<T extends { last_updated: string }>(ground: Ground, list: PulledList<T>) {
  const { store, peers } = ground;
  const { module } = list;

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
        // A whole page at once would keep everybody else waiting for the store, until they give up.
        for (let n = 0; n < items.length; n += AT_ONCE) await Promise.all(items.slice(n, n + AT_ONCE).map((item) => list.keep({ peer, to: party }, item)));
        newest = items.reduce((latest, { last_updated }) => later(latest, readDateTime(last_updated)), newest);
      },
    });
    if (end.is === 'COMPLETE') return newest;
    ground.complain(`pull from ${peer.id}`, `${end.because}: ${end.message}`);
    return undefined;
  }

  return async (id: PeerId, what: 'ALL' | 'CHANGED'): Promise<boolean> => {
    const peer = await peers.find(id);
    const line = peer && lineTo(ground, peer, { maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    const base = peer && endpointOf(peer, module, 'SENDER');
    if (!peer || !line || !base || list.tellers(peer).length === 0) return true;
    const since = (what === 'CHANGED' && (await store.first(watermarkOf(id, module)))) || epochMicros(0);
    const ends: (EpochMicros | undefined)[] = [];
    for (const party of list.askers) ends.push(await crawlFor(party, { peer, line, base, since }));
    const complete = ends.filter((it) => it !== undefined);
    // A crawl that broke off starts again from the old mark; what came is kept.
    if (complete.length < ends.length) return false;
    await store.commit([saveWatermark(id, module, complete.reduce(later, since))]);
    return true;
  };
}

const later = (a: EpochMicros, b: EpochMicros | undefined): EpochMicros => (b !== undefined && b > a ? b : a);

/** A platform with one such party is asked for it; one with several for all that it has (RTE-07). */
function toOnly(tellers: readonly PartyKey[]) {
  const [only, ...others] = [...new Set(tellers)];
  return only !== undefined && others.length === 0 ? { to: partyName(only) } : {};
}
