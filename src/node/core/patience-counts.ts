import type { Clock } from '../../domain/clock.ts';
import { fold, type PeerId } from '../../domain/ids.ts';
import { type PartyRole, partiesOf } from '../../domain/party.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { PatienceWithPeer } from '../../ocpi/call.ts';
import type { Deviation, PatienceKind } from '../../ocpi/patience/kinds.ts';
import type { PatienceOfPeers } from '../../ocpi/serve.ts';
import type { Config } from '../config/config.ts';
import type { Metrics } from './metrics.ts';

/** How often one kind of deviation of a peer was read with patience since the start of the node, with the first example. */
export interface PatienceCount {
  kind: PatienceKind;
  count: number;
  firstAt: EpochMillis;
  lastAt: EpochMillis;
  /** The name of the message, such as `put-session`. */
  message: string;
  /** The path of the field. */
  field: string;
  /** What stood there; ids and secrets are not quoted. */
  found: string;
}

/** The parts of a peer by which it may be named in `strict_peers`. */
interface NamedPeer {
  id: PeerId;
  ownRoles?: readonly PartyRole[];
}

/** Peers whose deviations are counted at most; the metrics count those of all others together. */
const MAX_PEERS = 500;

/** Counts what was read with patience, by peer and kind, and knows which peers get none. */
export class PatienceCounts implements PatienceOfPeers<NamedPeer> {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #strict: ReadonlySet<string>;
  readonly #counts = new Map<PeerId, Map<PatienceKind, PatienceCount>>();

  constructor({ clock, metrics, config }: { clock: Clock; metrics: Metrics; config: Pick<Config, 'strict_peers'> }) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#strict = new Set(config.strict_peers.map(fold));
    metrics.keep('patience with peers', () => this.#counts.size);
  }

  /** Whether a peer, or one of its own parties, stands in `strict_peers`. */
  isStrict({ id, ownRoles = [] }: NamedPeer): boolean {
    return this.#strict.has(id) || partiesOf(ownRoles).some((it) => this.#strict.has(it));
  }

  note({ id }: Pick<NamedPeer, 'id'>, message: string, deviations: readonly Deviation[]): void {
    const known = this.#counts.get(id) ?? (this.#counts.size < MAX_PEERS ? new Map<PatienceKind, PatienceCount>() : undefined);
    if (known) this.#counts.set(id, known);
    const at = this.#clock.now();
    for (const { kind, field, found } of deviations) {
      this.#metrics.patienceWithPeers.inc({ kind, peer: known ? id : 'others' });
      const before = known?.get(kind);
      if (before) known?.set(kind, { ...before, count: before.count + 1, lastAt: at });
      else known?.set(kind, { kind, count: 1, firstAt: at, lastAt: at, message, field, found });
    }
  }

  /** Reads answers of one peer, for its client. */
  with(peer: NamedPeer): PatienceWithPeer {
    return {
      strict: this.isStrict(peer),
      now: () => this.#clock.now(),
      note: (message, deviations) => this.note(peer, message, deviations),
    };
  }

  /** What was read with patience from this peer, the most frequent kind first. */
  of(peer: PeerId): readonly PatienceCount[] {
    return [...(this.#counts.get(peer)?.values() ?? [])].sort((a, b) => b.count - a.count);
  }

  /** The registration of a peer has ended, or it has got its id: what was counted under this one is over. */
  forget(peer: PeerId): void {
    for (const kind of this.#counts.get(peer)?.keys() ?? []) this.#metrics.patienceWithPeers.remove({ kind, peer });
    this.#counts.delete(peer);
  }

  /** Moves the counts of a peer that is being registered to its id. */
  rename(from: PeerId, to: PeerId): void {
    const counts = this.#counts.get(from);
    this.forget(from);
    for (const { message, count, ...deviation } of counts?.values() ?? []) this.note({ id: to }, message, Array<Deviation>(count).fill(deviation));
  }
}
