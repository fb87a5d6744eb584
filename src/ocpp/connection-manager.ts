import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { StationId } from '../domain/ids.ts';
import { seconds } from '../domain/units.ts';
import { clientAddress } from '../sockets/trusted-proxies.ts';
import { type Admitted, admit, type Refused, refuseUpgrade } from './admission.ts';
import { Connection, type ConnectionContext } from './connection.ts';
import { admitThroughCsms, type LetInByCsms } from './gateway/admit-through-csms.ts';
import { CsmsLink } from './gateway/csms-link.ts';
import { CsmsStates } from './gateway/csms-states.ts';
import type { CsmsOfStation } from './gateway/passage.ts';
import { pipe } from './gateway/pipe.ts';
import { GuessThrottle } from './guess-throttle.ts';
import type { Limits } from './limits.ts';
import { type Anomaly, reasonOf, shorten } from './log.ts';
import { PatienceLedger } from './patience/ledger.ts';
import { DEFAULT_STACK_LEVEL } from './quirks.ts';
import { openSchemas } from './schema.ts';
import type { StationServerOptions } from './server-options.ts';
import { StationRegistry } from './station-registry.ts';

const nobody = () => false;
/** A server without a gateway has no station for a CSMS. */
const NO_CSMS: Refused = { is: 'refused', status: 503, anomaly: 'csms-away', because: 'no CSMS is configured' };

/** A request to become a WebSocket. */
interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** Admits or refuses upgrade requests, and keeps the newest connection of each station alive. */
export class ConnectionManager {
  readonly registry = new StationRegistry();
  readonly counts = new Map<Anomaly, number>();
  readonly csmsStates: CsmsStates;
  readonly #sockets = new Set<Duplex>();
  readonly #options: StationServerOptions;
  readonly #limits: Limits;
  readonly #context: ConnectionContext;
  readonly #upgrader: WebSocketServer;
  /** For stations behind a CSMS: their pings pass. */
  readonly #passingUpgrader: WebSocketServer;
  readonly #pipes = new Set<WebSocket>();
  readonly #keepAliveInterval: number;
  #stopKeepAlive: () => void;
  readonly #loggedRefusals = new Set<string>();
  readonly #guesses: GuessThrottle;
  #isClosed = false;

