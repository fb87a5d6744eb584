import type { RawData } from 'ws';
import type { EpochMillis } from '../../domain/units.ts';
import { parseFrame } from '../frame.ts';
import { reasonOf } from '../log.ts';
import { type ReceiverDependencies, takeLateAnswer } from '../message-receiver.ts';
import type { Station } from '../station.ts';
import { asBuffer, type CsmsLink, closeAlike } from './csms-link.ts';
import { type Head, readHead } from './head.ts';
import type { Keep } from './keep.ts';
import type { SendOn, SendOnAnswer } from './kept-message.ts';
import { answerIn, type Exchanged, type Observed, observeStationCall, readExchanged } from './observe.ts';
import type { PassingCall, StationLegs } from './station-legs.ts';
import type { Upstream } from './upstream.ts';

/** The CSMS of a station, and what belongs to the pair of their connections. */
export interface CsmsOfStation {
  upstream: Pick<Upstream, 'whenAway' | 'acts'>;
  link: CsmsLink;
  /** Keeps messages while the CSMS is away; absent: the station is disconnected then. */
  keep: Keep | undefined;
  /** The CSMS has made a call, and the station has answered. */
  called(station: Station, observed: Observed): Promise<void>;
}

/** The parts of a connection that a passing message may concern. */
export interface PassageDependencies extends ReceiverDependencies {
  csms: CsmsOfStation;
  legs: StationLegs;
}

/** Milliseconds that the CSMS has to answer a kept message. */
const ANSWER_TIMEOUT = 30_000;
/** Calls whose answer tells a transaction id, or that end one (OCPP 1.6). */
const NAME_IDS: readonly string[] = ['StartTransaction', 'StopTransaction'];
/** Pings of the CSMS that may wait for the station's answer. */
const MOST_PINGS = 10;

/**
 * Passes the messages of one station to its CSMS and back, byte for byte and in order, and takes in what passed. Answers of the CSMS do
 * not wait behind calls that are held back: a station that awaits one may not answer before it has it.
 */
export class Passage {
  readonly #use: PassageDependencies;
  #sending: { id: string; settle(answer: SendOnAnswer): void } | undefined;
  #pings: Buffer[] = [];
  #isRefused = false;
  #isOver = false;

  constructor(use: PassageDependencies) {
    this.#use = use;
    const { legs, csms } = use;
    const [{ webSocket }, { link }] = [legs, csms];
    // Messages wait in the socket until the host has recorded the station.
    webSocket.pause();
    webSocket.on('ping', (data: Buffer) => link.ping(data) || webSocket.pong(data));
    webSocket.on('pong', (data: Buffer) => this.#stationPong(data));
    webSocket.on('close', (code: number, reason: Buffer) => link.close(code, reason));
  }

  /** Starts to pass messages; the host has recorded the station. */
  start(): void {
    const { link, keep } = this.#use.csms;
    const { webSocket } = this.#use.legs;
    link.start({
      message: (data, isBinary) => this.#fromCsms(data, isBinary),
      ping: (data) => this.#csmsPing(data),
      pong: (data) => webSocket.pong(data),
      opened: () => keep?.csmsIsBack(this.#sendOn),
      ended: (code, reason) => this.#csmsIsAway(code, reason),
      refused: (code, reason) => {
        this.#isRefused = true;
        closeAlike(webSocket, code, reason);
      },
    });
    if (link.isOpen) keep?.csmsIsBack(this.#sendOn);
    webSocket.resume();
  }

  /** The connection of the station has ended. */
  end(): void {
    const { legs, csms } = this.#use;
    this.#isOver = true;
    this.#sending?.settle({ is: 'lost' });
    csms.keep?.csmsIsAway();
    legs.toCsms.clear();
    for (const call of legs.toStation.clear()) void this.#noteUnanswered(call);
  }

  keepAlive(now: EpochMillis): void {
    this.#use.csms.link.keepAlive(now);
  }

  /** Takes one message of the station; never throws. A station that the CSMS refuses must not charge on an answer of the node. */
  receive(message: RawData, isBinary: boolean): void {
    if (this.#isRefused) return;
    const data = asBuffer(message);
    const text = data.toString();
    const head = isBinary ? undefined : readHead(text);
    if (head?.type === 'call') this.#callOfStation({ id: head.id, action: head.action ?? '', text, data });
    else if (head?.type === 'result' || head?.type === 'error') this.#answerOfStation(head, text, data);
    else {
      if (!head) this.#use.socket.reportAnomaly('passed-unread', 'a message of the station is no frame of OCPP-J');
      if (!this.#use.csms.link.send(data, isBinary)) this.#use.socket.reportAnomaly('dropped-message', 'the CSMS is away');
    }
  }

  #callOfStation(call: PassingCall): void {
    const { link, keep } = this.#use.csms;
    if (link.isClosing || (link.isOpen && (keep?.isIdle ?? true))) this.#passToCsms(call, call.data);
    else void this.#take(call);
  }

  #passToCsms(call: PassingCall, sent: Buffer): void {
    this.#use.legs.toCsms.pass(call.id, call, () => {
      const { link } = this.#use.csms;
      // What becomes of a call on a connection that is closing is decided when it has ended.
      if (link.send(sent) || link.isClosing) return;
      this.#use.legs.toCsms.answered(call.id);
      this.#use.csms.keep?.csmsIsAway();
      void this.#take(call);
    });
  }

  /** The CSMS is away, messages before this one wait, or an id in it is another one at the CSMS. */
  async #take(call: PassingCall): Promise<void> {
    const { socket, csms } = this.#use;
    const frame = parseFrame(call.text);
    if (!csms.keep || !frame.ok || frame.value.type !== 'call') {
      if (!csms.link.send(call.data)) socket.reportAnomaly('dropped-message', `the CSMS is away: ${call.action}`);
      return;
    }
    const { id, action, payload } = frame.value;
    const taken = await csms.keep.take({ id, action, payload, text: call.text });
    if (taken.is === 'pass') this.#passToCsms(call, asSent(call, taken.text));
    else {
      socket.write(taken.text);
      this.#observeStation({ call: call.text, answer: taken.text });
    }
  }

