import { WebSocket } from 'ws';
import type { Random } from '../../sim/index.ts';

/** A message about a transaction, in the order in which the station made it. */
export interface MadeMessage {
  /** Unique for this station; it is in the message. */
  mark: string;
  /** The mark of the start of its transaction. */
  start: string;
}

const ACTIONS = { Started: 'StartTransaction', Updated: 'MeterValues', Ended: 'StopTransaction' } as const;
type Event = keyof typeof ACTIONS;

/** A frame that the station received as a call of its CSMS. */
export interface ReceivedCall {
  action: string;
  payload: Record<string, unknown>;
}

/** Options of a plain station. `answerMs`: how long it waits for an answer before it sends the message again. */
export interface PlainStationOptions {
  url: string;
  id: string;
  password: string;
  version: '1.6' | '2.0.1';
  random: Random;
  transactions: number;
  answerMs: number;
}

/**
 * A charge point by the standard alone, with one call in flight: it sends a message about a transaction until it is answered, in order
 * (OCPP 1.6 §3.7, OCPP 2.0.1 E04 and E08), and connects again when its connection is lost.
 */
export class PlainStation {
  readonly made: MadeMessage[] = [];
  readonly calls: ReceivedCall[] = [];
  /** Transaction ids that the station was given (OCPP 1.6) or made (2.x), by the mark of their start. */
  readonly ids = new Map<string, string>();
  readonly errors: string[] = [];
  readonly #options: PlainStationOptions;
  #socket: WebSocket | undefined;
  #answers = new Map<string, (answer: unknown[] | undefined) => void>();
  #count = 0;
  #isEnded = false;
  #isBooted = false;

  constructor(options: PlainStationOptions) {
    this.#options = options;
  }

  /** Resolves when all its transactions are over and every message was answered. */
  async run(): Promise<void> {
    const { random, transactions } = this.#options;
    for (let n = 0; n < transactions; n++) {
      const start = this.#mark();
      const meters = random.integer(1, 4);
      await this.#deliver({ mark: start, start, event: 'Started' });
      for (let m = 0; m < meters; m++) {
        await pause(random.integer(0, 60));
        await this.#deliver({ mark: this.#mark(), start, event: 'Updated' });
        if (random.next() < 0.2) await this.#attempt('Heartbeat', {});
      }
      await this.#deliver({ mark: this.#mark(), start, event: 'Ended' });
    }
  }

  /** Stays connected until its end. */
  async stay(): Promise<void> {
    while (!this.#isEnded) {
      await this.#connect();
      await pause(100);
    }
  }

  /** Loses the connection without a close frame. */
  lose(): void {
    this.#socket?.terminate();
  }

  end(): void {
    this.#isEnded = true;
    this.#socket?.terminate();
  }

  #mark(): string {
    return String(1_000 + this.made.length);
  }

  /** Sends one message until it is answered with a result. */
  async #deliver({ mark, start, event }: MadeMessage & { event: Event }): Promise<void> {
    const action = this.#options.version === '1.6' ? ACTIONS[event] : 'TransactionEvent';
    this.made.push({ mark, start });
    const payload = this.#payload({ mark, start, event });
    for (;;) {
      const answer = await this.#attempt(action, payload);
      if (answer?.[0] !== 3) {
        await pause(20);
        continue;
      }
      const { transactionId } = Object(answer[2]);
      if (action === 'StartTransaction') this.ids.set(start, String(transactionId));
      return;
    }
  }

  #payload({ mark, start, event }: MadeMessage & { event: Event }): object {
    const { version, id } = this.#options;
    const timestamp = new Date().toISOString();
    const meterValue = [{ timestamp, sampledValue: [{ value: version === '1.6' ? mark : Number(mark) }] }];
    if (version === '1.6') {
      const transactionId = Number(this.ids.get(start));
      if (event === 'Started') return { connectorId: 1, idTag: 'DEADBEEF', meterStart: Number(mark), timestamp };
      if (event === 'Updated') return { connectorId: 1, transactionId, meterValue };
      return { transactionId, meterStop: Number(mark), timestamp };
    }
    const transactionId = `${id}-${start}`;
    this.ids.set(start, transactionId);
    const token = event === 'Started' ? { idToken: { idToken: 'DEADBEEF', type: 'ISO14443' } } : {};
    return {
      eventType: event,
      timestamp,
      triggerReason: 'MeterValuePeriodic',
      seqNo: Number(mark),
      transactionInfo: { transactionId },
      evse: { id: 1 },
      meterValue,
      ...token,
    };
  }

  /** Sends one call; undefined when no answer came in time or the connection was lost. */
  async #attempt(action: string, payload: object): Promise<unknown[] | undefined> {
    await this.#connect();
    if (action !== 'BootNotification' && !this.#isBooted) await this.#boot();
    const socket = this.#socket;
    if (!this.#isOpen()) return undefined;
    const id = `${this.#options.id}-${++this.#count}`;
    const answered = new Promise<unknown[] | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), this.#options.answerMs);
      this.#answers.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
    socket?.send(JSON.stringify([2, id, action, payload]));
    const answer = await answered;
    this.#answers.delete(id);
    return answer;
  }

  async #boot(): Promise<void> {
    const payload =
      this.#options.version === '1.6'
        ? { chargePointVendor: 'Plain', chargePointModel: 'One' }
        : { reason: 'PowerUp', chargingStation: { vendorName: 'Plain', model: 'One' } };
    const answer = await this.#attempt('BootNotification', payload);
    this.#isBooted = answer?.[0] === 3 && Object(answer[2]).status === 'Accepted';
  }

  async #connect(): Promise<void> {
    while (!this.#isEnded && !this.#isOpen()) {
      await this.#dial();
      if (!this.#isOpen()) await pause(50);
    }
  }

  #isOpen = () => this.#socket?.readyState === WebSocket.OPEN;

  #dial(): Promise<void> {
    const { url, id, password, version } = this.#options;
    const headers = { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` };
    const socket = new WebSocket(`${url}/${id}`, version === '1.6' ? 'ocpp1.6' : 'ocpp2.0.1', { headers, handshakeTimeout: 4_000 });
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      for (const answer of this.#answers.values()) answer(undefined);
    });
    return new Promise((resolve) => {
      socket.once('open', () => resolve());
      socket.on('error', () => resolve());
    });
  }

  #receive(frame: unknown[]): void {
    const [type, id, action, payload] = frame;
    if (type === 2) {
      this.calls.push({ action: String(action), payload: Object(payload) });
      this.#socket?.send(JSON.stringify([3, id, { status: 'Accepted' }]));
      return;
    }
    const answer = this.#answers.get(String(id));
    if (answer) answer(frame);
    else this.errors.push(`an answer to ${id}, which was not asked or was answered before`);
  }
}

const pause = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));
