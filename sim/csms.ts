import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../src/domain/clock.ts';
import { type Fields, fieldsOf } from './charge-point/dialect.ts';
import { violationOf } from './charge-point/schema-check.ts';
import { versionOf } from './charge-point/sent-frames.ts';
import { CsmsMemory, type NumberedTransaction } from './csms/answers.ts';
import { CsmsConnection } from './csms/csms-connection.ts';
import { type CsmsConnectionRecord, type CsmsFrame, type RefusedUpgrade, readFrame, type StationAnswer } from './csms/frames.ts';
import { type CsmsBehaviour, type CsmsTraits, inTurn, STANDARD_CSMS, type UpgradeBehaviour } from './csms/traits.ts';

/** Options of a stand-in CSMS. */
export interface CsmsOptions {
  clock: Clock;
  traits?: Partial<CsmsTraits>;
  /** The password of each station for HTTP Basic; absent, or undefined for a station: none is needed. */
  passwordOf?: (station: string) => string | undefined;
  /** Default: a free port. */
  port?: number;
  /** Serves wss with this certificate and key. */
  tls?: Pick<SecureContextOptions, 'cert' | 'key'>;
  /** Records no frames, for thousands of stations. */
  lean?: boolean;
  /** Called with each frame. */
  onFrame?: (frame: CsmsFrame) => void;
}

/** Opens a stand-in CSMS on loopback. */
export async function openCsms(options: CsmsOptions): Promise<Csms> {
  const csms = new Csms(options);
  await csms.comeBack();
  return csms;
}

/**
 * A central system for OCPP 1.6, 2.0.1 and 2.1, written from the standard. It records every frame, answers every action of a station, sends
 * any call, and fails or breaks the rules as its traits and methods say. It shares no decision with the node.
 */
export class Csms implements AsyncDisposable {
  /** All frames so far, in order. */
  readonly frames: CsmsFrame[] = [];
  /** All connections so far, in order. */
  readonly connections: CsmsConnectionRecord[] = [];
  readonly refused: RefusedUpgrade[] = [];
  /** Texts of answers that no call waited for: late ones, second ones, and those to calls of nobody. */
  readonly strays: string[] = [];
  readonly #options: CsmsOptions;
  readonly #memory = new CsmsMemory();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, handleProtocols: (offered) => this.#choose(offered) ?? false });
  #server: Server | undefined;
  #port: number;
  #traits: CsmsTraits;
  #answerFor: (action: string) => CsmsBehaviour;
  #upgradeFor: (station: string) => UpgradeBehaviour;
  readonly #open = new Map<string, CsmsConnection>();
  readonly #hanging = new Set<Duplex>();
  #calls = 0;
  #waiters: { isDone: () => boolean; resolve: () => void }[] = [];

  constructor(options: CsmsOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
    this.#traits = { ...STANDARD_CSMS, ...options.traits };
    this.#answerFor = inTurn(this.#traits.answers);
    this.#upgradeFor = inTurn(this.#traits.upgrades);
  }

  /** The URL without the station's id, such as `ws://127.0.0.1:40000/ocpp`. Any other prefix works too. */
  get url(): string {
    return `${this.#options.tls ? 'wss' : 'ws'}://127.0.0.1:${this.#port}/ocpp`;
  }

  /** The transactions of OCPP 1.6 that it has numbered, in order. */
  get transactions(): readonly NumberedTransaction[] {
    return this.#memory.transactions;
  }

