import type { Clock } from '../../domain/clock.ts';
import type { StationId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Keep } from './keep.ts';

/** `refused`: the CSMS does not let the station in. */
export type CsmsState = 'connected' | 'away' | 'refused';

/** The CSMS of one station, as its connection shows it. */
export interface CsmsView {
  /** Undefined: the station is not connected, so its CSMS is not either. */
  state: CsmsState | undefined;
  since: EpochMillis;
  /** When the connection to the CSMS was lost last, since the start of the server. */
  lastLost: EpochMillis | undefined;
  /** Messages that wait for the CSMS. */
  kept: number;
}

interface Known {
  state: CsmsState | undefined;
  since: EpochMillis;
  lastLost?: EpochMillis;
  keep?: Pick<Keep, 'waiting'> | undefined;
  /** When the state was noted last. */
  at: EpochMillis;
}

/** A station that its CSMS keeps out is forgotten when it does not try again for this time. */
const TRIES_WITHIN_MS = 10 * 60_000;

/** How the CSMS of each configured station is; in memory, since the start of the server. */
export class CsmsStates {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #known = new Map<StationId, Known>();
  /** Stations whose pair is open. */
  readonly #open = new Set<StationId>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Stations that are known. */
  get size(): number {
    return this.#known.size;
  }

  /** A station has connected; what it keeps is counted from now on. */
  opened(id: StationId, keep: Pick<Keep, 'waiting'> | undefined): void {
    this.#open.add(id);
    this.#known.set(id, { ...this.#of(id), keep });
  }

  /** A station is gone, and with it its connection to the CSMS. */
  closed(id: StationId): void {
    this.#open.delete(id);
    if (this.#of(id).state !== 'refused') this.note(id, undefined);
  }

  /** How the CSMS of a station is now. */
  note(id: StationId, state: CsmsState | undefined): void {
    const known = this.#of(id);
    const at = this.#clock.now();
    const isLost = state === 'away' && known.state === 'connected';
    this.#known.set(id, { ...known, state, since: known.state === state ? known.since : at, at, ...(isLost && { lastLost: at }) });
  }

  /** Undefined: the station has not been here since the start of the server. */
  of(id: StationId): CsmsView | undefined {
    const known = this.#known.get(id);
    if (!known) return undefined;
    const { since, lastLost, keep, at } = known;
    const isOld = !this.#open.has(id) && this.#clock.now() - at > TRIES_WITHIN_MS;
    return { state: isOld ? undefined : known.state, since, lastLost, kept: keep?.waiting ?? 0 };
  }

  #of(id: StationId): Known {
    const now = this.#clock.now();
    return this.#known.get(id) ?? { state: undefined, since: now, at: now };
  }
}
