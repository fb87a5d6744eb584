import type { StationId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { PatienceKind } from './kinds.ts';

/** One oddity of a message: its kind, and where it was seen. Never holds tokens or free text of the station. */
export interface Oddity {
  kind: PatienceKind;
  example: string;
}

/** How often the node was patient with a station in one way since its start, and the first case. */
export interface PatienceCount extends Oddity {
  count: number;
  firstAt: EpochMillis;
}

/** Characters that are kept of an example. */
const LONGEST_EXAMPLE = 160;

/** Counts patience by station and kind. Bounded by the stations of the configuration and the kinds of the sources. */
export class PatienceLedger {
  readonly #counts = new Map<StationId, Map<PatienceKind, PatienceCount>>();
  readonly #onNote: (kind: PatienceKind) => void;

  constructor(onNote: (kind: PatienceKind) => void = () => undefined) {
    this.#onNote = onNote;
  }

  /** Counts one oddity; true for the first of its kind at the station. Only ids of configured stations may be passed. */
  note(station: StationId, { kind, example }: Oddity, at: EpochMillis): boolean {
    this.#onNote(kind);
    const kinds = this.#counts.get(station) ?? new Map<PatienceKind, PatienceCount>();
    this.#counts.set(station, kinds);
    const known = kinds.get(kind);
    if (known) known.count += 1;
    else kinds.set(kind, { kind, example: example.slice(0, LONGEST_EXAMPLE), count: 1, firstAt: at });
    return known === undefined;
  }

  /** What was noted about a station since the start of the node, the most frequent kind first. */
  of(station: StationId): readonly PatienceCount[] {
    return [...(this.#counts.get(station)?.values() ?? [])].sort((a, b) => b.count - a.count);
  }

  /** Stations with an oddity. */
  get size(): number {
    return this.#counts.size;
  }
}
