import { type Clock, steadyDeadline } from '../domain/clock.ts';
import type { MessageId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { EpochMillis } from '../domain/units.ts';
import type { Call, CallAnswer } from './dialect.ts';
import { printFrame } from './frame.ts';
import { alwaysFree, type NodeTurn } from './gateway/turn.ts';
import { reasonOf } from './log.ts';
import type { StationAnswer } from './station.ts';

/** A call that waits for its turn. */
export interface QueuedCall {
  messageId: MessageId;
  /** At this moment the call ends, whether it was sent or not. */
  deadline: EpochMillis;
  /** Builds the call when its turn comes, from what is then known about the station; fails when the station cannot take the request. */
  compose(): Result<Call>;
  /** Awaited immediately before the frame is written. When it returns false or throws, nothing is written. */
  claim(): Promise<boolean>;
  /** Called with the outcome before the next call in the queue starts; may return a second call, which keeps the turn. */
  followUp?(outcome: CallOutcome): QueuedCall | undefined;
}

/** How a call ended: answered, refused before it was sent, not sent, or sent without an answer. */
export type CallOutcome = CallAnswer | { is: 'refused'; because: string } | Extract<StationAnswer, { is: 'NOT_SENT' | 'SILENT' }>;

/** The sending half of a socket. */
export interface SocketWriter {
  readonly isOpen: boolean;
  /** Sends a text; false when the socket cannot take more. */
  write(text: string): boolean;
}

interface Entry {
  call: QueuedCall;
  /** The deadline by the steady clock. */
  endsAt: EpochMillis;
  stage: 'waiting' | 'claiming' | 'sent' | 'settled';
  settle(outcome: CallOutcome): void;
}

/** Sends calls one after another: OCPP allows one call in flight in each direction (OCPP 2.0.1 part 4 §4.1.1). */
export class CallQueue {
  readonly #socket: SocketWriter;
  readonly #clock: Clock;
  readonly #waiting: Entry[] = [];
  #current: Entry | undefined;
  readonly #turn: NodeTurn;
  #started = false;

  /** `turn`: whether the node may send now, where calls of a CSMS pass to the same station. */
  constructor(socket: SocketWriter, clock: Clock, turn: NodeTurn = alwaysFree) {
    this.#socket = socket;
    this.#clock = clock;
    this.#turn = turn;
  }

  /** Starts sending; calls made earlier have waited until now. */
  start(): void {
    this.#started = true;
    this.#next();
  }

  /** Queues a call and resolves with its outcome; `first` puts it before all waiting calls. */
  call(call: QueuedCall, position: 'first' | 'last' = 'last'): Promise<CallOutcome> {
    const { promise, resolve } = Promise.withResolvers<CallOutcome>();
    if (!this.#socket.isOpen) return Promise.resolve({ is: 'NOT_SENT', because: 'offline' });
    const endsAt = steadyDeadline(this.#clock, call.deadline);
    const cancel = this.#clock.after(Math.max(0, endsAt - this.#clock.steady()), () => this.#expire(entry));
    const entry: Entry = {
      call,
      endsAt,
      stage: 'waiting',
      settle: (outcome) => {
        cancel();
        entry.stage = 'settled';
        resolve(outcome);
      },
    };
    if (position === 'first') this.#waiting.unshift(entry);
    else this.#waiting.push(entry);
    this.#next();
    return promise;
  }

  /** Uses the answer to the call in flight; false when no call with this id is in flight. */
  takeAnswer(messageId: string, answer: CallAnswer): boolean {
    const current = this.#current;
    if (current?.stage !== 'sent' || current.call.messageId !== messageId) return false;
    this.#finish(current, answer);
    return true;
  }

  /** Ends all calls when the connection is lost: a call that was sent may have been carried out, the others were not. */
  close(): void {
    for (const entry of this.#waiting.splice(0)) entry.settle({ is: 'NOT_SENT', because: 'offline' });
    if (this.#current?.stage === 'sent') this.#finish(this.#current, { is: 'SILENT', because: 'disconnected' });
  }

  #next(): void {
    if (!this.#started || this.#current || !this.#socket.isOpen || this.#waiting.length === 0) return;
    if (!this.#turn.take(() => this.#next())) return;
    this.#current = this.#waiting.shift();
    if (this.#current) this.#begin(this.#current);
  }

  #begin(entry: Entry): void {
    // An exception here is a bug in the node; it must not stop the station's queue.
    this.#send(entry).catch((error) => this.#finish(entry, { is: 'refused', because: reasonOf(error) }));
  }

  async #send(entry: Entry): Promise<void> {
    const call = entry.call.compose();
    const outcome = call.ok ? await this.#write(entry, call.value) : { is: 'refused' as const, because: call.problem };
    if (outcome) this.#finish(entry, outcome);
  }

  /** Claims and writes the call; returns an outcome only when the call was not written. */
  async #write(entry: Entry, { action, payload }: Call): Promise<CallOutcome | undefined> {
    entry.stage = 'claiming';
    const { messageId } = entry.call;
    const claimed = await entry.call.claim().catch(() => false);
    if (!claimed) return { is: 'NOT_SENT', because: 'unclaimed' };
    // The claim may have taken long, so the deadline is checked again.
    if (this.#clock.steady() >= entry.endsAt && this.#socket.isOpen) return { is: 'NOT_SENT', because: 'deadline' };
    if (!this.#socket.write(printFrame({ type: 'call', id: messageId, action, payload }))) return { is: 'NOT_SENT', because: 'offline' };
    entry.stage = 'sent';
    return undefined;
  }

  #expire(entry: Entry): void {
    if (entry.stage === 'sent') this.#finish(entry, { is: 'SILENT', because: 'deadline' });
    if (entry.stage !== 'waiting') return;
    const index = this.#waiting.indexOf(entry);
    if (index >= 0) this.#waiting.splice(index, 1);
    entry.settle({ is: 'NOT_SENT', because: 'deadline' });
  }

  #finish(entry: Entry, outcome: CallOutcome): void {
    const second = entry.call.followUp?.(outcome);
    if (second) {
      entry.call = second;
      this.#begin(entry);
      return;
    }
    entry.settle(outcome);
    if (this.#current === entry) {
      this.#current = undefined;
      this.#turn.release();
    }
    this.#next();
  }
}
