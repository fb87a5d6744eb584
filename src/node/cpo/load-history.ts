import type { StationId } from '../../domain/ids.ts';
import type { TransactionEvent } from '../../domain/station.ts';
import { type EpochMillis, type EpochSeconds, toSeconds } from '../../domain/units.ts';
import type { Progress } from '../../roles/cpo/session.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';

/** The power of all cars at a location at one moment, in W. */
export type LoadPoint = [at: EpochSeconds, watts: number];
/** The load of one location. */
export interface Load {
  /** Sessions that run now. */
  sessions: number;
  points: readonly LoadPoint[];
}

/** Most points that are kept for each location. */
const MOST_POINTS = 360;

/** Meter values of our charge points, added up for each location; kept in memory, for the console. */
export class LoadHistory {
  readonly #evses: EvseDirectory;
  /** The power of each running transaction, by station and transaction id; at most one for each EVSE of the station. */
  readonly #running = new Map<StationId, Map<string, { location: string; watts: number }>>();
  readonly #points = new Map<string, LoadPoint[]>();

  constructor(evses: EvseDirectory) {
    this.#evses = evses;
  }

  /** Goes on with a session that runs since before the start of the node: its power is the last one that was stored. */
  resume(station: StationId, session: Pick<StoredSession<unknown, Progress>, 'transactionId' | 'status' | 'progress'>): void {
    const location = this.#evses.locationOf(station);
    const { transactionId, status, progress } = session;
    if (location === undefined || transactionId === undefined || status !== 'ACTIVE') return;
    const running = this.#running.get(station) ?? new Map<string, { location: string; watts: number }>();
    this.#running.set(station, running.set(transactionId, { location, watts: progress?.power ?? 0 }));
  }

  /** Takes the power from the meter values of a transaction. */
  receive(station: StationId, event: TransactionEvent): void {
    const { transactionId: id } = event;
    const location = this.#evses.locationOf(station);
    const running = this.#running.get(station) ?? new Map<string, { location: string; watts: number }>();
    const watts = event.readings.findLast(({ power }) => power !== undefined)?.power ?? running.get(id)?.watts ?? 0;
    running.delete(id);
    if (event.kind !== 'transaction-ended' && location !== undefined) running.set(id, { location, watts });
    // The end of a transaction may never have been reported.
    const [oldest] = running.keys();
    if (oldest !== undefined && running.size > this.#evses.ofStation(station).length) running.delete(oldest);
    if (running.size > 0) this.#running.set(station, running);
    else this.#running.delete(station);
  }

  /** Transactions that count as running. */
  size(): number {
    return [...this.#running.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Adds a point for each location; to be called every few seconds. */
  sample(now: EpochMillis): void {
    for (const [location, { watts }] of this.#now()) {
      const points = this.#points.get(location) ?? [];
      points.push([toSeconds(now), watts]);
      this.#points.set(location, points.slice(-MOST_POINTS));
    }
  }

  /** The load of each location, with its points since a moment. */
  since(from: EpochSeconds): ReadonlyMap<string, Load> {
    const loads = [...this.#now()].map(([location, { sessions }]): [string, Load] => {
      const points = (this.#points.get(location) ?? []).filter(([at]) => at >= from);
      return [location, { sessions, points }];
    });
    return new Map(loads);
  }

  #now(): ReadonlyMap<string, { watts: number; sessions: number }> {
    const all = new Map(this.#evses.locations().map(({ id }) => [id, { watts: 0, sessions: 0 }]));
    for (const { location, watts } of [...this.#running.values()].flatMap((ofStation) => [...ofStation.values()])) {
      const it = all.get(location);
      if (it) all.set(location, { watts: it.watts + watts, sessions: it.sessions + 1 });
    }
    return all;
  }
}
