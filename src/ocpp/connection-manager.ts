import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocketServer } from 'ws';
import { seconds } from '../domain/units.ts';
import { clientAddress } from '../sockets/trusted-proxies.ts';
import { type Admission, admit, refuseUpgrade } from './admission.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { GuessThrottle } from './guess-throttle.ts';
import type { Limits } from './limits.ts';
import { type Anomaly, reasonOf, shorten } from './log.ts';
import { PatienceLedger } from './patience/ledger.ts';
import { DEFAULT_STACK_LEVEL } from './quirks.ts';
import { openSchemas } from './schema.ts';
import type { StationServerOptions } from './server-options.ts';
import { StationRegistry } from './station-registry.ts';

const nobody = () => false;

/** Admits or refuses upgrade requests, and keeps the newest connection of each station alive. */
export class ConnectionManager {
  readonly registry = new StationRegistry();
  readonly counts = new Map<Anomaly, number>();
  readonly #sockets = new Set<Duplex>();
  readonly #options: StationServerOptions;
  readonly #limits: Limits;
  readonly #context: ConnectionContext;
  readonly #upgrader: WebSocketServer;
  readonly #keepAliveInterval: number;
  #stopKeepAlive: () => void;
  readonly #loggedRefusals = new Set<string>();
  readonly #guesses: GuessThrottle;
  #isClosed = false;

  constructor(options: StationServerOptions, limits: Limits) {
    this.#options = options;
    this.#limits = limits;
    this.#guesses = new GuessThrottle(options.clock);
    // A tenth of the ping interval, so that no ping is later than that.
    this.#keepAliveInterval = Math.max(100, Math.min(limits.abilityTimeout, limits.pingInterval || limits.abilityTimeout) / 10);
    const { host, clock, log } = options;
    this.#context = {
      host,
      clock,
      log,
      limits,
      ...(options.onFrame && { onFrame: options.onFrame }),
      heartbeat: options.heartbeat ?? seconds(300),
      stackLevel: options.stackLevel ?? DEFAULT_STACK_LEVEL,
      ledger: options.ledger ?? new PatienceLedger(),
      count: (anomaly) => this.#count(anomaly),
      onClosed: (connection) => {
        this.registry.remove(connection);
        if (!connection.isUnrecorded) host.disconnected(connection);
      },
    };
    const upgrades = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.messageBytes,
      maxFragments: 256,
      maxBufferedChunks: 4096,
      closeTimeout: 2_000,
      handleProtocols: ([chosen = '']) => chosen,
    } satisfies ServerOptions & { closeTimeout: number };
    this.#upgrader = new WebSocketServer(upgrades);
    this.#stopKeepAlive = clock.after(this.#keepAliveInterval, () => this.#keepAlive());
  }

  /** Sizes of what is kept in memory between connections. */
  kept(): { stations: number; guesses: number } {
    return { stations: this.registry.known, guesses: this.#guesses.size };
  }

  /** Handles one upgrade request; never rejects. An error closes this socket only. */
  async receive(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const cancelTimeout = this.#options.clock.after(this.#limits.upgradeTimeout, () => socket.destroy());
    try {
      await this.#upgrade(request, socket, head);
    } catch (error) {
      this.#options.log('warn', 'station-not-admitted', { because: shorten(reasonOf(error)) });
      refuseUpgrade(socket, 503);
    } finally {
      cancelTimeout();
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { securityProfile: profile, credentialOf } = this.#options;
    const address = clientAddress(request.socket.remoteAddress ?? 'unknown', request.headers['x-forwarded-for'], this.#options.isProxy ?? nobody);
    const admission = await admit(request, { profile, credentialOf, guesses: this.#guesses, address });
    if (admission.is === 'refused') {
      this.#count(admission.anomaly);
      this.#logRefusal(admission, address);
      return refuseUpgrade(socket, admission.status);
    }
    const { id, dialect, protocol, oddities } = admission;
    // ws answers 400 to a header with a name twice or an empty one; the name is chosen already.
    request.headers['sec-websocket-protocol'] = protocol;
    const stored = { lastEpoch: (await this.#options.lastEpoch?.(id)) ?? 0, abilities: await this.#options.abilitiesOf?.(id), now: this.#options.clock.now() };
    const schemas = await openSchemas(dialect.version);
    if (this.#isClosed || socket.destroyed) {
      socket.destroy();
      return;
    }
    const memory = this.registry.memoryOf(id, stored);
    const settings = this.#options.settingsOf?.(id) ?? { evseIds: [] };
    this.#upgrader.handleUpgrade(request, socket, head, (upgraded) => {
      memory.epoch += 1;
      const { epoch, abilities: knownAbilities, transactions } = memory;
      this.#accept(new Connection({ id, epoch, socket: upgraded, dialect, schemas, knownAbilities, transactions, settings, oddities }, this.#context));
    });
  }

  /** Logs one line per address and reason in each keep-alive interval, and at most 20 lines in all, so that repeated refusals do not fill the disk (SEC-24). */
  #logRefusal({ anomaly, because }: Extract<Admission, { is: 'refused' }>, from: string): void {
    const kind = `${anomaly} ${from}`;
    if (this.#loggedRefusals.has(kind) || this.#loggedRefusals.size >= 20) return;
    this.#loggedRefusals.add(kind);
    this.#options.log('warn', anomaly, { because: shorten(because), from });
  }

  /** The newest authenticated connection of a station replaces the older one (SEC-31). */
  #accept(connection: Connection): void {
    const { clock, log } = this.#options;
    const old = this.registry.get(connection.id);
    if (old) {
      this.#count('connection-replaced');
      if (this.registry.isFlapping(connection.id, clock.now())) log('warn', 'station-flaps', { station: connection.id, epoch: connection.epoch });
      old.closeWith(4409, 'replaced by a newer connection');
    }
    this.registry.setCurrent(connection);
    log('info', 'station-connected', { station: connection.id, version: connection.version, epoch: connection.epoch });
    void connection.open();
  }

  #keepAlive(): void {
    const { clock } = this.#options;
    this.#loggedRefusals.clear();
    for (const connection of this.registry.all()) connection.keepAlive(clock.steady());
    this.#stopKeepAlive = clock.after(this.#keepAliveInterval, () => this.#keepAlive());
  }

  /** Closes all connections; resolves when all sockets are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopKeepAlive();
    for (const connection of this.registry.all()) connection.closeWith(1001, 'the node stops');
    await Promise.all([...this.#sockets].map((socket) => new Promise<void>((done) => (socket.destroyed ? done() : socket.once('close', () => done())))));
  }

  #count(anomaly: Anomaly): void {
    this.counts.set(anomaly, (this.counts.get(anomaly) ?? 0) + 1);
  }
}
