import { hash } from 'node:crypto';
import type { RawData } from 'ws';
import { messageId } from '../domain/ids.ts';
import type { AbilityDiscovery } from './ability-discovery.ts';
import { answerCall, answerUnreadable, type Reply } from './answer-call.ts';
import type { CallQueue } from './call-queue.ts';
import { type CallAnswer, type Dialect, type HandlerContext, read } from './dialect.ts';
import { type Frame, parseFrame, printFrame, type Unreadable } from './frame.ts';
import type { InboundQueue } from './inbound-queue.ts';
import { reasonOf } from './log.ts';
import type { StationPatience } from './patience/station-patience.ts';
import type { SchemaSet } from './schema.ts';
import type { Station, StationHost } from './station.ts';
import type { StationSocket } from './station-socket.ts';

type CallFrame = Extract<Frame, { type: 'call' }>;
type AnswerFrame = Extract<Frame, { type: 'result' | 'error' }>;

/** The parts of a connection that a received message may concern. */
export interface ReceiverDependencies {
  station: Station;
  host: StationHost;
  handlerContext: HandlerContext;
  dialect: Dialect;
  schemas: SchemaSet;
  socket: StationSocket;
  queue: CallQueue;
  inbound: InboundQueue;
  abilities: AbilityDiscovery;
  patience: StationPatience;
}

/** Handles the text messages of one station: an answer to the call in flight at once, everything else in the order of arrival. */
export class MessageReceiver {
  readonly #use: ReceiverDependencies;
  #lastAnswer: { digest: string; text: string } | undefined;

  constructor(use: ReceiverDependencies) {
    this.#use = use;
  }

  /** Handles one message; never throws. OCPP-J has text messages only. */
  receive(message: RawData, isBinary: boolean): void {
    if (isBinary) this.#use.socket.closeForAbuse(1003, 'only text is taken');
    else this.#receiveText(message.toString());
  }

  #receiveText(text: string): void {
    const parsed = this.#use.patience.frame(parseFrame(text));
    if (!parsed.ok) this.#enqueue(text.length, async () => this.#receiveUnreadable(parsed.problem));
    else if (parsed.value.type === 'result' || parsed.value.type === 'error') this.#receiveAnswer(parsed.value, text.length);
    else this.#enqueue(text.length, this.#taskFor(parsed.value, text));
  }

  #taskFor(frame: Exclude<Frame, AnswerFrame>, text: string): () => Promise<void> {
    if (frame.type === 'call') return () => this.#receiveCall(frame, hash('sha1', text, 'base64'));
    // SEND needs an open event stream, and the node opens none. A CALLRESULTERROR needs no reaction.
    return async () => this.#use.socket.reportAnomaly('dropped-message', frame.type);
  }

  #receiveAnswer(frame: AnswerFrame, size: number): void {
    const answer: CallAnswer =
      frame.type === 'result' ? { is: 'result', payload: frame.payload } : { is: 'error', code: frame.code, description: frame.description };
    if (!this.#use.queue.takeAnswer(frame.id, answer)) this.#enqueue(size, () => takeLateAnswer(frame.id, answer, this.#use));
  }

  async #receiveCall(sent: CallFrame, digest: string): Promise<void> {
    const { socket, abilities, patience, dialect } = this.#use;
    // The station repeats a message when its answer was lost: it gets the same answer, and the node does nothing again.
    // The digest covers the whole text, because some stations use one id for different messages.
    if (this.#lastAnswer?.digest === digest) {
      socket.reportAnomaly('repeated-message', sent.id);
      socket.write(this.#lastAnswer.text);
      return;
    }
    const call = { ...sent, action: patience.action(sent.action, [...dialect.handlers.keys()]) };
    const { frame, incident } = await this.#answer(call);
    const text = printFrame(frame);
    // After a failure of the host the same message may succeed, so that answer is not stored.
    if (incident?.anomaly !== 'host-failed') this.#lastAnswer = { digest, text };
    socket.write(text);
    if (incident) socket.reportAnomaly(incident.anomaly, incident.because);
    if (call.action === 'BootNotification' && frame.type === 'result') void abilities.query('boot');
  }

  async #answer(call: CallFrame): Promise<Reply> {
    try {
      return await answerCall(call, this.#use);
    } catch (error) {
      const frame: Frame = { type: 'error', id: call.id, code: 'InternalError', description: 'the node could not take this message in; send it again' };
      return { frame, incident: { anomaly: 'host-failed', because: reasonOf(error) } };
    }
  }

  #receiveUnreadable(unreadable: Unreadable): void {
    const { socket, dialect } = this.#use;
    socket.reportAnomaly('invalid-frame', unreadable.problem);
    const reply = answerUnreadable(unreadable, dialect);
    if (reply) socket.write(printFrame(reply));
  }

  /** Queues a task; closes the connection when the station has too many messages waiting (SEC-32). */
  #enqueue(size: number, task: () => Promise<void>): void {
    const { inbound, socket } = this.#use;
    const isQueued = inbound.add(size, () => task().catch((error) => socket.reportAnomaly('host-failed', reasonOf(error))));
    if (!isQueued) socket.closeForAbuse(1008, 'too many messages at once');
  }
}

/** No call with this id is in flight: the answer is late, repeated or unsolicited. The host decides from its records. */
export async function takeLateAnswer(id: string, answer: CallAnswer, use: ReceiverDependencies): Promise<void> {
  const { abilities, socket, host, station, dialect, schemas, handlerContext } = use;
  if (abilities.takeLateAnswer(id, answer)) return;
  socket.reportAnomaly('late-answer', id);
  await host.lateAnswer(station, messageId(id), (request) => read(request, answer, { dialect, schemas, now: handlerContext.now() }).answer);
}
