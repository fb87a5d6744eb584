import type { StationId } from '../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../domain/units.ts';
import type { Connection } from './connection.ts';
import type { Abilities } from './station.ts';

/** What outlives the connections of one station. */
interface Memory {
  epoch: number;
  running: Map<number, string>;
  abilities: Abilities | undefined;
  /** Replacements of a live connection since that moment: many a minute mean that two stations use one name. */
  replacedSince: EpochMillis;
  replaced: number;
}

/** Which station is connected by which socket: the newest that proved itself (SEC-31). */
export class Register {
  readonly #current = new Map<StationId, Connection>();
  readonly #memories = new Map<StationId, Memory>();

  get(id: StationId): Connection | undefined {
    return this.#current.get(id);
  }

  all(): Connection[] {
    return [...this.#current.values()];
  }

  /** What is known of a station; `abilities` counts when it was never connected to this process. */
  recall(id: StationId, first: { lastEpoch: number; abilities: Abilities | undefined; now: EpochMillis }): Memory {
    const known = this.#memories.get(id);
    // Another process of the node may have had the station meanwhile.
    if (known) return Object.assign(known, { epoch: Math.max(known.epoch, first.lastEpoch) });
    const fresh = { epoch: first.lastEpoch, running: new Map<number, string>(), abilities: first.abilities, replacedSince: first.now, replaced: 0 };
    this.#memories.set(id, fresh);
    return fresh;
  }

  /** Puts a connection in its station's place; the one before it is given back. */
  place(connection: Connection): Connection | undefined {
    const old = this.#current.get(connection.id);
    this.#current.set(connection.id, connection);
    return old;
  }

  /** Forgets a connection, keeping what it learnt; a newer one stays. */
  leave(connection: Connection): void {
    const memory = this.#memories.get(connection.id);
    if (memory) memory.abilities = connection.known();
    if (this.#current.get(connection.id) === connection) this.#current.delete(connection.id);
  }

  /** Counts a replacement; true when there were more than five in a minute. */
  isFlapping(id: StationId, now: EpochMillis): boolean {
    const memory = this.#memories.get(id);
    if (!memory) return false;
    if (now >= epochMillis(memory.replacedSince + 60_000)) Object.assign(memory, { replacedSince: now, replaced: 0 });
    memory.replaced += 1;
    return memory.replaced > 5;
  }
}
