import type { StationId } from '../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../domain/units.ts';
import type { Connection } from './connection.ts';
import type { KnownAbilities } from './station.ts';

/** What is kept about a station between its connections. */
interface StationMemory {
  epoch: number;
  /** OCPP 2.x: the running transaction by EVSE. */
  transactions: Map<number, string>;
  abilities: KnownAbilities | undefined;
  /** Start of the current minute in which replaced connections are counted. */
  replacedSince: EpochMillis;
  replaced: number;
}

/** The current connection of each station, which is the newest authenticated one (SEC-31). */
export class StationRegistry {
  readonly #current = new Map<StationId, Connection>();
  readonly #memories = new Map<StationId, StationMemory>();

  get(id: StationId): Connection | undefined {
    return this.#current.get(id);
  }

  /** Charge points that connected since the start. */
  get known(): number {
    return this.#memories.size;
  }

  all(): Connection[] {
    return [...this.#current.values()];
  }

  /** The memory of a station. `stored` is what the host has stored; its abilities count only on the first connection to this process. */
  memoryOf(id: StationId, stored: { lastEpoch: number; abilities: KnownAbilities | undefined; now: EpochMillis }): StationMemory {
    const known = this.#memories.get(id);
    // The station may have been connected to another process of the node in the meantime.
    if (known) return Object.assign(known, { epoch: Math.max(known.epoch, stored.lastEpoch) });
    const { lastEpoch: epoch, abilities, now: replacedSince } = stored;
    const memory: StationMemory = { epoch, transactions: new Map(), abilities, replacedSince, replaced: 0 };
    this.#memories.set(id, memory);
    return memory;
  }

  /** Makes a connection the current one of its station. */
  setCurrent(connection: Connection): void {
    this.#current.set(connection.id, connection);
  }

  /** Removes an ended connection unless a newer one has replaced it, and keeps the abilities that it found. */
  remove(connection: Connection): void {
    const memory = this.#memories.get(connection.id);
    if (memory) memory.abilities = connection.knownAbilities();
    if (this.#current.get(connection.id) === connection) this.#current.delete(connection.id);
  }

  /** Counts a replaced connection; true after more than five in a minute, which suggests that two stations use one id. */
  isFlapping(id: StationId, now: EpochMillis): boolean {
    const memory = this.#memories.get(id);
    if (!memory) return false;
    if (now >= epochMillis(memory.replacedSince + 60_000)) Object.assign(memory, { replacedSince: now, replaced: 0 });
    memory.replaced += 1;
    return memory.replaced > 5;
  }
}
