import { type ClientOptions, WebSocket } from 'ws';
import type { Clock } from '../../src/domain/clock.ts';
import type { EpochMillis } from '../../src/domain/units.ts';

/** One frame as it went over the wire; `frame` is its JSON, or its text where that was no JSON. */
export interface RecordedFrame {
  at: EpochMillis;
  from: 'station' | 'node';
  frame: unknown;
}

/** A call that a station wants to make. */
export interface Saying {
  action: string;
  /** Asked for when the call's turn has come, so that it may tell what an earlier answer brought; `offline`: it was said without a connection. */
  payload: (offline: boolean) => object;
  /** It tells of a transaction: it waits for the next connection rather than be lost. */
  keep?: boolean;
  /** Hears the answer before the next call is made. */
  heard?: (heard: Heard) => void;
  /** Part of booting: may be said before the node has accepted the station. */
  early?: boolean;
}

/** What the node answered, or why there is no answer. */
export type Heard = { ok: true; payload: unknown } | { ok: false; code: string };

export interface LineOptions {
  url: string;
  headers: Record<string, string>;
  /** For wss: whom to trust, and who it is itself. */
  tls?: Pick<ClientOptions, 'ca' | 'cert' | 'key'>;
  subprotocol: string;
  clock: Clock;
  record: boolean;
  onCall: (id: string, action: string, payload: unknown) => void;
  onClose: () => void;
}

interface Turn {
  saying: Saying;
  settle: (heard: Heard) => void;
  id: string;
  tries: number;
  offline: boolean;
  forget?: () => void;
}

const ANSWER_WITHIN = 30_000;
const MOST_TRIES = 3;

/** A station's side of the WebSocket: one call of its own in flight, the others wait their turn. */
export class Line {
  readonly frames: RecordedFrame[] = [];
  readonly #options: LineOptions;
  #socket: WebSocket | undefined;
  #ready = false;
  #queue: Turn[] = [];
  #inFlight: Turn | undefined;
  #count = 0;
  #restful: (() => void)[] = [];

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Resolves when the WebSocket stands with the right subprotocol; rejects with what the node said instead. */
  connect(): Promise<void> {
    const { url, headers, subprotocol, tls } = this.#options;
    const socket = new WebSocket(url, [subprotocol], { ...tls, headers, perMessageDeflate: false, handshakeTimeout: ANSWER_WITHIN });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.on('error', () => undefined); // a cut socket also closes, and that is where it is dealt with
      socket.on('message', (data) => this.#read(String(data)));
      socket.once('close', () => {
        if (socket === this.#socket) this.#end();
      });
    });
  }

  /** The node has accepted the station: what waits may go. */
  begin(): void {
    this.#ready = true;
    this.#next();
  }

  /** Makes a call when its turn comes. */
  call(saying: Saying): Promise<Heard> {
    if (!saying.keep && !this.open) return Promise.resolve({ ok: false, code: 'offline' });
    return new Promise((settle) => {
      this.#queue.push({ saying, settle, id: '', tries: 0, offline: !this.open });
      this.#next();
    });
  }

  /** Sends a frame as it is; false when there is no socket to send it on. */
  send(frame: unknown): boolean {
    return this.write(JSON.stringify(frame));
  }

  /** Sends text as it is. */
  write(text: string): boolean {
    if (!this.#socket || !this.open) return false;
    this.#record('station', text);
    this.#socket.send(text);
    return true;
  }

  /** Cuts the socket without a word, as a lost network does. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Closes in good order; resolves when the socket is gone. */
  async close(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((done) => {
      socket.once('close', () => done());
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(1000);
    });
  }

  /** The payloads of the calls of this action that have come in. */
  received(action: string): unknown[] {
    const calls = this.frames.flatMap(({ from, frame }) => (from === 'node' && Array.isArray(frame) && frame[0] === 2 ? [frame] : []));
    return calls.filter((frame) => frame[2] === action).map((frame) => frame[3]);
  }

  /** Calls made or waiting, such as transaction events kept for the next connection. */
  get pending(): number {
    return this.#queue.length + (this.#inFlight ? 1 : 0);
  }

  /** Resolves when all that it wanted to say has been answered; at once when there is no socket to say it on. */
  idle(): Promise<void> {
    if (this.pending === 0 || !this.open) return Promise.resolve();
    return new Promise((done) => this.#restful.push(done));
  }

  #record(from: RecordedFrame['from'], text: string): void {
    if (this.#options.record) this.frames.push({ at: this.#options.clock.now(), from, frame: parse(text) ?? text });
  }

  #read(text: string): void {
    this.#record('node', text);
    const frame = parse(text);
    const [type, id, third, fourth] = Array.isArray(frame) ? frame : [];
    if (type === undefined) this.#answerUnreadable();
    else if (type === 2 && typeof id === 'string' && typeof third === 'string') this.#options.onCall(id, third, fourth);
    else if (type === 3) this.#settle(id, { ok: true, payload: third });
    else if (type === 4) this.#settle(id, { ok: false, code: String(third) });
  }

  /** OCPP 2.0.1 part 4 §4.2.3: a frame that cannot be read is answered with the id "-1"; OCPP 1.6 has no such answer. */
  #answerUnreadable(): void {
    if (this.#options.subprotocol !== 'ocpp1.6') this.send([4, '-1', 'RpcFrameworkError', '', {}]);
  }

  #settle(id: unknown, heard: Heard): void {
    const turn = this.#inFlight;
    if (!turn || turn.id !== id) return;
    turn.forget?.();
    this.#inFlight = undefined;
    finish(turn, heard);
    this.#next();
  }

  #next(): void {
    if (this.#inFlight) return;
    if (this.pending === 0 || !this.open) for (const done of this.#restful.splice(0)) done();
    if (!this.open) return;
    const place = this.#queue.findIndex(({ saying }) => this.#ready || saying.early);
    const [turn] = place < 0 ? [] : this.#queue.splice(place, 1);
    if (!turn) return;
    this.#count += 1;
    this.#inFlight = turn;
    Object.assign(turn, { id: `${turn.saying.action}-${this.#count}`.slice(0, 36), tries: turn.tries + 1 });
    turn.forget = this.#options.clock.after(ANSWER_WITHIN, () => this.#giveUp(turn, 'timeout'));
    this.send([2, turn.id, turn.saying.action, turn.saying.payload(turn.offline)]);
  }

  #giveUp(turn: Turn, code: string): void {
    if (this.#inFlight !== turn) return;
    turn.forget?.();
    this.#inFlight = undefined;
    if (turn.saying.keep && turn.tries < MOST_TRIES) this.#queue.unshift(turn);
    else finish(turn, { ok: false, code });
    this.#next();
  }

  #end(): void {
    this.#ready = false;
    if (this.#inFlight) this.#giveUp(this.#inFlight, 'disconnected');
    const lost = this.#queue.filter(({ saying }) => !saying.keep);
    this.#queue = this.#queue.filter(({ saying }) => saying.keep);
    for (const turn of lost) finish(turn, { ok: false, code: 'disconnected' });
    this.#next();
    this.#options.onClose();
  }
}

function finish({ saying, settle }: Turn, heard: Heard): void {
  saying.heard?.(heard);
  settle(heard);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
