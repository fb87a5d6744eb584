import type { RawData } from 'ws';
import type { EpochMillis } from '../../domain/units.ts';
import type { CallAnswer } from '../dialect.ts';
import { parseFrame } from '../frame.ts';
import { reasonOf } from '../log.ts';
import { type ReceiverDependencies, takeLateAnswer } from '../message-receiver.ts';
import type { Station } from '../station.ts';
import { asBuffer, type CsmsLink, closeAlike } from './csms-link.ts';
import { type Head, readHead } from './head.ts';
import type { Keeping, StationCall } from './keeping.ts';
import { type Exchanged, type Observed, observeStationCall, readExchanged } from './observe.ts';
import type { StationLegs } from './station-legs.ts';
import type { Upstream } from './upstream.ts';

/** The CSMS of a station, and what belongs to the pair of their connections. */
export interface CsmsOfStation {
  upstream: Pick<Upstream, 'whenAway' | 'acts'>;
  link: CsmsLink;
  keeping: Keeping;
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
/** Pings of the CSMS that may wait for the station's answer. */
const MOST_PINGS = 10;

/**
 * Passes the messages of one station to its CSMS and back, byte for byte and in order, and takes in what passed. Answers of the CSMS do
 * not wait behind calls that are held back: a station that awaits one may not answer before it has it.
 */
export class Passage {
  readonly #use: PassageDependencies;
  #sending: { id: string; settle(answer: CallAnswer | { is: 'lost' }): void } | undefined;
  #pings: Buffer[] = [];

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
    const { link, keeping } = this.#use.csms;
    const { webSocket } = this.#use.legs;
    link.start({
      message: (data, isBinary) => this.#fromCsms(data, isBinary),
      ping: (data) => this.#csmsPing(data),
      pong: (data) => webSocket.pong(data),
      opened: () => this.#csmsIsThere(),
      ended: (code, reason) => this.#csmsIsAway(code, reason),
      refused: () => closeAlike(webSocket, 1008, Buffer.from('the CSMS does not let this station in')),
    });
    if (link.isOpen) this.#csmsIsThere();
    else keeping.csmsIsAway();
    webSocket.resume();
  }

  keepAlive(now: EpochMillis): void {
    this.#use.csms.link.keepAlive(now);
  }