  #answerOfStation(head: Head, text: string, data: Buffer): void {
    const { queue, socket, inbound, legs } = this.#use;
    if (legs.isOurs(head.id)) {
      const answer = answerIn(text);
      if (answer && !queue.takeAnswer(head.id, answer)) inbound.add(text.length, () => takeLateAnswer(head.id, answer, this.#use));
      return;
    }
    const asked = legs.toStation.answered(head.id);
    if (!asked) {
      socket.reportAnomaly('unasked-answer', `of the station, to ${head.id}`);
      return;
    }
    if (!this.#use.csms.link.send(data)) socket.reportAnomaly('dropped-message', `the CSMS is away: an answer to ${asked.action}`);
    this.#observeCsms(asked, text);
  }

  #fromCsms(data: Buffer, isBinary: boolean): void {
    const { socket, legs } = this.#use;
    const text = data.toString();
    const head = isBinary ? undefined : readHead(text);
    if (!head || head.type === 'send' || head.type === 'result-error') {
      if (!head) socket.reportAnomaly('passed-unread', 'a message of the CSMS is no frame of OCPP-J');
      socket.pass(data, isBinary);
    } else if (head.type === 'call')
      legs.toStation.pass(head.id, { id: head.id, action: head.action ?? '', text, data }, () => socket.pass(this.#shownToStation(text, data)));
    else this.#answerOfCsms(head, text, data);
  }

  #answerOfCsms(head: Head, text: string, data: Buffer): void {
    const { socket, legs, csms } = this.#use;
    if (this.#sending?.id === head.id) {
      this.#sending.settle(answerIn(text) ?? { is: 'error', code: 'FormatViolation', description: 'unreadable' });
      return;
    }
    const asked = legs.toCsms.answered(head.id);
    if (!asked) {
      socket.reportAnomaly('unasked-answer', `of the CSMS, to ${head.id}`);
      return;
    }
    if (csms.keep && head.type === 'result' && NAME_IDS.includes(asked.action)) {
      void this.#answerWithIds(asked, text);
      return;
    }
    socket.pass(data);
    this.#observeStation({ call: asked.text, answer: text });
  }

  /** Answers that may hold an id of the CSMS, or end one. When an id cannot be stored the station gets no answer, and sends its message again. */
  async #answerWithIds(asked: PassingCall, text: string): Promise<void> {
    const { socket, csms } = this.#use;
    const [call, answer] = [parseFrame(asked.text), parseFrame(text)];
    const [payload, answered] = [
      call.ok && 'payload' in call.value ? call.value.payload : undefined,
      answer.ok && 'payload' in answer.value ? answer.value.payload : undefined,
    ];
    const shown = (await csms.keep?.answered({ action: asked.action, payload }, { payload: answered, text })) ?? text;
    socket.pass(Buffer.from(shown));
    this.#observeStation({ call: asked.text, answer: shown });
  }

  #shownToStation(text: string, data: Buffer): Buffer {
    const { keep } = this.#use.csms;
    return keep && !keep.isIdle ? asSent({ text, data }, keep.toStation(text)) : data;
  }

