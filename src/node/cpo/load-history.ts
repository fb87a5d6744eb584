import type { StationId } from '../../domain/ids.ts';
import type { StationEvent } from '../../domain/station.ts';
import { type EpochMillis, type EpochSeconds, toSeconds } from '../../domain/units.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';

type Transaction = Extract<StationEvent, { transactionId: string }>;

/** One moment of a location: what all its cars drew together, in W. */
export type LoadPoint = [at: EpochSeconds, watts: number];
/** What is drawn at one location, and was. */
export interface Load {
  sessions: number;
  points: readonly LoadPoint[];
}

/** Moments that are kept of each location. */
const MOST_POINTS = 360;

/** What the meters of our charge points say, added up for each location; kept in memory, for people to look at. */
export class LoadHistory {
  readonly #places: EvseDirectory;
  /** What each running transaction draws, by its station and id. */
  readonly #running = new Map<string, { location: string; watts: number }>();
  readonly #points = new Map<string, LoadPoint[]>();

  constructor(places: EvseDirectory) {
    this.#places = places;
  }

  receive(station: StationId, event: Transaction): void {
    const key = `${station} ${event.transactionId}`;
    const location = this.#places.locationOf(station);
    if (event.kind === 'transaction-ended' || location === undefined) return void this.#running.delete(key);
    const watts = event.readings.findLast(({ power }) => power !== undefined)?.power ?? this.#running.get(key)?.watts ?? 0;
    this.#running.set(key, { location, watts });
  }

  /** Takes down what is drawn now at each location; to be called every few seconds. */
  sample(now: EpochMillis): void {
    for (const [location, { watts }] of this.#now()) {
      const points = this.#points.get(location) ?? [];
      points.push([toSeconds(now), watts]);
      this.#points.set(location, points.slice(-MOST_POINTS));
    }
  }

  /** The locations with what was drawn there since a moment. */
  since(from: EpochSeconds): ReadonlyMap<string, Load> {
    const loads = [...this.#now()].map(([location, { sessions }]): [string, Load] => {
      const points = (this.#points.get(location) ?? []).filter(([at]) => at >= from);
      return [location, { sessions, points }];
    });
    return new Map(loads);
  }

  #now(): ReadonlyMap<string, { watts: number; sessions: number }> {
    const all = new Map(this.#places.locations().map((id) => [id, { watts: 0, sessions: 0 }]));
    for (const { location, watts } of this.#running.values()) {
      const it = all.get(location);
      if (it) all.set(location, { watts: it.watts + watts, sessions: it.sessions + 1 });
    }
    return all;
  }
}
