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
import type { Abilities, AbilityFinding, AbilityFindings, AbilityName, AbilityOccasion, CommandAnswer, KnownAbilities, StationRequest } from './station.ts';

interface AbilityDiscoveryOptions {
  query: AbilityQuery;
  schemas: SchemaSet;
  queue: CallQueue;
  clock: Clock;
  /** Milliseconds that the station has to answer. */
  timeout: number;
  /** Abilities from an earlier connection. */
  known: KnownAbilities | undefined;
  onChange(abilities: Abilities, findings: AbilityFindings): void;
}

/** Asks a station for its abilities and stores them. Until the station answers, the abilities of an earlier connection hold, or else the assumed ones. */
export class AbilityDiscovery {
  readonly #options: AbilityDiscoveryOptions;
  #abilities: Abilities | undefined;
  #findings: AbilityFindings;
  #occasion: AbilityOccasion = 'boot';
  #queryId: MessageId | undefined;
  #isQuerying = false;

  constructor(options: AbilityDiscoveryOptions) {
    this.#options = options;
    const { findings = {}, ...known } = options.known ?? { ...assumedAbilities };
    this.#abilities = options.known && known;
    this.#findings = findings;
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

  /** What to keep for the next connection; undefined when the abilities are only assumed. */
  get known(): KnownAbilities | undefined {
    return this.#abilities && { ...this.#abilities, findings: this.#findings };
  }

  /** Sends the query before all waiting calls, unless a query is under way. Resolves with what the station answered. */
  async query(occasion: AbilityOccasion): Promise<CommandAnswer> {
    if (this.#isQuerying) return { is: 'FAILED', because: 'the abilities are being asked for already' };
    this.#isQuerying = true;
    this.#occasion = occasion;
    const { queue, clock, timeout, query } = this.#options;
    const id = messageId(randomUUID());
    this.#queryId = id;
    const deadline = epochMillis(clock.now() + timeout);
    let isStated = false;
    // The outcome is used in followUp, so that the next call in the queue is composed with the new abilities.
    const followUp = (outcome: CallOutcome): undefined => {
      isStated = this.#apply(outcome);
    };
    const outcome = await queue.call({ messageId: id, deadline, compose: () => ok(query.call), claim: async () => true, followUp }, 'first');
    this.#isQuerying = false;
    if (outcome.is === 'result') return isStated ? { is: 'ANSWERED', status: 'Stated' } : { is: 'FAILED', because: 'the answer cannot be read' };
    return outcome.is === 'error' ? { is: 'ANSWERED', status: outcome.code } : { is: 'FAILED', because: outcome.because };
  }

  /** Records a feature that the station itself called unsupported. Many lack GetCompositeSchedule and still take profiles (quirk no-composite-schedule). */
  markUnsupported(kind: StationRequest['kind'], action: string): void {
    const name = kind === 'get-composite-schedule' ? 'compositeSchedule' : 'smartCharging';
    this.#set({ ...this.abilities, [name]: false }, { ...this.#findings, [name]: { how: 'refused', action, at: this.#options.clock.now() } });
  }

  /** Records that the station took a profile in this unit after it had refused the other unit. */
  restrictToUnit(unit: RateUnit, action: string): void {
    const { unitsAssumed: _, ...abilities } = this.abilities;
    this.#set({ ...abilities, units: [unit] }, { ...this.#findings, units: { how: 'accepted', action, at: this.#options.clock.now() } });
  }

  /** Uses an answer to the query that came after its deadline; false when the answer belongs to another call. */
  takeLateAnswer(id: string, outcome: CallOutcome): boolean {
    if (id !== this.#queryId) return false;
    this.#apply(outcome);
    return true;
  }

  /** Whether the station stated its abilities. */
  #apply(outcome: CallOutcome): boolean {
    if (outcome.is === 'NOT_SENT' || (outcome.is === 'SILENT' && outcome.because === 'disconnected')) return false;
    const { query, schemas } = this.#options;
    const stated = outcome.is === 'result' ? query.read(outcome.payload, schemas) : undefined;
    if (stated?.ok && outcome.is === 'result') this.#set(stated.value, this.#statedIn(query.statedIn(outcome.payload, schemas)));
    else if (!this.#abilities) this.#set(assumedAbilities, {});
    return stated?.ok ?? false;
  }

  #statedIn(names: readonly AbilityName[]): AbilityFindings {
    const { clock, query } = this.#options;
    const finding: AbilityFinding = { how: 'stated', action: query.call.action, occasion: this.#occasion, at: clock.now() };
    return Object.fromEntries(names.map((name) => [name, finding]));
  }

  #set(abilities: Abilities, findings: AbilityFindings): void {
    this.#abilities = abilities;
    this.#findings = findings;
    this.#options.onChange(abilities, findings);
  }
}
