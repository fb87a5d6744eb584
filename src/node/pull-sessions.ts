import { type PartyKey, type PeerId, partyName } from '../domain/ids.ts';
import { endpointOf, hubOf, keyOf, partiesOf } from '../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../domain/units.ts';
import type { Line } from '../ocpi/call.ts';
import { crawl } from '../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../ocpi/date-time.ts';
import type { HubName, PartyName } from '../ocpi/headers.ts';
import { getSessions } from '../ocpi/sessions/get-sessions.ts';
import { saveWatermark, watermarkOf } from '../store/sql/peer.ts';
import { coalesce } from './coalesce.ts';
import type { ForeignSessions } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import { isHub } from './hub-parties.ts';
import { lineTo } from './line.ts';
import type { KnownPeer } from './peers.ts';
import { awayOf } from './reach.ts';

/** Pulls sessions from CPOs: at the start, when a push left a doubt, and every few hours (TRN-11, TRN-12, TRN-54, async-flow §7). */
export interface SessionPulls {
  pull(peer: PeerId): void;
  pullAll(): Promise<void>;
  /** From those that this run has not pulled from yet. */
  pullNew(): Promise<void>;
  /** From one party behind a hub, what changed since then, or all: it was away (HCI-02). */
  pullParty(of: { hub: PeerId; party: PartyKey; since: EpochMicros }): void;
  /** Soon, and once for all the doubts of the next half minute. */
  doubt(peer: PeerId): void;
}

interface Place {
  peer: KnownPeer;
  line: Line;
  base: string;
  since: EpochMicros;
  /** Who of ours asks. */
  party: PartyKey;
  /** Whose sessions are asked for; nobody's: those of all there. */
  whom: { to?: PartyName | HubName };
}

/** Clocks differ between platforms: a pull reaches back a little before what was seen. */
const OVERLAP_MICROS = 5 * 60_000_000;
const DOUBT_MS = 30_000;
/** A page of a thousand sessions. */
const PAGE_BYTES = 4 * 1024 * 1024;

export function createSessionPulls(ground: Ground, sessions: ForeignSessions): SessionPulls {
  const { store, clock, peers, config } = ground;
  const doubted = new Set<PeerId>();
  const met = new Set<PeerId>();
  const askers = config.parties.filter(({ role }) => role === 'EMSP' || role === 'SCSP').map(keyOf);
  const isScsp = config.parties.some(({ role }) => role === 'SCSP');
  /** Who there has sessions to tell of: CPOs, and for an SCSP eMSPs as well. */
  const tellersOf = (peer: KnownPeer) => [...partiesOf(peer.roles, 'CPO'), ...(isScsp ? partiesOf(peer.roles, 'EMSP') : [])];
  /** A platform with one such party is asked for it; one with several for all that it has (RTE-07, RTE-09); a hub for what everyone has (RTE-13). */
  const toOnly = (peer: KnownPeer): { to?: PartyName | HubName } => {
    const hub = hubOf(peer.ownRoles);
    if (hub !== undefined) return { to: { ...partyName(hub), hub: true } };
    const [only, ...others] = [...new Set(tellersOf(peer))];
    return only !== undefined && others.length === 0 ? { to: partyName(only) } : {};
  };
  const lanes = coalesce<PeerId>(pullFrom, (peer, error) => ground.complain(`pull from ${peer}`, error));

  /** Where to pull from; nothing when there is nobody to ask. */
  async function placeOf(id: PeerId): Promise<Pick<Place, 'peer' | 'line' | 'base'> | undefined> {
    const peer = await peers.find(id);
    const line = peer && lineTo(ground, peer, { maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    const base = peer && endpointOf(peer, 'sessions', 'SENDER');
    return peer && line && base && tellersOf(peer).length > 0 ? { peer, line, base } : undefined;
  }

  async function pullFrom(id: PeerId): Promise<void> {
    const place = await placeOf(id);
    if (!place) return;
    const since = (await store.first(watermarkOf(id))) ?? epochMicros(0);
    const ends: (EpochMicros | undefined)[] = [];
    for (const party of askers) ends.push(await crawlFor({ ground, sessions }, { ...place, party, since, whom: toOnly(place.peer) }));
    // A crawl that broke off starts again from the old mark; what came is kept.
    const complete = ends.filter((it) => it !== undefined);
    if (complete.length === ends.length) await store.commit([saveWatermark(id, complete.reduce(later, since))]);
  }

  async function pullFromParty({ hub, party: of, since }: { hub: PeerId; party: PartyKey; since: EpochMicros }): Promise<void> {
    const watermark = await store.first(watermarkOf(hub));
    // Nothing was pulled from this hub yet: then all is.
    if (watermark === undefined) return lanes.wake(hub);
    const place = await placeOf(hub);
    if (!place || awayOf(place.peer, of, ['CPO', ...(isScsp ? ['EMSP'] : [])])) return;
    const whom = { to: partyName(of) };
    for (const party of askers) await crawlFor({ ground, sessions }, { ...place, party, since: epochMicros(Math.min(since, watermark)), whom });
  }

  function pull(peer: PeerId): void {
    met.add(peer);
    lanes.wake(peer);
  }

  /** A hub says first who is behind it; then it is pulled from as well. */
  const ready = async () => (await peers.offering('sessions', 'SENDER')).filter((peer) => !isHub(peer));

  return {
    pull,
    pullParty: (of) => void pullFromParty(of).catch((error) => ground.complain(`pull of ${of.party}`, error)),
    pullAll: async () => {
      for (const peer of await ready()) pull(peer.id);
    },
    pullNew: async () => {
      for (const peer of await ready()) if (!met.has(peer.id)) pull(peer.id);
    },
    doubt: (peer) => {
      if (doubted.has(peer)) return;
      doubted.add(peer);
      clock.after(DOUBT_MS, () => {
        doubted.delete(peer);
        lanes.wake(peer);
      });
    },
  };
}

/** Everything that one party of ours may see there; gives the newest moment of it, or nothing when it broke off. */
async function crawlFor({ ground, sessions }: { ground: Ground; sessions: ForeignSessions }, at: Place): Promise<EpochMicros | undefined> {
  const { peer, line, base, since, party, whom } = at;
  let newest = since;
  const end = await crawl(line, getSessions, {
    base,
    query: { date_from: printDateTime(epochMillis(Math.max(0, since - OVERLAP_MICROS) / 1000)), limit: 1000 },
    origins: peer.origins,
    ids: { from: partyName(party), ...whom },
    take: async ({ items, problems }) => {
      for (const problem of problems) ground.complain(`session pulled from ${peer.id}`, problem);
      await Promise.all(items.map((session) => sessions.replace({ peer, to: party }, session)));
      newest = items.reduce((latest, { last_updated }) => later(latest, readDateTime(last_updated)), newest);
    },
  });
  if (end.is === 'COMPLETE') return newest;
  ground.complain(`pull from ${peer.id}`, `${end.because}: ${end.message}`);
  return undefined;
}

const later = (a: EpochMicros, b: EpochMicros | undefined): EpochMicros => (b !== undefined && b > a ? b : a);
