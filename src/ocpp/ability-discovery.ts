import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { type MessageId, messageId } from '../domain/ids.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { ok } from '../domain/result.ts';
import { epochMillis } from '../domain/units.ts';
import { assumedAbilities } from './abilities.ts';
import type { CallOutcome, CallQueue } from './call-queue.ts';
import type { AbilityQuery } from './dialect.ts';
import type { SchemaSet } from './schema.ts';
import type { Abilities, StationRequest } from './station.ts';

interface AbilityDiscoveryOptions {
  query: AbilityQuery;
  schemas: SchemaSet;
  queue: CallQueue;
  clock: Clock;
  /** Milliseconds that the station has to answer. */
  timeout: number;
  /** Abilities from an earlier connection. */
  known: Abilities | undefined;
  onChange(abilities: Abilities): void;
}

/** Asks a station for its abilities and stores them. Until the station answers, the abilities of an earlier connection hold, or else the assumed ones. */
export class AbilityDiscovery {
  readonly #options: AbilityDiscoveryOptions;
  #abilities: Abilities | undefined;
  #queryId: MessageId | undefined;
  #isQuerying = false;

  constructor(options: AbilityDiscoveryOptions) {
    this.#options = options;
    this.#abilities = options.known;
  }

  /** The station's abilities as far as they are known, else the assumed ones. */
  get abilities(): Abilities {
    return this.#abilities ?? assumedAbilities;
  }

  /** True when the abilities come from this connection or an earlier one, false when they are only assumed. */
  get isKnown(): boolean {
    return this.#abilities !== undefined;
  }

  /** True when the station was queried on this connection. */
  get hasQueried(): boolean {
    return this.#queryId !== undefined;
  }

  /** Sends the query before all waiting calls; does nothing while a query is under way. */
  async query(): Promise<void> {
    if (this.#isQuerying) return;
    this.#isQuerying = true;
    const { queue, clock, timeout, query } = this.#options;
    const id = messageId(randomUUID());
    this.#queryId = id;
    const deadline = epochMillis(clock.now() + timeout);
    // The outcome is used in followUp, so that the next call in the queue is composed with the new abilities.
    const followUp = (outcome: CallOutcome): undefined => this.#apply(outcome);
    await queue.call({ messageId: id, deadline, compose: () => ok(query.call), claim: async () => true, followUp }, 'first');
    this.#isQuerying = false;
  }

  /** Records a feature that the station itself called unsupported. Many lack GetCompositeSchedule and still take profiles (quirk no-composite-schedule). */
  markUnsupported(kind: StationRequest['kind']): void {
    this.#set({ ...this.abilities, ...(kind === 'get-composite-schedule' ? { compositeSchedule: false } : { smartCharging: false }) });
  }

  /** Records that the station took a profile in this unit after it had refused the other unit. */
  restrictToUnit(unit: RateUnit): void {
    const { unitsAssumed: _, ...abilities } = this.abilities;
    this.#set({ ...abilities, units: [unit] });
  }

  /** Uses an answer to the query that came after its deadline; false when the answer belongs to another call. */
  takeLateAnswer(id: string, outcome: CallOutcome): boolean {
    if (id !== this.#queryId) return false;
    this.#apply(outcome);
    return true;
  }

  #apply(outcome: CallOutcome): undefined {
    if (outcome.is === 'NOT_SENT' || (outcome.is === 'SILENT' && outcome.because === 'disconnected')) return undefined;
    const stated = outcome.is === 'result' ? this.#options.query.read(outcome.payload, this.#options.schemas) : undefined;
    if (stated?.ok) this.#set(stated.value);
    else if (!this.#abilities) this.#set(assumedAbilities);
    return undefined;
  }

  #set(abilities: Abilities): void {
    this.#abilities = abilities;
    this.#options.onChange(abilities);
  }
}
