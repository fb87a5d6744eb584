import type { Clock } from '../domain/clock.ts';
import type { MessageId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { EpochMillis } from '../domain/units.ts';
import type { Call, Outcome } from './dialect.ts';
import { printFrame } from './frame.ts';
import { reasonOf } from './log.ts';
import type { StationAnswer } from './station.ts';

/** A call to make when its turn has come. */
export interface Errand {
  messageId: MessageId;
  deadline: EpochMillis;
  /** Writes the payload, by what is known of the station at that moment; or says why it cannot be asked. */
  compose(): Result<Call>;
  /** Awaited immediately before the frame is written; false or a throw: it is not written. */
  claim(): Promise<boolean>;
  /** Called with what became of it, before anyone else's turn: may give a call that must be made first, in the same turn. */
  after?(fate: Fate): Errand | undefined;
}

/** What became of a call. */
export type Fate = Outcome | { is: 'refused'; because: string } | Extract<StationAnswer, { is: 'NOT_SENT' | 'SILENT' }>;

/** The sending half of a socket. */
export interface Wire {
  readonly isOpen: boolean;
  /** Hands a text to the socket; false when the socket cannot take more. */
  write(text: string): boolean;
}

interface Waiting {
  errand: Errand;
  stage: 'waiting' | 'claiming' | 'sent' | 'settled';
  settle(fate: Fate): void;
}

/** Makes calls one after another: OCPP allows one in flight for each direction (OCPP 2.0.1 part 4 §4.1.1). */
export class CallQueue {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | undefined;
  #started = false;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Lets the first call go; before it, calls only wait. */
  start(): void {
    this.#started = true;
    this.#next();
  }

  /** Makes a call in its turn; `first` puts it before all that wait. */
  call(errand: Errand, place: 'first' | 'last' = 'last'): Promise<Fate> {
    const { promise, resolve } = Promise.withResolvers<Fate>();
    if (!this.#wire.isOpen) return Promise.resolve({ is: 'NOT_SENT', because: 'offline' });
    const cancel = this.#clock.after(Math.max(0, errand.deadline - this.#clock.now()), () => this.#expire(waiting));
    const waiting: Waiting = {
      errand,
      stage: 'waiting',
      settle: (fate) => {
        cancel();
        waiting.stage = 'settled';
        resolve(fate);
      },
    };
    if (place === 'first') this.#waiting.unshift(waiting);
    else this.#waiting.push(waiting);
    this.#next();
    return promise;
  }

  /** Takes the answer to the call in flight; false when it is not waited for. */
  take(messageId: string, outcome: Outcome): boolean {
    const current = this.#current;
    if (current?.stage !== 'sent' || current.errand.messageId !== messageId) return false;
    this.#finish(current, outcome);
    return true;
  }

  /** The connection is gone: what was sent may have been carried out, the rest was not. */
  close(): void {
    for (const it of this.#waiting.splice(0)) it.settle({ is: 'NOT_SENT', because: 'offline' });
    if (this.#current?.stage === 'sent') this.#finish(this.#current, { is: 'SILENT', because: 'disconnected' });
  }

  #next(): void {
    if (!this.#started || this.#current || !this.#wire.isOpen) return;
    const turn = this.#waiting.shift();
    if (!turn) return;
    this.#current = turn;
    this.#begin(turn);
  }

  #begin(turn: Waiting): void {
    // A throw here is a bug of ours; it must not cost the station its queue.
    this.#send(turn).catch((error) => this.#finish(turn, { is: 'refused', because: reasonOf(error) }));
  }

  async #send(turn: Waiting): Promise<void> {
    const call = turn.errand.compose();
    const fate = call.ok ? await this.#write(turn, call.value) : { is: 'refused' as const, because: call.problem };
    if (fate) this.#finish(turn, fate);
  }

  /** Claims and writes; what became of it when it was not written. */
  async #write(turn: Waiting, { action, payload }: Call): Promise<Fate | undefined> {
    turn.stage = 'claiming';
    const { messageId, deadline } = turn.errand;
    const claimed = await turn.errand.claim().catch(() => false);
    if (!claimed) return { is: 'NOT_SENT', because: 'unclaimed' };
    // The claim may have taken long: what is no longer true is not sent.
    if (this.#clock.now() >= deadline && this.#wire.isOpen) return { is: 'NOT_SENT', because: 'deadline' };
    if (!this.#wire.write(printFrame({ type: 'call', id: messageId, action, payload }))) return { is: 'NOT_SENT', because: 'offline' };
    turn.stage = 'sent';
    return undefined;
  }

  #expire(it: Waiting): void {
    if (it.stage === 'sent') this.#finish(it, { is: 'SILENT', because: 'deadline' });
    if (it.stage !== 'waiting') return;
    const place = this.#waiting.indexOf(it);
    if (place >= 0) this.#waiting.splice(place, 1);
    it.settle({ is: 'NOT_SENT', because: 'deadline' });
  }

  #finish(it: Waiting, fate: Fate): void {
    const more = it.errand.after?.(fate);
    if (more) {
      it.errand = more;
      this.#begin(it);
      return;
    }
    it.settle(fate);
    if (this.#current === it) this.#current = undefined;
    this.#next();
  }
}
