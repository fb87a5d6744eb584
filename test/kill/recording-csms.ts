import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Random } from '../../sim/index.ts';

/** One message about a transaction that arrived at the CSMS. */
export interface Delivery {
  station: string;
  /** The number of the connection on which it came. */
  connection: number;
  mark: string;
  /** The transaction id that it names; OCPP 1.6: of a start, the id that the CSMS gave. */
  transactionId: string;
}

type Call = readonly [type: number, id: string, action: string, payload: Record<string, unknown>];

/** A CSMS by the standard alone, which records transactions and fails at random. It asks OCPP 1.6 stations to stop some transactions. */
export class RecordingCsms implements AsyncDisposable {
  readonly deliveries: Delivery[] = [];
  /** What no CSMS should get. */
  readonly errors: string[] = [];
  readonly #random: Random;
  readonly #server: WebSocketServer;
  readonly #current = new Map<string, WebSocket>();
  #connections = 0;
  /** The last transaction id, or the last number of a call. */
  #given = 0;
  #isAway = false;
  #isFaulty = true;

  constructor(random: Random) {
    this.#random = random;
    this.#server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      handleProtocols: (offered) => [...offered][0] ?? false,
      verifyClient: (_info, done) => done(!this.#isAway, 503),
    });
    this.#server.on('connection', (socket, { url = '' }) => this.#connected(socket, url.split('/').at(-1) ?? ''));
  }

  /** Where stations are served: `{id}` stands for the id. */
  async url(): Promise<string> {
    if (!this.#server.address()) await once(this.#server, 'listening');
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/csms/{id}`;
  }

  /** No further faults. */
  behave(): void {
    this.#isFaulty = false;
  }

  /** Drops the connection of one station, or stops reading from it for some time. */
  disturb(station: string): void {
    const socket = this.#current.get(station);
    if (this.#random.next() < 0.5) socket?.terminate();
    else {
      socket?.pause();
      setTimeout(() => socket?.resume(), this.#random.integer(50, 1_000));
    }
  }

  /** Is away for some time: all connections are dropped and new ones refused. */
  async leave(milliseconds: number): Promise<void> {
    this.#isAway = true;
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((then) => setTimeout(then, milliseconds));
    this.#isAway = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }

  #connected(socket: WebSocket, station: string): void {
    const from = { socket, station, connection: ++this.#connections, asked: new Set<string>() };
    this.#current.set(station, socket);
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => this.#receive(from, JSON.parse(String(data))));
  }

  #receive(from: { socket: WebSocket; station: string; connection: number; asked: Set<string> }, call: Call): void {
    const [type, id] = call;
    const { socket, asked } = from;
    if (type !== 2) {
      if (!id.startsWith('csms-')) this.errors.push(`an answer to ${id}, which the CSMS did not ask`);
      return;
    }
    if (asked.has(id)) this.errors.push(`the message id ${id} twice on one connection`);
    asked.add(id);
    const fault = this.#isFaulty ? this.#random.next() : 0.5;
    if (fault < 0.04) {
      socket.terminate();
      return;
    }
    const answer = this.#answer(from, call);
    const send = () => socket.send(JSON.stringify([3, id, answer]));
    if (fault < 0.08) socket.terminate();
    else if (fault < 0.2) setTimeout(send, this.#random.integer(1, 200));
    else send();
    if (fault > 0.96) socket.terminate();
  }

  #answer(from: { socket: WebSocket; station: string; connection: number }, [, , action, payload]: Call): object {
    const { socket, station, connection } = from;
    const note = (mark: unknown, transactionId: unknown) =>
      this.deliveries.push({ station, connection, mark: String(mark), transactionId: String(transactionId) });
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 };
      case 'Heartbeat':
        return { currentTime: new Date().toISOString() };
      case 'StartTransaction':
        note(payload.meterStart, ++this.#given);
        return { transactionId: this.#given, idTagInfo: { status: 'Accepted' } };
      case 'MeterValues':
        note(Object(payload).meterValue[0].sampledValue[0].value, payload.transactionId);
        if (this.#random.next() < 0.3) this.#stop(socket, payload.transactionId);
        return {};
      case 'StopTransaction':
        note(payload.meterStop, payload.transactionId);
        return {};
      case 'TransactionEvent':
        note(payload.seqNo, Object(payload.transactionInfo).transactionId);
        return {};
      default:
        return {};
    }
  }

  #stop(socket: WebSocket, transactionId: unknown): void {
    socket.send(JSON.stringify([2, `csms-${++this.#given}`, 'RemoteStopTransaction', { transactionId }]));
  }
}
