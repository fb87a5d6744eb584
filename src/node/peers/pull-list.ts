import { type PartyKey, type PeerId, partyName } from '../../domain/ids.ts';
import { hubOf, partiesOf, type Role } from '../../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../../domain/units.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import type { Crawl, CrawlEnd } from '../../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../../ocpi/date-time.ts';
import type { HubName, PartyName } from '../../ocpi/headers.ts';
import { saveWatermark, watermarkOf } from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { isHub, type ReconnectedParty } from './hub-parties.ts';
import { offlineParty } from './party-connection.ts';
import { clientFor, type ModuleClient } from './peer-client.ts';
import type { MessageParties, ReceiveOutcome } from './received-object.ts';

/** A list of one OCPI module, and what to do with the objects on it. */
export interface PulledList<T extends { last_updated: string }> {
  module: 'sessions' | 'locations' | 'tokens';
  /** The name of one object, for error reports. */
  item: string;
  /** Most objects on one page. */
  pageSize: number;
  /** What the first pull of a run fetches, and each pull after the copy became stale: `ALL`, or what `CHANGED` since the watermark. */
  whenStale: 'ALL' | 'CHANGED';
  /** Roles whose parties own the objects on the list. */
  owners: readonly Role[];
  /** Our parties that pull the list, each for itself. */
  receivers: readonly PartyKey[];
  crawl(client: PeerClient, how: Crawl<T>): Promise<CrawlEnd>;
  keep(from: Omit<MessageParties, 'from'>, item: T): Promise<ReceiveOutcome>;
}

/** Clocks differ between peers: a pull starts a little before the newest object seen. */
const OVERLAP_MICROS = 5 * 60_000_000;
/** Objects of one page that are stored at once. */
const AT_ONCE = 50;
/** Most bytes of one page. */
const PAGE_BYTES = 4 * 1024 * 1024;

interface Crawling extends ModuleClient {
  since: EpochMicros;
  /** Our party that pulls. */
  party: PartyKey;
  /** The party that is addressed; absent: all parties of the peer. */
  routing: { to?: PartyName | HubName };
}

/** Pulls one list from one peer. */
export interface PullFrom {
  /** Pulls the whole list, or what changed; resolves with false when the crawl broke off. */
  peer(id: PeerId, what: 'ALL' | 'CHANGED'): Promise<boolean>;
  /** Pulls what changed of one party behind a hub; false when nothing was ever pulled from that hub. */
  party(of: ReconnectedParty): Promise<boolean>;
}

/** Creates the pulls of one list. */
export function createPullFrom<T extends { last_updated: string }>(context: Context, list: PulledList<T>): PullFrom {
  const { store, peers } = context;
  const { module } = list;

  /** Undefined when the peer is not registered, does not offer the module, or has no party that owns such objects. */
  async function sourceAt(id: PeerId): Promise<ModuleClient | undefined> {
    const source = clientFor(context, await peers.find(id), { module, role: 'SENDER', maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    return source && ownersAt(source.peer, list.owners).length > 0 ? source : undefined;
  }

  return {
    peer: async (id, what) => {
      const source = await sourceAt(id);
      if (!source) return true;
      const since = (what === 'CHANGED' && (await store.first(watermarkOf(id, module)))) || epochMicros(0);
      const ends: (EpochMicros | undefined)[] = [];
      for (const party of list.receivers)
        ends.push(await crawlFor({ context, list }, { ...source, party, since, routing: addresseeAt(source.peer, list.owners) }));
      const complete = ends.filter((it) => it !== undefined);
      // After a crawl that broke off the next one starts at the old watermark; the objects received are kept.
      if (complete.length < ends.length) return false;
      await store.commit([saveWatermark(source.peer, module, complete.reduce(later, since))]);
      return true;
    },
    party: async ({ hub, party: of, since }) => {
      const watermark = await store.first(watermarkOf(hub, module));
      if (watermark === undefined) return false;
      const source = await sourceAt(hub);
      if (!source || offlineParty(source.peer, of, list.owners)) return true;
      const from = epochMicros(Math.min(since, watermark));
      for (const party of list.receivers) await crawlFor({ context, list }, { ...source, party, since: from, routing: { to: partyName(of) } });
      return true;
    },
  };
}

/** Crawls the list as one of our parties; returns the newest last_updated, or undefined when it broke off. */
async function crawlFor<T extends { last_updated: string }>({ context, list }: { context: Context; list: PulledList<T> }, at: Crawling) {
  const { peer, client, base, since, party, routing } = at;
  let newest = since;
  let atQuota = false;
  const end = await list.crawl(client, {
    base,
    query: { date_from: printDateTime(epochMillis(Math.max(0, since - OVERLAP_MICROS) / 1000)), limit: list.pageSize },
    origins: peer.origins,
    ids: { from: partyName(party), ...routing },
    take: async ({ items, problems }) => {
      for (const problem of problems) context.reportError(`${list.item} pulled from ${peer.id}`, problem);
      // A whole page at once would hold up every other user of the store.
      for (let n = 0; n < items.length; n += AT_ONCE) {
        const outcomes = await Promise.all(items.slice(n, n + AT_ONCE).map((item) => list.keep({ peer, to: party }, item)));
        atQuota ||= outcomes.includes('too many');
        // the list of a party at its quota is not read to its end; the list of a hub has objects of other parties, too.
        if (atQuota && !isHub(peer)) return 'STOP';
      }
      newest = items.reduce((latest, { last_updated }) => later(latest, readDateTime(last_updated)), newest);
      return 'NEXT';
    },
  });
  if (end.is === 'COMPLETE' && !atQuota) return newest;
  const because = atQuota || end.is === 'COMPLETE' ? `a party has as many ${list.module} here as limits.stored allows` : `${end.because}: ${end.message}`;
  if (!atQuota && isNew(peer, context.clock.now())) context.journal.note({ step: 'peer-pull-postponed', peer: peer.id, because });
  else if (atQuota || !context.work.cutOff.aborted) context.reportError(`pull from ${peer.id}`, because);
  return undefined;
}

/** A peer that registered this short a time ago may not know us yet: its list is pulled again after half a minute (F-77). */
const NEW_MS = 20_000;
const isNew = ({ registeredAt }: KnownPeer, now: number): boolean => registeredAt !== undefined && now - registeredAt < NEW_MS;

const later = (a: EpochMicros, b: EpochMicros | undefined): EpochMicros => (b !== undefined && b > a ? b : a);

const ownersAt = ({ roles }: KnownPeer, owners: readonly Role[]): readonly PartyKey[] => owners.flatMap((role) => partiesOf(roles, role));

/** The party to address: the only owner; nobody when the peer has several owners (RTE-07, RTE-09); the hub itself for the objects of all behind it (RTE-13). */
function addresseeAt(peer: KnownPeer, owners: readonly Role[]): { to?: PartyName | HubName } {
  const hub = hubOf(peer.ownRoles);
  if (hub !== undefined) return { to: { ...partyName(hub), hub: true } };
  const [only, ...others] = [...new Set(ownersAt(peer, owners))];
  return only !== undefined && others.length === 0 ? { to: partyName(only) } : {};
}
