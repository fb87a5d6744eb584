import type { PeerId } from '../domain/ids.ts';
import { endpointOf, partiesOf } from '../domain/party.ts';
import { type EpochMicros, epochMicros, epochMillis } from '../domain/units.ts';
import { crawl } from '../ocpi/crawl.ts';
import { printDateTime, readDateTime } from '../ocpi/date-time.ts';
import { getTokens } from '../ocpi/tokens/get-tokens.ts';
import { saveTokenMark, tokenMarkOf } from '../store/sql/token.ts';
import { coalesce } from './coalesce.ts';
import type { ForeignTokens } from './foreign-tokens.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';

/** Pulls tokens from eMSPs: at the start, when a push left a doubt, and every few hours (OCPI 2.2.1 §12.1.2, TRN-11, TRN-12). */
export interface TokenPulls {
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
/** A page of a thousand tokens. */
const PAGE_BYTES = 4 * 1024 * 1024;

export function createTokenPulls(ground: Ground, tokens: ForeignTokens): TokenPulls {
  const { store, clock, peers } = ground;
  const doubted = new Set<PeerId>();
  const met = new Set<PeerId>();
  const lanes = coalesce<PeerId>(pullFrom, (peer, error) => ground.complain(`pull of tokens from ${peer}`, error));

  async function pullFrom(id: PeerId): Promise<void> {
    const peer = await peers.find(id);
    const line = peer && lineTo(ground, peer, { maxBodyBytes: PAGE_BYTES, withinMs: 30_000 });
    const base = peer && endpointOf(peer, 'tokens', 'SENDER');
    if (!peer || !line || !base || partiesOf(peer.roles, 'EMSP').length === 0) return;
    let newest = (await store.first(tokenMarkOf(id))) ?? epochMicros(0);
    const end = await crawl(line, getTokens, {
      base,
      query: { date_from: printDateTime(epochMillis(Math.max(0, newest - OVERLAP_MICROS) / 1000)), limit: 1000 },
      origins: peer.origins,
      take: async ({ items, problems }) => {
        for (const problem of problems) ground.complain(`token pulled from ${id}`, problem);
        for (const token of items) {
          await tokens.replace(peer, token);
          newest = later(newest, readDateTime(token.last_updated));
        }
      },
    });
    // A crawl that broke off starts again from the old mark; what came is kept.
    if (end.is === 'COMPLETE') await store.commit([saveTokenMark(id, newest)]);
    else ground.complain(`pull of tokens from ${id}`, `${end.because}: ${end.message}`);
  }

  function pull(peer: PeerId): void {
    met.add(peer);
    lanes.wake(peer);
  }

  return {
    pull,
    pullAll: async () => {
      for (const peer of await peers.offering('tokens', 'SENDER')) pull(peer.id);
    },
    pullNew: async () => {
      for (const peer of await peers.offering('tokens', 'SENDER')) if (!met.has(peer.id)) pull(peer.id);
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
