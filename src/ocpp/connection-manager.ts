import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, WebSocketServer } from 'ws';
import { seconds } from '../domain/units.ts';
import { admit, refuse } from './admission.ts';
import { Connection, type Surroundings } from './connection.ts';
import { negotiate } from './dialects.ts';
import type { Limits } from './limits.ts';
import { type Anomaly, cut, reasonOf } from './log.ts';
import { USUAL_STACK_LEVEL } from './quirks.ts';
import { openBook } from './schema.ts';
import type { StationServerOptions } from './server-options.ts';
import { Register } from './station-registry.ts';

/** Receives sockets: admits or refuses them, and puts each station's newest in its place. */
export class Reception {
  readonly register = new Register();
  readonly counts = new Map<Anomaly, number>();
  readonly #sockets = new Set<Duplex>();
  readonly #options: StationServerOptions;
  readonly #limits: Limits;
  readonly #around: Surroundings;
  readonly #upgrader: WebSocketServer;
  readonly #tendEvery: number;
  #stopTending: () => void;
  readonly #logged = new Set<string>();
  #isClosed = false;

  constructor(options: StationServerOptions, limits: Limits) {
    this.#options = options;
    this.#limits = limits;
    // Often enough that no ping comes late by more than a tenth of its interval.
    this.#tendEvery = Math.max(100, Math.min(limits.learnWithin, limits.pingEvery || limits.learnWithin) / 10);
    const { host, clock, log } = options;
    this.#around = {
      host,
      clock,
      log,
      limits,
      heartbeat: options.heartbeat ?? seconds(300),
      stackLevel: options.stackLevel ?? USUAL_STACK_LEVEL,
      count: (oddity) => this.#count(oddity),
      left: (connection) => {
        this.register.leave(connection);
        if (!connection.isRefused) host.disconnected(connection);
      },
    };
    const upgrades = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.payload,
      maxFragments: 256,
      maxBufferedChunks: 4096,
      closeTimeout: 2_000,
      handleProtocols: (_offered, request) => negotiate(request.headers['sec-websocket-protocol'])?.subprotocol ?? false,
    } satisfies ServerOptions & { closeTimeout: number };
    this.#upgrader = new WebSocketServer(upgrades);
    this.#stopTending = clock.after(this.#tendEvery, () => this.#tend());
  }

  /** Takes one upgrade in; whatever goes wrong with it ends with its socket. */
  async receive(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const giveUp = this.#options.clock.after(this.#limits.upgradeWithin, () => socket.destroy());
    try {
      await this.#admit(request, socket, head);
    } catch (error) {
      this.#options.log('warn', 'station-not-admitted', { because: cut(reasonOf(error)) });
      refuse(socket, 503);
    } finally {
      giveUp();
    }
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { securityProfile: profile, credentialOf } = this.#options;
    const admission = await admit(request, { profile, credentialOf });
    if (admission.is === 'refused') {
      this.#count(admission.oddity);
      this.#logRefusal(admission, request.socket.remoteAddress ?? 'unknown');
      return refuse(socket, admission.status);
    }
    const { id, dialect } = admission;
    const first = { lastEpoch: (await this.#options.lastEpoch?.(id)) ?? 0, abilities: await this.#options.abilitiesOf?.(id), now: this.#options.clock.now() };
    const book = await openBook(dialect.version);
    if (this.#isClosed || socket.destroyed) return void socket.destroy();
    const memory = this.register.recall(id, first);
    this.#upgrader.handleUpgrade(request, socket, head, (upgraded) => {
      memory.epoch += 1;
      this.#seat(new Connection({ id, epoch: memory.epoch, socket: upgraded, dialect, book, known: memory.abilities, running: memory.running }, this.#around));
    });
  }

  /** One line for each address and reason between two tendings, and not many in all: whoever knocks often fills no disk (SEC-24). */
  #logRefusal({ oddity, because }: { oddity: Anomaly; because: string }, from: string): void {
    const kind = `${oddity} ${from}`;
    if (this.#logged.has(kind) || this.#logged.size >= 20) return;
    this.#logged.add(kind);
    this.#options.log('warn', oddity, { because: cut(because), from });
  }

  /** The newest connection that has proved itself takes the station's place (SEC-31). */
  #seat(connection: Connection): void {
    const { clock, log } = this.#options;
    const old = this.register.get(connection.id);
    if (old) {
      this.#count('replaced');
      if (this.register.isFlapping(connection.id, clock.now())) log('warn', 'station-flaps', { station: connection.id, epoch: connection.epoch });
      old.shut(4409, 'replaced by a newer connection');
    }
    this.register.place(connection);
    log('info', 'station-connected', { station: connection.id, version: connection.version, epoch: connection.epoch });
    void connection.open();
  }

  #tend(): void {
    const { clock } = this.#options;
    this.#logged.clear();
    for (const connection of this.register.all()) connection.tend(clock.now());
    this.#stopTending = clock.after(this.#tendEvery, () => this.#tend());
  }

  /** Sends everyone away, and resolves when their sockets are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTending();
    for (const connection of this.register.all()) connection.shut(1001, 'the node stops');
    await Promise.all([...this.#sockets].map((socket) => new Promise<void>((done) => (socket.destroyed ? done() : socket.once('close', () => done())))));
  }

  #count(oddity: Anomaly): void {
    this.counts.set(oddity, (this.counts.get(oddity) ?? 0) + 1);
  }
}
