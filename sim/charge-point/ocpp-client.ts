import type { SecureContextOptions } from 'node:tls';
import { WebSocket } from 'ws';
import type { Clock } from '../../src/domain/clock.ts';
import type { EpochMillis } from '../../src/domain/units.ts';
import { checkSentFrame } from './sent-frames.ts';

/** A recorded frame: its JSON, or its text when it is no JSON. */
export interface RecordedFrame {
  at: EpochMillis;
  from: 'station' | 'node';
  frame: unknown;
}

/** A call that a station wants to make. */
export interface OutgoingCall {
  action: string;
  /** Called when the call is sent, so that it can use the answer to an earlier call; `offline`: the call was queued without a connection. */
  payload: (offline: boolean) => object;
  /** Kept for the next connection instead of lost, as for transaction messages. */
  keep?: boolean;
  /** Called with the answer before the next call is sent. */
  onAnswer?: (answer: CallAnswer) => void;
  /** May be sent before the node has accepted the station, as for BootNotification. */
  beforeAccepted?: boolean;
}

/** The node's CALLRESULT, or the code of its CALLERROR or of what prevented an answer. */
export type CallAnswer = { ok: true; payload: unknown } | { ok: false; code: string };

/** Where an OCPP client connects, and its callbacks. */
export interface OcppClientOptions {
  url: string;
  headers: Record<string, string>;
  /** For wss: the trusted authority and the client certificate. */
  tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;
  subprotocol: string;
  clock: Clock;
  record: boolean;
  /** Milliseconds before it repeats a kept call that the node answered with a CALLERROR, times the tries so far; undefined: it gives up. */
  repeatRefusedAfter?: () => number | undefined;
  onCall: (id: string, action: string, payload: unknown) => void;
  onClose: () => void;
}

interface QueuedCall {
  call: OutgoingCall;
  resolve: (answer: CallAnswer) => void;
  id: string;
  tries: number;
  offline: boolean;
  cancelTimeout?: () => void;
}

const ANSWER_TIMEOUT = 30_000;
const MAX_TRIES = 3;

/** The station's end of the WebSocket: one call in flight, the others wait in a queue. */
export class OcppClient {
  readonly frames: RecordedFrame[] = [];
  readonly #options: OcppClientOptions;
  #socket: WebSocket | undefined;
  #isAccepted = false;
  #queue: QueuedCall[] = [];
  #inFlight: QueuedCall | undefined;
  #count = 0;
  #idleWaiters: (() => void)[] = [];