  /** Takes one message of the station; never throws. */
  receive(message: RawData, isBinary: boolean): void {
    const data = asBuffer(message);
    const text = data.toString();
    const head = isBinary ? undefined : readHead(text);
    if (head?.type === 'call') this.#callOfStation({ id: head.id, action: head.action ?? '', text }, data);
    else if (head?.type === 'result' || head?.type === 'error') this.#answerOfStation(head, text, data);
    else {
      if (!head) this.#use.socket.reportAnomaly('passed-unread', 'a message of the station is no frame of OCPP-J');
      if (!this.#use.csms.link.send(data, isBinary)) this.#use.socket.reportAnomaly('dropped-message', 'the CSMS is away');
    }
  }

  #callOfStation(call: StationCall, data: Buffer): void {
    const { link, keeping } = this.#use.csms;
    const send = () => link.send(asSent(data, call.text, keeping.toCsms(call.text)));
    if (!link.isOpen || keeping.holds(call.action)) void this.#answerForCsms(call);
    else
      this.#use.legs.toCsms.pass(call.id, call, () => {
        if (!send()) void this.#answerForCsms(call);
      });
  }

  #answerOfStation(head: Head, text: string, data: Buffer): void {
    const { queue, socket, inbound, legs } = this.#use;
    const { link, keeping } = this.#use.csms;
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
    if (!link.send(asSent(data, text, keeping.toCsms(text)))) socket.reportAnomaly('dropped-message', `the CSMS is away: an answer to ${asked.action}`);
    this.#observe({ call: asked.text, answer: text }, (observed) => this.#use.csms.called(this.#use.station, observed));
  }

  #fromCsms(data: Buffer, isBinary: boolean): void {
    const { socket, legs, csms } = this.#use;
    const text = data.toString();
    const head = isBinary ? undefined : readHead(text);
    if (!head || head.type === 'send' || head.type === 'result-error') {
      if (!head) socket.reportAnomaly('passed-unread', 'a message of the CSMS is no frame of OCPP-J');
      socket.pass(data, isBinary);
    } else if (head.type === 'call')
      legs.toStation.pass(head.id, { id: head.id, action: head.action ?? '', text }, () => socket.pass(asSent(data, text, csms.keeping.toStation(text))));
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
    const shown = csms.keeping.toStation(text);
    socket.pass(asSent(data, text, shown));
    this.#observeStation({ call: asked.text, answer: shown });
  }

  /** The CSMS is away, or messages before this one wait: the node answers. */
  async #answerForCsms(call: StationCall): Promise<void> {
    const { socket } = this.#use;
    const { keeping, upstream } = this.#use.csms;
    if (upstream.whenAway === 'cut') return;
    const answer = await keeping.answer(call).catch((error) => {
      socket.reportAnomaly('host-failed', reasonOf(error));
      return undefined;
    });
    if (answer === undefined) return;
    socket.write(answer);
    this.#observeStation({ call: call.text, answer });
  }

  #observeStation(exchanged: Exchanged): void {
    this.#observe(exchanged, async (observed) => {
      const problem = await observeStationCall(observed, this.#use);
      if (problem !== undefined) this.#use.socket.reportAnomaly('not-observed', problem);
      const status = (observed.answer as { status?: unknown } | undefined)?.status;
      if (observed.action === 'BootNotification' && status === 'Accepted' && this.#use.csms.upstream.acts) void this.#use.abilities.query('boot');
    });
  }

  /** Understands a passed pair later, and one after another; when too many wait, this one is not understood. */
  #observe(exchanged: Exchanged, take: (observed: Observed) => Promise<void>): void {
    const { inbound, socket } = this.#use;
    const isQueued = inbound.add(exchanged.call.length + exchanged.answer.length, async () => {
      const observed = readExchanged(exchanged);
      if (!observed) return socket.reportAnomaly('not-observed', 'no frame of OCPP-J');
      await take(observed).catch((error) => socket.reportAnomaly('host-failed', reasonOf(error)));
    });
    if (!isQueued) socket.reportAnomaly('not-observed', 'too many messages at once');
  }

  #csmsIsThere(): void {
    this.#use.csms.keeping.csmsIsThere((text, id) => this.#sendOn(text, id));
  }

  /** Calls of the station that the CSMS has not answered are answered by the node, as if they came now. */
  #csmsIsAway(code: number, reason: Buffer): void {
    const { socket } = this.#use;
    const { keeping, upstream } = this.#use.csms;
    const { toStation, toCsms, webSocket } = this.#use.legs;
    this.#sending?.settle({ is: 'lost' });
    this.#pings = [];
    toStation.clear();
    const open = toCsms.clear();
    socket.reportAnomaly('csms-lost', `closed with ${code}`);
    if (upstream.whenAway === 'cut') closeAlike(webSocket, code, reason);
    else {
      keeping.csmsIsAway();
      for (const call of open) void this.#answerForCsms(call);
    }
  }

  /** Sends a kept message when the turn has come; one at a time. */
  async #sendOn(text: string, id: string): Promise<CallAnswer | { is: 'lost' }> {
    const { toCsms, clock } = this.#use.legs;
    await new Promise<void>((taken) => {
      const take = () => {
        if (toCsms.take(take)) taken();
      };
      take();
    });
    const { promise, resolve } = Promise.withResolvers<CallAnswer | { is: 'lost' }>();
    const stop = clock.after(ANSWER_TIMEOUT, () => resolve({ is: 'lost' }));
    this.#sending = { id, settle: resolve };
    if (!this.#use.csms.link.send(text)) resolve({ is: 'lost' });
    const answer = await promise;
    stop();
    this.#sending = undefined;
    toCsms.release();
    return answer;
  }

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
const asSent = (data: Buffer, text: string, translated: string): Buffer => (translated === text ? data : Buffer.from(translated));

function answerIn(text: string): CallAnswer | undefined {
  const frame = parseFrame(text);
  if (!frame.ok) return undefined;
  if (frame.value.type === 'result') return { is: 'result', payload: frame.value.payload };
  return frame.value.type === 'error' ? { is: 'error', code: frame.value.code, description: frame.value.description } : undefined;
}
