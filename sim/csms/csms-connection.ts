import type { Clock } from '../../src/domain/clock.ts';
import { fieldsOf } from '../charge-point/dialect.ts';
import { knowsAction } from '../charge-point/schema-check.ts';
import { versionOf } from '../charge-point/sent-frames.ts';
import { answerByStandard, type CsmsMemory } from './answers.ts';
import { type CsmsConnectionRecord, type CsmsFrame, readFrame, type StationAnswer } from './frames.ts';
import { type CsmsBehaviour, type CsmsTraits, textsOf } from './traits.ts';

const ANSWER_TIMEOUT = 30_000;

/** What a connection uses of its CSMS. */
export interface CsmsParts {
  clock: Clock;
  memory: CsmsMemory;
  traits: () => CsmsTraits;
  behaviourFor: (action: string) => CsmsBehaviour;
  newId: () => string;
  record: (frame: Pick<CsmsFrame, 'station' | 'connection' | 'from' | 'text' | 'binary'>) => void;
  /** Called with an answer that no call waits for. */
  onStray: (text: string) => void;
  onClose: () => void;
}

interface WaitingCall {
  id: string;
  action: string;
  payload: object;
  resolve: (answer: StationAnswer) => void;
  cancelTimeout?: () => void;
}

/** What is used of a WebSocket of the package `ws`, whose types a user of this module need not have. */
export interface CsmsSocket {
  readonly readyState: number;
  on(event: string, listener: (...values: never[]) => void): unknown;
  once(event: 'close', listener: (code: number, reason: Buffer) => void): unknown;
  send(data: string): void;
  ping(data?: string): void;
  pause(): void;
  resume(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

/** The state of an open WebSocket (RFC 6455). */
const OPEN = 1;

/** The CSMS's end of one WebSocket. */
export class CsmsConnection {
  readonly record: CsmsConnectionRecord;
  readonly #socket: CsmsSocket;
  readonly #parts: CsmsParts;
  #queue: WaitingCall[] = [];
  readonly #inFlight = new Map<string, WaitingCall>();

  constructor(socket: CsmsSocket, record: CsmsConnectionRecord, parts: CsmsParts) {
    this.#socket = socket;
    this.record = record;
    this.#parts = parts;
    socket.on('error', () => undefined); // `close` follows every error
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#read(data, isBinary));
    socket.on('ping', (data: Buffer) => record.pings.push(String(data)));
    socket.once('close', (code, reason) => this.#end(code, String(reason)));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === OPEN;
  }

  /** Makes a call when the one before it is answered, or at once when the CSMS pipelines. */
  call(action: string, payload: object, id = this.#parts.newId()): Promise<StationAnswer> {
    if (!this.isOpen) return Promise.resolve(lost('disconnected'));
    return new Promise((resolve) => {
      this.#queue.push({ id, action, payload, resolve });
      this.#next();
    });
  }

  /** Sends any text. */
  send(text: string): void {
    if (!this.isOpen) return;
    this.#parts.record({ ...this.#place, from: 'csms', text });
    this.#socket.send(text);
  }

  ping(payload: string): void {
    this.#socket.ping(payload);
  }

  /** Closes with a close frame. */
  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Drops the socket without a close frame. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Half-open: reads nothing more, so that pings and close frames stay unanswered too; `thaw` reads on. */
  freeze(): void {
    this.#socket.pause();
  }

  thaw(): void {
    this.#socket.resume();
  }

  get #place() {
    return { station: this.record.station, connection: this.record.number };
  }

  #next(): void {
    while (this.isOpen && this.#queue.length > 0 && (this.#inFlight.size === 0 || this.#parts.traits().pipelines)) {
      const call = this.#queue.shift();
      if (!call) return;
      this.#inFlight.set(call.id, call);
      call.cancelTimeout = this.#parts.clock.after(ANSWER_TIMEOUT, () => this.#finish(call, lost('timeout')));
      this.send(JSON.stringify([2, call.id, call.action, call.payload]));
    }
  }

  #finish(call: WaitingCall, answer: StationAnswer): void {
    call.cancelTimeout?.();
    if (this.#inFlight.get(call.id) === call) this.#inFlight.delete(call.id);
    call.resolve(answer);
    this.#next();
  }

  #end(code: number, reason: string): void {
    this.record.closed = { at: this.#parts.clock.now(), code, reason };
    const calls = [...this.#inFlight.values(), ...this.#queue.splice(0)];
    for (const call of calls) this.#finish(call, lost('disconnected'));
    this.#parts.onClose();
  }

  #read(data: Buffer, isBinary: boolean): void {
    const text = data.toString(isBinary ? 'hex' : 'utf8');
    this.#parts.record({ ...this.#place, from: 'station', text, ...(isBinary && { binary: true }) });
    const [type, id, third, fourth] = (isBinary ? undefined : readFrame(text)) ?? [];
    if (type === 2 && typeof id === 'string' && typeof third === 'string') void this.#answer({ id, action: third, payload: fourth });
    else if (type === 3 || type === 4) this.#receiveAnswer(String(id), { text, ...(type === 3 ? result(third) : error(third, fourth)) });
    // Part 4 §4.2.3 of OCPP 2.0.1 and 2.1; a SEND of OCPP 2.1 (type 6) has no answer.
    else if (type === undefined && this.record.subprotocol.toLowerCase() !== 'ocpp1.6') this.send(JSON.stringify([4, '-1', 'RpcFrameworkError', '', {}]));
  }

  #receiveAnswer(id: string, answer: StationAnswer): void {
    const call = this.#inFlight.get(id);
    if (call) this.#finish(call, answer);
    else this.#parts.onStray(answer.text);
  }

  async #answer(call: { id: string; action: string; payload: unknown }): Promise<void> {
    const behaviour = this.#parts.behaviourFor(call.action);
    const applies = !(behaviour.is === 'answer' || behaviour.is === 'call-error' || (behaviour.is === 'drop' && !behaviour.done));
    const payload = behaviour.is === 'answer' ? behaviour.payload : applies ? this.#apply(call) : {};
    const text = payload ? JSON.stringify([3, call.id, payload]) : JSON.stringify([4, call.id, await this.#unknown(call.action), '', {}]);
    this.#sendAnswer(behaviour, { id: call.id, text });
  }

  #apply({ action, payload }: { action: string; payload: unknown }): object | undefined {
    const { clock, memory, traits } = this.#parts;
    const { station, subprotocol } = this.record;
    return answerByStandard({ station, subprotocol, action, payload: fieldsOf(payload), now: clock.now(), traits: traits(), memory });
  }

  async #unknown(action: string): Promise<string> {
    const version = versionOf(this.record.subprotocol);
    return version && (await knowsAction(version, action)) ? 'NotSupported' : 'NotImplemented';
  }

  #sendAnswer(behaviour: CsmsBehaviour, answer: { id: string; text: string }): void {
    const send = () => textsOf(behaviour, answer).forEach((text) => void this.send(text));
    if (behaviour.is === 'late') return void this.#parts.clock.after(behaviour.milliseconds, send);
    if (behaviour.is === 'call-first') void this.call(behaviour.action, behaviour.payload);
    send();
    if (behaviour.is === 'drop') this.drop();
    if (behaviour.is === 'close') this.close(behaviour.code, behaviour.reason);
  }
}

const result = (payload: unknown) => ({ ok: true as const, payload });
const error = (code: unknown, description: unknown) => ({ ok: false as const, code: String(code), description: String(description ?? '') });
const lost = (code: 'timeout' | 'disconnected'): StationAnswer => ({ ok: false, code, description: '', text: '' });
