import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { type MessageId, messageId } from '../domain/ids.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { ok } from '../domain/result.ts';
import { epochMillis } from '../domain/units.ts';
import type { CallQueue, Fate } from './call-queue.ts';
import type { Learning } from './dialect.ts';
import type { SchemaBook } from './schema.ts';
import type { Abilities, StationRequest } from './station.ts';

interface Lesson {
  learning: Learning;
  book: SchemaBook;
  queue: CallQueue;
  clock: Clock;
  /** Milliseconds that the station has to answer. */
  within: number;
  /** As known from a former connection. */
  known: Abilities | undefined;
  learnt(abilities: Abilities): void;
}

/** Asks a station what it can do, and remembers it; a station that does not say is taken to be as before, or as assumed. */
export class Learner {
  readonly #it: Lesson;
  #abilities: Abilities | undefined;
  #asked: MessageId | undefined;
  #isAsking = false;

  constructor(it: Lesson) {
    this.#it = it;
    this.#abilities = it.known;
  }

  get abilities(): Abilities {
    return this.#abilities ?? this.#it.learning.assumed;
  }

  /** Something is known: learnt now, or on a former connection. */
  get isReady(): boolean {
    return this.#abilities !== undefined;
  }

  /** The station has been asked on this connection. */
  get hasAsked(): boolean {
    return this.#asked !== undefined;
  }

  /** Asks before all other calls, unless it is being asked already. */
  async ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { queue, clock, within, learning } = this.#it;
    const id = messageId(randomUUID());
    this.#asked = id;
    const deadline = epochMillis(clock.now() + within);
    const after = (fate: Fate): undefined => this.#take(fate);
    // What is learnt counts for the call that waits behind this one.
    await queue.call({ messageId: id, deadline, compose: () => ok(learning.call), claim: async () => true, after }, 'first');
    this.#isAsking = false;
  }

  /** What the station itself said that it cannot do; many know no composite schedules and carry profiles all the same. */
  lack(kind: StationRequest['kind']): void {
    this.#remember({ ...this.abilities, ...(kind === 'get-composite-schedule' ? { compositeSchedule: false } : { smartCharging: false }) });
  }

  /** A profile in this unit was taken after one in the other was refused. */
  takesOnly(unit: RateUnit): void {
    const { unitsAssumed: _, ...abilities } = this.abilities;
    this.#remember({ ...abilities, units: [unit] });
  }

  /** Takes an answer that came after its time; false when it is not an answer to this. */
  takeLate(id: string, fate: Fate): boolean {
    if (id !== this.#asked) return false;
    this.#take(fate);
    return true;
  }

  #take(fate: Fate): undefined {
    if (fate.is === 'NOT_SENT' || (fate.is === 'SILENT' && fate.because === 'disconnected')) return undefined;
    const said = fate.is === 'result' ? this.#it.learning.read(fate.payload, this.#it.book) : undefined;
    if (said?.ok) this.#remember(said.value);
    else if (!this.#abilities) this.#remember(this.#it.learning.assumed);
    return undefined;
  }

  #remember(abilities: Abilities): void {
    this.#abilities = abilities;
    this.#it.learnt(abilities);
  }
}
