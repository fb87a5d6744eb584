import { type PartyKey, type PeerId, partyName } from '../domain/ids.ts';
import { endpointOf, keyOf, partiesOf } from '../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../domain/units.ts';
import type { Line } from '../ocpi/call.ts';
import { crawl } from '../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../ocpi/date-time.ts';
import { getSessions } from '../ocpi/sessions/get-sessions.ts';
import { saveWatermark, watermarkOf } from '../store/sql/peer.ts';
import { coalesce } from './coalesce.ts';
import type { ForeignSessions } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { KnownPeer } from './peers.ts';

/** Pulls sessions from CPOs: at the start, when a push left a doubt, and every few hours (TRN-11, TRN-12, TRN-54, async-flow §7). */
export interface SessionPulls {
  pull(peer: PeerId): void;
  pullAll(): Promise<void>;
  /** From those that this run has not pulled from yet. */
  pullNew(): Promise<void>;
  /** Soon, and once for all the doubts of the next half minute. */
  doubt(peer: PeerId): void;
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
  /** A platform with one such party is asked for it; one with several for all that it has (RTE-07). */
  const toOnly = (peer: KnownPeer) => {
    const [only, ...others] = [...new Set(tellersOf(peer))];
    return only !== undefined && others.length === 0 ? { to: partyName(only) } : {};
  };
  const lanes = coalesce<PeerId>(pullFrom, (peer, error) => ground.complain(`pull from ${peer}`, error));

  async function pullFrom(id: PeerId): Promise<void> {
    const peer = await peers.find(id);
    const line = peer && lineTo(ground, peer, { maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    const base = peer && endpointOf(peer, 'sessions', 'SENDER');
    if (!peer || !line || !base || tellersOf(peer).length === 0) return;
    const since = (await store.first(watermarkOf(id))) ?? epochMicros(0);
    const ends: (EpochMicros | undefined)[] = [];
    for (const party of askers) ends.push(await crawlFor(party, { peer, line, base, since }));
    // A crawl that broke off starts again from the old mark; what came is kept.
    const complete = ends.filter((it) => it !== undefined);
    if (complete.length === ends.length) await store.commit([saveWatermark(id, complete.reduce(later, since))]);
  }

  /** Everything that one party of ours may see there; gives the newest moment of it, or nothing when it broke off. */
  async function crawlFor(party: PartyKey, at: { peer: KnownPeer; line: Line; base: string; since: EpochMicros }): Promise<EpochMicros | undefined> {
    const { peer, line, base, since } = at;
    let newest = since;
    const end = await crawl(line, getSessions, {
      base,
      query: { date_from: printDateTime(epochMillis(Math.max(0, since - OVERLAP_MICROS) / 1000)), limit: 1000 },
      origins: peer.origins,
      ids: { from: partyName(party), ...toOnly(peer) },
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

  function pull(peer: PeerId): void {
    met.add(peer);
    lanes.wake(peer);
  }

  return {
    pull,
    pullAll: async () => {
      for (const peer of await peers.offering('sessions', 'SENDER')) pull(peer.id);
    },
    pullNew: async () => {
      for (const peer of await peers.offering('sessions', 'SENDER')) if (!met.has(peer.id)) pull(peer.id);
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

const later = (a: EpochMicros, b: EpochMicros | undefined): EpochMicros => (b !== undefined && b > a ? b : a);
