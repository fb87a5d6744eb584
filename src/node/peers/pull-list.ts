import { type PartyKey, type PeerId, partyName } from '../../domain/ids.ts';
import { endpointOf, hubOf, partiesOf, type Role } from '../../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../../domain/units.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import type { Crawl, CrawlEnd } from '../../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../../ocpi/date-time.ts';
import type { HubName, PartyName } from '../../ocpi/headers.ts';
import { saveWatermark, watermarkOf } from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { offlineParty } from './party-connection.ts';
import { clientTo } from './peer-client.ts';
import type { MessageParties } from './received-object.ts';

/** A list of a module, and what is made of the objects on it. */
export interface PulledList<T extends { last_updated: string }> {
  module: 'sessions' | 'locations' | 'tokens';
  /** What one of its objects is called in complaints. */
  item: string;
  /** Most objects on one page. */
  pageSize: number;
  /** `ALL`: the first pull of a run and those after a doubt begin at the beginning; `CHANGED`: all begin at the watermark. */
  whenInDoubt: 'ALL' | 'CHANGED';
  /** The roles of those who own what is on it. */
  tellers: readonly Role[];
  /** Each of ours that asks for itself. */
  askers: readonly PartyKey[];
  crawl(line: PeerClient, how: Crawl<T>): Promise<CrawlEnd>;
  keep(telling: Omit<MessageParties, 'from'>, item: T): Promise<unknown>;
}

/** Clocks differ between platforms: a pull reaches back a little before what was seen. */
const OVERLAP_MICROS = 5 * 60_000_000;
/** Objects of a page that are kept in one go. */
const AT_ONCE = 50;
/** One full page. */
const PAGE_BYTES = 4 * 1024 * 1024;

interface Place {
  peer: KnownPeer;
  line: PeerClient;
  base: string;
}
interface Question extends Place {
  since: EpochMicros;
  /** Who of ours asks. */
  party: PartyKey;
  /** Whose objects are asked for; nobody's: those of all there. */
  whom: { to?: PartyName | HubName };
}

/** A party behind a hub that was away since a moment. */
export interface Returned {
  hub: PeerId;
  party: PartyKey;
  since: EpochMicros;
}

/** How one list is pulled from one peer. */
export interface PullFrom {
  /** All of it, or what changed; resolves with whether the end was reached. */
  peer(id: PeerId, what: 'ALL' | 'CHANGED'): Promise<boolean>;
  /** What changed of one party behind a hub since then; false: nothing was ever pulled from that hub. */
  party(of: Returned): Promise<boolean>;
}

export function createPullFrom<T extends { last_updated: string }>(context: Context, list: PulledList<T>): PullFrom {
  const { store, peers } = context;
  const { module } = list;

  /** Where to pull from; nothing when there is nobody to ask. */
  async function placeOf(id: PeerId): Promise<Place | undefined> {
    const peer = await peers.find(id);
    const line = peer && clientTo(context, peer, { maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    const base = peer && endpointOf(peer, module, 'SENDER');
    return peer && line && base && tellersAt(peer, list.tellers).length > 0 ? { peer, line, base } : undefined;
  }

  return {
    peer: async (id, what) => {
      const place = await placeOf(id);
      if (!place) return true;
      const since = (what === 'CHANGED' && (await store.first(watermarkOf(id, module)))) || epochMicros(0);
      const ends: (EpochMicros | undefined)[] = [];
      for (const party of list.askers) ends.push(await crawlFor({ context, list }, { ...place, party, since, whom: whomAt(place.peer, list.tellers) }));
      const complete = ends.filter((it) => it !== undefined);
      // A crawl that broke off starts again from the old mark; what came is kept.
      if (complete.length < ends.length) return false;
      await store.commit([saveWatermark(id, module, complete.reduce(later, since))]);
      return true;
    },
    party: async ({ hub, party: of, since }) => {
      const watermark = await store.first(watermarkOf(hub, module));
      if (watermark === undefined) return false;
      const place = await placeOf(hub);
      if (!place || offlineParty(place.peer, of, list.tellers)) return true;
      const from = epochMicros(Math.min(since, watermark));
      for (const party of list.askers) await crawlFor({ context, list }, { ...place, party, since: from, whom: { to: partyName(of) } });
      return true;
    },
  };
}

/** Everything that one party of ours may see there; gives the newest moment of it, or nothing when it broke off. */
async function crawlFor<T extends { last_updated: string }>({ context, list }: { context: Context; list: PulledList<T> }, at: Question) {
  const { peer, line, base, since, party, whom } = at;
  let newest = since;
  const end = await list.crawl(line, {
    base,
    query: { date_from: printDateTime(epochMillis(Math.max(0, since - OVERLAP_MICROS) / 1000)), limit: list.pageSize },
    origins: peer.origins,
    ids: { from: partyName(party), ...whom },
    take: async ({ items, problems }) => {
      for (const problem of problems) context.reportError(`${list.item} pulled from ${peer.id}`, problem);
      // A whole page at once would keep everybody else waiting for the store, until they give up.
      for (let n = 0; n < items.length; n += AT_ONCE) await Promise.all(items.slice(n, n + AT_ONCE).map((item) => list.keep({ peer, to: party }, item)));
      newest = items.reduce((latest, { last_updated }) => later(latest, readDateTime(last_updated)), newest);
    },
  });
  if (end.is === 'COMPLETE') return newest;
  context.reportError(`pull from ${peer.id}`, `${end.because}: ${end.message}`);
  return undefined;
}

const later = (a: EpochMicros, b: EpochMicros | undefined): EpochMicros => (b !== undefined && b > a ? b : a);

const tellersAt = ({ roles }: KnownPeer, tellers: readonly Role[]): readonly PartyKey[] => tellers.flatMap((role) => partiesOf(roles, role));

/** A platform with one such party is asked for it; one with several for all that it has (RTE-07, RTE-09); a hub for what everyone has (RTE-13). */
function whomAt(peer: KnownPeer, tellers: readonly Role[]): { to?: PartyName | HubName } {
  const hub = hubOf(peer.ownRoles);
  if (hub !== undefined) return { to: { ...partyName(hub), hub: true } };
  const [only, ...others] = [...new Set(tellersAt(peer, tellers))];
  return only !== undefined && others.length === 0 ? { to: partyName(only) } : {};
}
