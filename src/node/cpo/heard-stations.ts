import type { StationId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Station } from '../../ocpp/station.ts';
import { allStations, recordHeard } from '../../store/sql/station.ts';
import type { Context } from '../core/context.ts';

/** When a charge point was heard last, and whether it is connected. */
export interface Heard {
  online: boolean;
  at: EpochMillis;
}

interface HeardDependencies {
  stationOf(id: StationId): Station | undefined;
  /** The charge points of the configuration. */
  stations(): readonly StationId[];
}

/** When each charge point was heard last: from its connection, else as stored. It is stored once a minute, so that a crash of the node costs a minute. */
export class HeardStations {
  readonly #context: Pick<Context, 'store'>;
  readonly #dependencies: HeardDependencies;
  /** Charge points of the configuration that were connected once. */
  readonly #last = new Map<StationId, EpochMillis>();

  constructor(context: Pick<Context, 'store' | 'metrics'>, dependencies: HeardDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    context.metrics.keep('charge points that were heard', () => this.#last.size);
    context.metrics.show('ocpp_stations_away', () => this.away());
  }

  /** Reads what an earlier run of the node stored. */
  async recover(): Promise<void> {
    for (const { id, heardAt } of await this.#context.store.all(allStations())) this.#last.set(id, heardAt);
  }

  /** Undefined: it was never connected. */
  of(id: StationId): Heard | undefined {
    const station = this.#dependencies.stationOf(id);
    const at = station?.heardAt() ?? this.#last.get(id);
    return at === undefined ? undefined : { online: station !== undefined, at };
  }

  /** How many charge points were connected once and are not connected now. */
  away(): number {
    return this.#dependencies.stations().filter((id) => this.of(id)?.online === false).length;
  }

  /** The connection has ended. */
  disconnected({ id, heardAt }: Pick<Station, 'id'> & { heardAt: EpochMillis }): void {
    this.#last.set(id, heardAt);
  }

  /** Stores what is new since the last time; to be called once a minute. */
  async save(): Promise<void> {
    const fresh = this.#dependencies.stations().flatMap((id) => {
      const heardAt = this.#dependencies.stationOf(id)?.heardAt();
      return heardAt === undefined || heardAt === this.#last.get(id) ? [] : [{ id, heardAt }];
    });
    if (fresh.length === 0) return;
    await this.#context.store.commit(fresh.map(({ id, heardAt }) => recordHeard(id, heardAt)));
    for (const { id, heardAt } of fresh) this.#last.set(id, heardAt);
  }
}
