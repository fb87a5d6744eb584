import { hash } from 'node:crypto';
import { messageId } from '../domain/ids.ts';
import type { Learner } from './ability-discovery.ts';
import { answerCall, answerUnreadable, type Reply } from './answer-call.ts';
import type { CallQueue } from './call-queue.ts';
import { type Dialect, type Ears, type Outcome, read } from './dialect.ts';
import { type Frame, parseFrame, printFrame, type Unreadable } from './frame.ts';
import type { Inbox } from './inbound-queue.ts';
import { reasonOf } from './log.ts';
import type { SchemaBook } from './schema.ts';
import type { Station, StationHost } from './station.ts';
import type { Line } from './station-socket.ts';

type CallFrame = Extract<Frame, { type: 'call' }>;
type AnswerFrame = Extract<Frame, { type: 'result' | 'error' }>;

/** Whom what is heard concerns. */
export interface Hearers {
  station: Station;
  host: StationHost;
  ears: Ears;
  dialect: Dialect;
  book: SchemaBook;
  line: Line;
  queue: CallQueue;
  inbox: Inbox;
  learner: Learner;
}

/** Takes in what one station says: answers to our calls at once, all else in its turn. */
export class Hearing {
  readonly #to: Hearers;
  #lastAnswer: { digest: string; text: string } | undefined;

  constructor(to: Hearers) {
    this.#to = to;
  }

  /** Takes one text message in; never throws. */
  take(text: string): void {
    const parsed = parseFrame(text);
    if (!parsed.ok) this.#later(text.length, async () => this.#takeUnreadable(parsed.problem));
    else if (parsed.value.type === 'result' || parsed.value.type === 'error') this.#takeAnswer(parsed.value, text.length);
    else this.#later(text.length, this.#taskFor(parsed.value, text));
  }

  #taskFor(frame: Exclude<Frame, AnswerFrame>, text: string): () => Promise<void> {
    if (frame.type === 'call') return () => this.#takeCall(frame, hash('sha1', text, 'base64'));
    // No stream of ours is open that a station could send to, and an answer that it cannot read is its last word.
    return async () => this.#to.line.note('dropped-message', frame.type);
  }

  #takeAnswer(frame: AnswerFrame, size: number): void {
    const outcome: Outcome =
      frame.type === 'result' ? { is: 'result', payload: frame.payload } : { is: 'error', code: frame.code, description: frame.description };
    if (!this.#to.queue.take(frame.id, outcome)) this.#later(size, () => this.#takeLate(frame.id, outcome));
  }

  /** Late, a second time, or never asked for: the host may know what to make of it. */
  async #takeLate(id: string, outcome: Outcome): Promise<void> {
    const { learner, line, host, station, dialect, book, ears } = this.#to;
    if (learner.takeLate(id, outcome)) return;
    line.note('late-answer', id);
    await host.lateAnswer(station, messageId(id), (request) => read(request, outcome, { dialect, book, now: ears.now() }).answer);
  }

  async #takeCall(call: CallFrame, digest: string): Promise<void> {
    const { line, learner } = this.#to;
    // The same message again: its answer was lost on the way, what it told was not. The same id with other words is another message.
    if (this.#lastAnswer?.digest === digest) {
      line.note('repeated-message', call.id);
      line.write(this.#lastAnswer.text);
      return;
    }
    const { frame, odd } = await this.#answer(call);
    const text = printFrame(frame);
    // What the host could not take in now may well succeed when it is said again.
    if (odd?.oddity !== 'failed-host') this.#lastAnswer = { digest, text };
    line.write(text);
    if (odd) line.note(odd.oddity, odd.because);
    if (call.action === 'BootNotification' && frame.type === 'result') void learner.ask();
  }

  async #answer(call: CallFrame): Promise<Reply> {
    try {
      return await answerCall(call, this.#to);
    } catch (error) {
      const frame: Frame = { type: 'error', id: call.id, code: 'InternalError', description: 'the node could not take this message in; send it again' };
      return { frame, odd: { oddity: 'failed-host', because: reasonOf(error) } };
    }
  }

  #takeUnreadable(unreadable: Unreadable): void {
    const { line, dialect } = this.#to;
    line.note('unreadable-message', unreadable.problem);
    const reply = answerUnreadable(unreadable, dialect);
    if (reply) line.write(printFrame(reply));
  }

  /** Puts a task behind those that wait; whoever lets too many wait is cut off (SEC-32). */
  #later(size: number, task: () => Promise<void>): void {
    const { inbox, line } = this.#to;
    const isTaken = inbox.add(size, () => task().catch((error) => line.note('failed-host', reasonOf(error))));
    if (!isTaken) line.refuse(1008, 'too many messages at once');
  }
}
