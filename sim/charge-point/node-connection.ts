import type { Clock } from '../../src/domain/clock.ts';
import type { Random } from '../random.ts';
import { fieldsOf, type LocalEvent, numberOf } from './dialect.ts';
import { OcppClient, type OcppClientOptions, type OutgoingCall } from './ocpp-client.ts';

const MAX_RECONNECT_DELAY = 60_000;
const DEFAULT_INTERVAL = 300;

/** What a connection needs to know about its station. */
export interface NodeConnectionOptions {
  client: Omit<OcppClientOptions, 'onClose'>;
  clock: Clock;
  random: Random;
  /** Milliseconds before the first reconnection. */
  reconnectAfter: number;
  /** Whether the station boots on every connection. */
  bootsAgain: () => boolean;
  messagesFor: (event: LocalEvent) => readonly OutgoingCall[];
  /** Called when the node has accepted a boot. */
  onBooted: () => void;
  log: (event: string) => void;
}

/** Keeps a station connected to its node: it boots, sends heartbeats, and reconnects with backoff after a lost connection. */
export class NodeConnection {
  readonly client: OcppClient;
  readonly #options: NodeConnectionOptions;
  #isBooted = false;
  /** True while a lost connection is to be restored. */
  #isWanted = false;
  #isEnded = false;
  #heldFrames: unknown[] = [];
  #failures = 0;
  #stopHeartbeat: (() => void) | undefined;
  #stopReconnect: (() => void) | undefined;

  constructor(options: NodeConnectionOptions) {
    this.#options = options;
    this.client = new OcppClient({ ...options.client, onClose: () => this.#reconnectLater() });
  }

  /** Connects, and boots if the station has not booted yet; resolves when the node has accepted it, rejects when the connection fails. */
  async connect(): Promise<void> {
    this.#isWanted = true;
    this.#stopReconnect?.();
    await this.client.connect();
    this.#failures = 0;
    this.#options.log('connected');
    if (!this.#isBooted || this.#options.bootsAgain()) await this.#boot();
    else this.#start();
  }

  /** Drops the socket as a failing network does, and does not reconnect. */
  drop(): void {
    this.#isWanted = false;
    this.#stopReconnect?.();
    this.client.terminate();
  }

  /** Closes the connection, connects again and boots. */
  async restart(): Promise<void> {
    this.#isWanted = false;
    await this.client.close();
    this.#isBooted = false;
    if (!this.#isEnded) await this.connect();
  }

  /** Holds a frame until the node has accepted the station on the next connection. */
  holdFrame(frame: unknown): void {
    this.#heldFrames.push(frame);
  }

  /** Stops the reconnection and heartbeat timers; a restart under way does not connect again. */
  stopTimers(): void {
    this.#isEnded = true;
    this.#isWanted = false;
    this.#stopReconnect?.();
    this.#stopHeartbeat?.();
  }

  async #boot(): Promise<void> {
    const [call] = this.#options.messagesFor({ kind: 'booted', because: 'PowerUp' });
    const answer = call && (await this.client.call(call));
    if (!answer?.ok || !this.client.isOpen) return;
    const { status, interval } = fieldsOf(answer.payload);
    const milliseconds = (numberOf(interval) || DEFAULT_INTERVAL) * 1000;
    if (status !== 'Accepted') return new Promise((done) => void this.#options.clock.after(milliseconds, () => void this.#boot().then(done)));
    this.#isBooted = true;
    this.#options.log('booted');
    this.#scheduleHeartbeat(milliseconds);
    this.#start();
    this.#options.onBooted();
  }

  #start(): void {
    for (const frame of this.#heldFrames.splice(0)) this.client.send(frame);
    this.client.start();
  }

  #scheduleHeartbeat(milliseconds: number): void {
    this.#stopHeartbeat?.();
    this.#stopHeartbeat = this.#options.clock.after(milliseconds, () => {
      for (const call of this.#options.messagesFor({ kind: 'heartbeat' })) void this.client.call(call);
      this.#scheduleHeartbeat(milliseconds);
    });
  }

  #reconnectLater(): void {
    const { clock, random, reconnectAfter, log } = this.#options;
    log('disconnected');
    if (!this.#isWanted) return;
    const longest = Math.min(MAX_RECONNECT_DELAY, reconnectAfter * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#stopReconnect = clock.after(longest * random.between(0.5, 1), () => {
      void this.connect().catch(() => undefined); // a failed socket also closes, which schedules the next attempt
    });
  }
}