  /** A call of the CSMS, with the transaction ids that the station has. */
  #observeCsms({ text }: PassingCall, answer: string): void {
    const call = this.#use.csms.keep?.toStation(text) ?? text;
    this.#observe({ call, answer }, (observed) => this.#use.csms.called(this.#use.station, observed));
  }

  /** A leg has ended, and the station may have carried out the call: this is taken in although the queue of the connection is closed. */
  async #noteUnanswered({ text }: PassingCall): Promise<void> {
    const { csms, station, socket } = this.#use;
    const observed = readExchanged({ call: csms.keep?.toStation(text) ?? text, answer: undefined });
    if (observed) await csms.called(station, observed).catch((error) => socket.reportAnomaly('host-failed', reasonOf(error)));
  }

  #observeStation(exchanged: Exchanged): void {
    this.#observe(exchanged, async (observed) => {
      const problem = await observeStationCall(observed, this.#use);
      if (problem !== undefined) this.#use.socket.reportAnomaly('not-observed', problem);
      // The CSMS answers with the next limit of one of its profiles (OCPP 2.1 K28).
      if (observed.action === 'PullDynamicScheduleUpdate') await this.#use.csms.called(this.#use.station, observed);
      const { status }: { status?: unknown } = Object(observed.answer.is === 'result' ? observed.answer.payload : undefined);
      if (observed.action === 'BootNotification' && status === 'Accepted' && this.#use.csms.upstream.acts) void this.#use.abilities.query('boot');
    });
  }

  /** Understands a passed pair later, and one after another; when too many wait, this one is not understood. */
  #observe(exchanged: Exchanged, take: (observed: Observed) => Promise<void>): void {
    const { inbound, socket } = this.#use;
    const isQueued = inbound.add(exchanged.call.length + (exchanged.answer?.length ?? 0), async () => {
      const observed = readExchanged(exchanged);
      if (!observed) return socket.reportAnomaly('not-observed', 'no frame of OCPP-J');
      await take(observed).catch((error) => socket.reportAnomaly('host-failed', reasonOf(error)));
    });
    if (!isQueued) socket.reportAnomaly('not-observed', 'too many messages at once');
  }

  /** Calls of the station that the CSMS has not answered are answered by the node, as if they came now. */
  #csmsIsAway(code: number, reason: Buffer): void {
    const { socket } = this.#use;
    const { keep, upstream } = this.#use.csms;
    const { toStation, toCsms, webSocket } = this.#use.legs;
    this.#sending?.settle({ is: 'lost' });
    this.#pings = [];
    for (const call of toStation.clear()) void this.#noteUnanswered(call);
    const open = toCsms.clear();
    socket.reportAnomaly('csms-lost', `closed with ${code}`);
    if (upstream.whenAway === 'cut') closeAlike(webSocket, code, reason);
    else {
      keep?.csmsIsAway();
      for (const call of open) void this.#take(call);
    }
  }

  /** Sends a kept message when the turn has come; one at a time. */
  #sendOn: SendOn = async (text, id) => {
    const { toCsms, clock } = this.#use.legs;
    await new Promise<void>((taken) => {
      const take = () => {
        if (toCsms.take(take)) taken();
      };
      take();
    });
    const { promise, resolve } = Promise.withResolvers<SendOnAnswer>();
    const stop = clock.after(ANSWER_TIMEOUT, () => resolve({ is: 'lost' }));
    this.#sending = { id, settle: resolve };
    if (this.#isOver || !this.#use.csms.link.send(text)) resolve({ is: 'lost' });
    const answer = await promise;
    stop();
    this.#sending = undefined;
    toCsms.release();
    return answer;
  };

  #csmsPing(data: Buffer): void {
    if (this.#pings.length >= MOST_PINGS) this.#pings.shift();
    this.#pings.push(data);
    this.#use.legs.webSocket.ping(data);
  }

  #stationPong(data: Buffer): void {
    const index = this.#pings.findIndex((it) => it.equals(data));
    if (index < 0) return;
    this.#pings.splice(index, 1);
    this.#use.csms.link.pong(data);
  }
}

/** The bytes as they came, unless an id in them was translated. */
const asSent = ({ text, data }: { text: string; data: Buffer }, translated: string): Buffer => (translated === text ? data : Buffer.from(translated));