  constructor(options: OcppClientOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Resolves when the WebSocket is open with the right subprotocol; rejects with the node's refusal. */
  connect(): Promise<void> {
    const { url, headers, subprotocol, tls } = this.#options;
    const socket = new WebSocket(url, [subprotocol], { ...tls, headers, perMessageDeflate: false, handshakeTimeout: ANSWER_TIMEOUT });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.on('error', () => undefined); // `close` follows every error and is handled below
      socket.on('message', (data) => this.#read(String(data)));
      socket.once('close', () => {
        if (socket === this.#socket) this.#end();
      });
    });
  }

  /** Sends the waiting calls, now that the node has accepted the station. */
  start(): void {
    this.#isAccepted = true;
    this.#next();
  }

  /** Queues a call; resolves with the answer. A call that is not kept fails at once without a connection. */
  call(call: OutgoingCall): Promise<CallAnswer> {
    if (!call.keep && !this.isOpen) return Promise.resolve({ ok: false, code: 'offline' });
    return new Promise((resolve) => {
      this.#queue.push({ call, resolve, id: '', tries: 0, offline: !this.isOpen });
      this.#next();
    });
  }

  /** Sends a frame outside the queue; false without a connection. */
  send(frame: unknown): boolean {
    return this.write(JSON.stringify(frame));
  }

  /** Sends raw text; false without a connection. */
  write(text: string): boolean {
    if (!this.#socket || !this.isOpen) return false;
    this.#record('station', text);
    this.#socket.send(text);
    return true;
  }

  /** Drops the socket without a close frame, as when the network fails. */
  terminate(): void {
    this.#socket?.terminate();
  }

  /** Closes the WebSocket; resolves when it is closed. */
  async close(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((done) => {
      socket.once('close', () => done());
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(1000);
    });
  }

  /** The payloads of the node's calls of this action, from the recorded frames. */
  received(action: string): unknown[] {
    const calls = this.frames.flatMap(({ from, frame }) => (from === 'node' && Array.isArray(frame) && frame[0] === 2 ? [frame] : []));
    return calls.filter((frame) => frame[2] === action).map((frame) => frame[3]);
  }

  /** The number of calls that are in flight or waiting. */
  get pending(): number {
    return this.#queue.length + (this.#inFlight ? 1 : 0);
  }

  /** Resolves when all calls have been answered; at once without a connection. */
  idle(): Promise<void> {
    if (this.pending === 0 || !this.isOpen) return Promise.resolve();
    return new Promise((done) => this.#idleWaiters.push(done));
  }

  #record(from: RecordedFrame['from'], text: string): void {
    if (this.#options.record) this.frames.push({ at: this.#options.clock.now(), from, frame: parse(text) ?? text });
  }

  #read(text: string): void {
    this.#record('node', text);
    const frame = parse(text);
    const [type, id, third, fourth] = Array.isArray(frame) ? frame : [];
    const answered = this.#inFlight?.id === id ? this.#inFlight?.call.action : undefined;
    if (this.#options.record) checkSentFrame(frame, { subprotocol: this.#options.subprotocol, answered });
    if (type === undefined) this.#answerUnreadable();
    else if (type === 2 && typeof id === 'string' && typeof third === 'string') this.#options.onCall(id, third, fourth);
    else if (type === 3) this.#receiveAnswer(id, { ok: true, payload: third });
    else if (type === 4) this.#receiveAnswer(id, { ok: false, code: String(third) });
  }

  /** OCPP 2.0.1 part 4 §4.2.3: an unreadable frame is answered with the id "-1"; OCPP 1.6 has no such answer. */
  #answerUnreadable(): void {
    if (this.#options.subprotocol.toLowerCase() !== 'ocpp1.6') this.send([4, '-1', 'RpcFrameworkError', '', {}]);
  }

  #receiveAnswer(id: unknown, answer: CallAnswer): void {
    const entry = this.#inFlight;
    if (!entry || entry.id !== id) return;
    entry.cancelTimeout?.();
    const wait = answer.ok || !entry.call.keep || entry.tries >= MAX_TRIES ? undefined : this.#options.repeatRefusedAfter?.();
    // The call stays in flight until then: the ones behind it keep their order.
    if (wait !== undefined) {
      entry.id = '';
      entry.cancelTimeout = this.#options.clock.after(wait * entry.tries, () => this.#giveUp(entry, 'refused'));
      return;
    }
    this.#inFlight = undefined;
    finish(entry, answer);
    this.#next();
  }

  #next(): void {
    if (this.#inFlight) return;
    if (this.pending === 0 || !this.isOpen) for (const done of this.#idleWaiters.splice(0)) done();
    if (!this.isOpen) return;
    const index = this.#queue.findIndex(({ call }) => this.#isAccepted || call.beforeAccepted);
    const [entry] = index < 0 ? [] : this.#queue.splice(index, 1);
    if (!entry) return;
    this.#count += 1;
    this.#inFlight = entry;
    Object.assign(entry, { id: `${entry.call.action}-${this.#count}`.slice(0, 36), tries: entry.tries + 1 });
    entry.cancelTimeout = this.#options.clock.after(ANSWER_TIMEOUT, () => this.#giveUp(entry, 'timeout'));
    this.send([2, entry.id, entry.call.action, entry.call.payload(entry.offline)]);
  }

  #giveUp(entry: QueuedCall, code: string): void {
    if (this.#inFlight !== entry) return;
    entry.cancelTimeout?.();
    this.#inFlight = undefined;
    // A lost connection is no try: a queued transaction message is sent until the node has answered it.
    if (code === 'disconnected') entry.tries -= 1;
    if (entry.call.keep && entry.tries < MAX_TRIES) this.#queue.unshift(entry);
    else finish(entry, { ok: false, code });
    this.#next();
  }

  #end(): void {
    this.#isAccepted = false;
    if (this.#inFlight) this.#giveUp(this.#inFlight, 'disconnected');
    const lost = this.#queue.filter(({ call }) => !call.keep);
    this.#queue = this.#queue.filter(({ call }) => call.keep);
    for (const entry of lost) finish(entry, { ok: false, code: 'disconnected' });
    this.#next();
    this.#options.onClose();
  }
}

function finish({ call, resolve }: QueuedCall, answer: CallAnswer): void {
  call.onAnswer?.(answer);
  resolve(answer);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