  /** The stations that are connected now. */
  get stations(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Changes the given traits; the others stay. */
  behave(traits: Partial<CsmsTraits>): void {
    this.#traits = { ...this.#traits, ...traits };
    if (traits.answers) this.#answerFor = inTurn(traits.answers);
    if (traits.upgrades) this.#upgradeFor = inTurn(traits.upgrades);
  }

  /** Makes a call when the calls to this station before it are answered; resolves with the answer. `connection` does it with any message id. */
  call(station: string, action: string, payload: object): Promise<StationAnswer> {
    return this.connection(station).call(action, payload);
  }

  /** Sends any text to a station. */
  sendText(station: string, text: string): void {
    this.connection(station).send(text);
  }

  /** The CSMS's end of a station's WebSocket, to ping, close, drop or freeze it; throws for a station that is not connected. */
  connection(station: string): CsmsConnection {
    const found = this.#open.get(station);
    if (!found) throw new Error(`Station ${station} is not connected to the CSMS; connected are: ${this.stations.join(', ') || 'none'}.`);
    return found;
  }

  /** The payloads of a station's calls of an action, in order. */
  received(station: string, action: string): Fields[] {
    const calls = this.frames.flatMap((frame) => (frame.from === 'station' && frame.station === station ? [readFrame(frame.text)] : []));
    return calls.flatMap((frame) => (frame?.[0] === 2 && frame[2] === action ? [fieldsOf(frame[3])] : []));
  }

  /** Resolves when the condition holds; it is checked after each frame, connection and refusal. */
  async until(condition: (csms: Csms) => boolean): Promise<void> {
    if (condition(this)) return;
    await new Promise<void>((resolve) => this.#waiters.push({ isDone: () => condition(this), resolve }));
  }

  /** The frames of stations that violate the official schemas; an unknown action is none. */
  async violations(): Promise<string[]> {
    const asked = new Map<string, string>();
    const found: string[] = [];
    for (const { from, station, connection, text } of this.frames) {
      const [type, id, third, fourth] = readFrame(text) ?? [];
      const key = `${connection} ${String(id)}`;
      if (from === 'csms' && type === 2) asked.set(key, String(third));
      const message = from === 'csms' ? undefined : type === 2 ? `${String(third)}Request` : type === 3 ? `${asked.get(key)}Response` : undefined;
      if (from === 'station' && type !== 2) asked.delete(key);
      const version = versionOf(this.connections[connection - 1]?.subprotocol ?? '');
      const violation = message && version && (await violationOf(version, message, type === 2 ? fourth : third));
      if (violation) found.push(`${station} ${message}: ${violation.description}`);
    }
    return found;
  }

  /** Disappears as a stopped program does: the port refuses, and all sockets are dropped. Transactions and records stay. */
  async disappear(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    for (const socket of this.#hanging) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((done) => server.close(done));
    await Promise.all([...this.#sockets.clients].map((socket) => new Promise((done) => socket.once('close', done))));
  }

  /** Listens on its port, which is the same one after `disappear`. */
  async comeBack(): Promise<void> {
    const { tls } = this.#options;
    const server = tls ? createTlsServer(tls) : createServer();
    server.on('request', (_, response) => void response.writeHead(426).end());
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise<void>((done, fail) => server.once('error', fail).listen(this.#port, '127.0.0.1', done));
    this.#server = server;
    this.#port = portOf(server.address());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disappear();
  }

  #choose(offered: ReadonlySet<string>): string | undefined {
    return [...offered].find((name) => this.#traits.subprotocols.some((known) => known.toLowerCase() === name.toLowerCase()));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = request.url ?? '';
    const station = stationIn(url);
    const behaviour = this.#upgradeFor(station);
    const http = behaviour.is === 'refuse' ? behaviour.http : this.#isAllowed(request, station) ? undefined : 401;
    if (http === undefined && (behaviour.is === 'plain' || behaviour.is === 'no-subprotocol')) {
      if (behaviour.is === 'no-subprotocol') delete request.headers['sec-websocket-protocol'];
      return void this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#accept(opened, { station, request }));
    }
    socket.on('error', () => undefined);
    this.refused.push({ at: this.#options.clock.now(), station, url, headers: request.headers, http: http ?? 0 });
    if (behaviour.is === 'hang') this.#hanging.add(socket);
    else if (http === undefined) socket.destroy();
    else socket.end(refusal(http, behaviour.is === 'refuse' ? behaviour.headers : undefined));
    this.#notify();
  }

  #isAllowed({ headers }: IncomingMessage, station: string): boolean {
    const password = this.#options.passwordOf?.(station);
    return password === undefined || headers.authorization === `Basic ${Buffer.from(`${station}:${password}`).toString('base64')}`;
  }

  #accept(socket: WebSocket, { station, request }: { station: string; request: IncomingMessage }): void {
    const { clock, lean, onFrame } = this.#options;
    const { url = '', headers } = request;
    const number = this.connections.length + 1;
    const record: CsmsConnectionRecord = { number, station, url, headers, subprotocol: socket.protocol, openedAt: clock.now(), pings: [], closed: undefined };
    this.connections.push(record);
    const connection: CsmsConnection = new CsmsConnection(socket, record, {
      clock,
      memory: this.#memory,
      traits: () => this.#traits,
      behaviourFor: (action) => this.#answerFor(action),
      newId: () => {
        this.#calls += 1;
        return `csms-${this.#calls}`;
      },
      record: (frame) => {
        const recorded = { at: clock.now(), ...frame };
        if (!lean) this.frames.push(recorded);
        onFrame?.(recorded);
        this.#notify();
      },
      onStray: (text) => this.strays.push(text),
      onClose: () => {
        if (this.#open.get(station) === connection) this.#open.delete(station);
        this.#notify();
      },
    });
    this.#open.get(station)?.drop(); // a new connection of a station replaces the one before it
    this.#open.set(station, connection);
    // OCPP-J 1.6 §3.1.2: without a common subprotocol the handshake completes, then the server closes.
    if (headers['sec-websocket-protocol'] !== undefined && socket.protocol === '') connection.close(1002, 'no common subprotocol');
    this.#notify();
  }

  #notify(): void {
    const done = this.#waiters.filter(({ isDone }) => isDone());
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter));
    for (const { resolve } of done) resolve();
  }
}

const portOf = (address: string | AddressInfo | null) => (address !== null && typeof address === 'object' ? address.port : 0);

/** The last segment of the path; as it came when its percent-encoding is invalid. */
function stationIn(url: string): string {
  const segment = new URL(url, 'ws://any').pathname.split('/').findLast((part) => part !== '') ?? '';
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function refusal(http: number, headers: Readonly<Record<string, string>> = {}): string {
  const all = { Connection: 'close', 'Content-Length': '0', ...(http === 401 && { 'WWW-Authenticate': 'Basic realm="OCPP"' }), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${http} ${STATUS_CODES[http] ?? ''}`, ...lines, '', ''].join('\r\n');
}
