import type { PartyKey, PeerId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { countStored, type StoredModule } from '../../store/sql/stored-objects.ts';
import type { Context } from './context.ts';
import { SerialByKey } from './serial-by-key.ts';

/** A party at its quota is counted again after this time: objects may have been deleted meanwhile. */
const RECOUNT_MS = 60_000;

/**
 * The quota of objects that a node stores for each party in one module. The objects of a party are counted in the store when it
 * sends its first new one, and then in memory. Deleted objects are noticed by a new count, which is only made at the quota.
 */
export class StoredQuota {
  readonly #context: Context;
  readonly #module: StoredModule;
  readonly #counts = new Map<PartyKey, { stored: number; countedAt: EpochMillis }>();
  readonly #serial = new SerialByKey<PartyKey>();

  constructor(context: Context, module: StoredModule) {
    this.#context = context;
    this.#module = module;
  }

  /** Counts a new object of a party of this peer; false when the party has reached its quota. Call it before the object is stored. */
  take(peer: PeerId, party: PartyKey): Promise<boolean> {
    return this.#serial.run(party, async () => {
      const count = await this.#count(party);
      if (count.stored < this.#quota) {
        count.stored += 1;
        return true;
      }
      const says = `${party} has ${this.#quota} ${this.#module} here, which is its quota: new ones are refused until limits.stored.${this.#module} is raised`;
      this.#context.security.note({ kind: 'quota-reached', peer, party, says });
      return false;
    });
  }

  get #quota(): number {
    return this.#context.config.limits.stored[this.#module];
  }

  async #count(party: PartyKey) {
    const { store, clock } = this.#context;
    const known = this.#counts.get(party);
    if (known && (known.stored < this.#quota || clock.now() - known.countedAt < RECOUNT_MS)) return known;
    const count = { stored: (await store.first(countStored(this.#module, party, this.#quota))) ?? 0, countedAt: clock.now() };
    this.#counts.set(party, count);
    return count;
  }
}
