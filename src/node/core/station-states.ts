import type { StationId } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';

/** What a charge point was from a moment on. `refusing`: connected, and it refused the last limit. */
export interface StationState {
  from: EpochMillis;
  is: 'connected' | 'away' | 'refusing';
}

/** How far back states are read, and how many changes of one charge point are kept. */
const WINDOW_MS = 24 * 3_600_000;
const MOST_CHANGES = 200;

/** When each charge point was connected, away or refusing. */
export class StationStates {
  readonly #startedAt: EpochMillis;
  readonly #states = new Map<StationId, StationState[]>();

  constructor(startedAt: EpochMillis) {
    this.#startedAt = startedAt;
  }

  /** Charge points that were connected since the start. */
  get stations(): number {
    return this.#states.size;
  }

  /** Notes the state from now on; a repeated state changes nothing. */
  note(station: StationId, is: StationState['is'], from: EpochMillis): void {
    const states = this.#states.get(station) ?? [{ from: this.#startedAt, is: 'away' }];
    this.#states.set(station, states);
    if (states.at(-1)?.is === is) return;
    states.push({ from, is });
    if (states.length > MOST_CHANGES) states.shift();
  }

  /** The states of the last 24 h or since the start, oldest first; each lasts until the next one. */
  of(station: StationId, now: EpochMillis): readonly StationState[] {
    const states = this.#states.get(station) ?? [{ from: this.#startedAt, is: 'away' }];
    const begin = epochMillis(now - WINDOW_MS);
    const first = states.findLastIndex(({ from }) => from <= begin);
    return states.slice(Math.max(0, first)).map((it, n) => (n === 0 && it.from < begin ? { ...it, from: begin } : it));
  }
}