  constructor(options: StationServerOptions, limits: Limits) {
    this.#options = options;
    this.#limits = limits;
    this.#guesses = new GuessThrottle(options.clock);
    this.csmsStates = new CsmsStates(options.clock);
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
        if (this.registry.get(connection.id) === undefined && connection.isBehindCsms) this.csmsStates.closed(connection.id);
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
    this.#passingUpgrader = new WebSocketServer({ ...upgrades, autoPong: false });
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
    const address = clientAddress(request.socket.remoteAddress ?? 'unknown', request.headers['x-forwarded-for'], this.#options.isProxy ?? nobody);
    const entry = await this.#admit(request, address);
    if (entry.is === 'refused') {
      this.#count(entry.anomaly);
      this.#logRefusal(entry, address);
      return refuseUpgrade(socket, entry.status);
    }
    // ws answers 400 to a header with a name twice or an empty one; the name is chosen already.
    if (entry.protocol === '') delete request.headers['sec-websocket-protocol'];
    else request.headers['sec-websocket-protocol'] = entry.protocol;
    const upgrade = { request, socket, head };
    if (entry.is === 'admitted') await this.#connect(entry, upgrade);
    else await this.#letIn(entry, upgrade);
  }

  async #admit(request: IncomingMessage, address: string): Promise<Admitted | Refused | LetInByCsms> {
    const { securityProfile: profile, credentialOf, gateway } = this.#options;
    const upstreamOf = (id: StationId) => gateway?.upstreamOf(id);
    const admission = await admit(request, { profile, credentialOf, guesses: this.#guesses, address, upstreamOf });
    if (admission.is !== 'for-csms' || !gateway) return admission.is === 'for-csms' ? NO_CSMS : admission;
    const entry = await admitThroughCsms(request, { ...admission, gateway, limits: this.#limits });
    if (entry.is === 'refused' && gateway.isConfigured(admission.id)) this.csmsStates.note(admission.id, entry.anomaly === 'csms-away' ? 'away' : 'refused');
    if (entry.is === 'refused' && entry.status === 401) this.#guesses.failed(admission.id, address);
    return entry;
  }

  /** A station whose CSMS let it in. The connection to the CSMS ends if the station leaves before it is connected. */
  async #letIn(entry: LetInByCsms, upgrade: Upgrade): Promise<void> {
    const { gateway, clock } = this.#options;
    const { id, upstream, leg, dialect, reopen } = entry;
    let isConnected = false;
    const abandon = () => !isConnected && leg?.terminate();
    upgrade.socket.once('close', abandon);
    if (upgrade.socket.destroyed) abandon();
    const done = () => {
      isConnected = true;
    };
    if (!gateway || !dialect || !gateway.isConfigured(id)) {
      if (leg) this.#pipe(leg, { ...upgrade, done });
      else refuseUpgrade(upgrade.socket, 503);
      return;
    }
    const link = new CsmsLink({
      first: leg,
      open: reopen,
      reconnects: upstream.whenAway === 'keep',
      clock,
      limits: this.#limits,
      onState: (state) => this.csmsStates.note(id, state),
    });
    const keep = upstream.whenAway === 'keep' ? await gateway.keepFor({ id, version: dialect.version }) : undefined;
    const csms = { upstream, link, keep, called: gateway.csmsCalled };
    await this.#connect({ ...entry, dialect }, { ...upgrade, csms, done });
  }

  /** Passes the messages of a station that is not configured, or of a version that the node does not know. */
  #pipe(leg: WebSocket, { request, socket, head, done }: Upgrade & { done(): void }): void {
    this.#passingUpgrader.handleUpgrade(request, socket, head, (upgraded) => {
      done();
      this.#pipes.add(upgraded);
      upgraded.once('close', () => this.#pipes.delete(upgraded));
      pipe(upgraded, leg, this.#limits);
    });
  }

  async #connect(
    { id, dialect, oddities }: Pick<Admitted, 'id' | 'dialect' | 'oddities'>,
    { request, socket, head, csms, done }: Upgrade & { csms?: CsmsOfStation; done?(): void },
  ): Promise<void> {
    const stored = { lastEpoch: (await this.#options.lastEpoch?.(id)) ?? 0, abilities: await this.#options.abilitiesOf?.(id), now: this.#options.clock.now() };
    const schemas = await openSchemas(dialect.version);
    if (this.#isClosed || socket.destroyed) {
      socket.destroy();
      return;
    }
    const memory = this.registry.memoryOf(id, stored);
    const settings = this.#options.settingsOf?.(id) ?? { evseIds: [] };
    const upgrader = csms ? this.#passingUpgrader : this.#upgrader;
    upgrader.handleUpgrade(request, socket, head, (upgraded) => {
      done?.();
      memory.epoch += 1;
      const { epoch, abilities: knownAbilities, transactions } = memory;
      const options = { id, epoch, socket: upgraded, dialect, schemas, knownAbilities, transactions, settings, oddities, ...(csms && { csms }) };
      if (csms) this.csmsStates.opened(id, csms.keep);
      this.#accept(new Connection(options, this.#context));
    });
  }

  /** Logs one line per address and reason in each keep-alive interval, and at most 20 lines in all, so that repeated refusals do not fill the disk (SEC-24). */
  #logRefusal({ anomaly, because }: Refused, from: string): void {
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
    for (const station of this.#pipes) station.close(1001, 'the node stops');
    await Promise.all([...this.#sockets].map((socket) => new Promise<void>((done) => (socket.destroyed ? done() : socket.once('close', () => done())))));
  }

  #count(anomaly: Anomaly): void {
    this.counts.set(anomaly, (this.counts.get(anomaly) ?? 0) + 1);
  }
}
