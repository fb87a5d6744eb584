import type { Clock } from '../../domain/clock.ts';
import type { PeerId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Metrics } from './metrics.ts';

/** Requests to a peer that failed one after another. `because`: the cause of the last one, with its HTTP status where there is one. */
export interface FailingContact {
  peer: PeerId;
  count: number;
  first: EpochMillis;
  last: EpochMillis;
  because: string;
}

/** Peers that are followed at most. */
const MAX_PEERS = 500;
/** So many requests must fail in a row: a single one may have a reason of its own. */
const FAILED_IN_A_ROW = 3;
/** The peer answered, and refused what was sent: it can be reached. */
const REFUSED_CONTENT = new Set(['success', 'ocpi_2xxx', 'bad_request']);
/** HTTP statuses that are about the object of a request, not about the peer. */
const ABOUT_THE_OBJECT = new Set([400, 404, 405, 409, 410, 413, 422]);

/** Which peers cannot be reached now, by the requests that were sent to them anyway. */
export class PeerContacts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #failing = new Map<PeerId, FailingContact>();

  constructor({ clock, metrics }: { clock: Pick<Clock, 'now'>; metrics: Pick<Metrics, 'keep' | 'show'> }) {
    this.#clock = clock;
    metrics.keep('peers that fail', () => this.#failing.size);
    metrics.show('ocpi_peers_failing', () => this.failing().length);
  }

  /** A request to a peer has ended: `success`, or the cause of its failure. */
  note(peer: PeerId, outcome: string, httpStatus?: number): void {
    if (REFUSED_CONTENT.has(outcome) || (httpStatus !== undefined && ABOUT_THE_OBJECT.has(httpStatus))) {
      this.#failing.delete(peer);
      return;
    }
    const now = this.#clock.now();
    const before = this.#failing.get(peer);
    if (!before && this.#failing.size >= MAX_PEERS) return;
    const because = outcome.startsWith('http_') && httpStatus !== undefined ? `HTTP ${httpStatus}` : outcome;
    this.#failing.set(peer, { peer, count: (before?.count ?? 0) + 1, first: before?.first ?? now, last: now, because });
  }

  /** What an earlier run of the node knew. */
  resume(contact: FailingContact): void {
    if (!this.#failing.has(contact.peer) && this.#failing.size < MAX_PEERS) this.#failing.set(contact.peer, contact);
  }

  /** The registration of a peer has ended. */
  forget(peer: PeerId): void {
    this.#failing.delete(peer);
  }

  /** Peers whose last requests all failed. */
  failing(): readonly FailingContact[] {
    return [...this.#failing.values()].filter(({ count }) => count >= FAILED_IN_A_ROW);
  }
}
