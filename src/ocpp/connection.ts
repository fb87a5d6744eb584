import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { Evse } from '../domain/evse.ts';
import { type MessageId, messageId, type StationId } from '../domain/ids.ts';
import { ok } from '../domain/result.ts';
import { type EpochMillis, epochMillis, type Seconds } from '../domain/units.ts';
import { AbilityDiscovery } from './ability-discovery.ts';
import { type CallOutcome, CallQueue } from './call-queue.ts';
import { actionOf, compose, type Dialect, type HandlerContext, type ReadContext, read, type WriteContext } from './dialect.ts';
import { printFrame } from './frame.ts';
import { type CsmsOfStation, Passage } from './gateway/passage.ts';
import { StationLegs } from './gateway/station-legs.ts';
import { InboundQueue } from './inbound-queue.ts';
import { PASSING, reasonOf } from './log.ts';
import { MessageReceiver } from './message-receiver.ts';
import type { Oddity, PatienceLedger } from './patience/ledger.ts';
import { type ReadingSettings, type StationPatience, stationPatience } from './patience/station-patience.ts';
import { type SecondAttempt, secondAttempt } from './quirks.ts';
import type { SchemaSet } from './schema.ts';
import { sendCommand } from './send-command.ts';
import type {
  Abilities,
  AbilityFindings,
  CommandAnswer,
  KnownAbilities,
  OcppVersion,
  Order,
  Station,
  StationAnswer,
  StationHost,
  StationRequest,
  TriggeredMessage,
} from './station.ts';
import { type SocketContext, StationSocket } from './station-socket.ts';

/** What all connections of a server share. */
export interface ConnectionContext extends SocketContext {
  host: StationHost;
  /** The heartbeat interval for BootNotification answers. */
  heartbeat: Seconds;
  /** The configured stack level of the node's profiles. */
  stackLevel: number;
  /** Where patience with stations is counted. */
  ledger: PatienceLedger;
  /** Called once, when the connection ends. */
  onClosed(connection: Connection): void;
}

/** What belongs to one connection. */
export interface ConnectionOptions {
  id: StationId;
  epoch: number;
  socket: WebSocket;
  dialect: Dialect;
  schemas: SchemaSet;
  /** Abilities from an earlier connection. */
  knownAbilities: KnownAbilities | undefined;
  /** OCPP 2.x: the running transaction by EVSE; kept across connections. */
  transactions: Map<number, string>;
  settings: ReadingSettings;
  /** What was odd about its upgrade. */
  oddities: readonly Oddity[];
  /** The CSMS behind the node; absent: the node is the CSMS. */
  csms?: CsmsOfStation;
}

/** What takes the messages of a station: the node as its CSMS, or the passage to its CSMS. */
interface Receiver {
  /** The host has recorded the connection. */
  start?(): void;
  receive(message: RawData, isBinary: boolean): void;
  keepAlive?(now: EpochMillis): void;
  /** The connection has ended. */
  end?(): void;
}

const OBSERVING: CommandAnswer = { is: 'FAILED', because: 'the node only observes this charge point (upstream.mode: observe)' };

/** One authenticated connection of a charge point. It answers the station's calls one after another, and sends the node's calls one after another. */
export class Connection implements Station {
  readonly id: StationId;
  readonly version: OcppVersion;
  readonly epoch: number;
  readonly #context: ConnectionContext;
  readonly #dialect: Dialect;
  readonly #schemas: SchemaSet;
  readonly #socket: StationSocket;
  readonly #queue: CallQueue;
  readonly #inbound: InboundQueue;
  readonly #abilities: AbilityDiscovery;
  readonly #receiver: Receiver;
  /** False: the node only looks on, and sends nothing of its own. */
  readonly #acts: boolean;
  readonly #patience: StationPatience;
  #orders = 0;
  #heardAt: EpochMillis;
  #isUnrecorded = false;

  constructor(options: ConnectionOptions, context: ConnectionContext) {
    const { id, epoch, socket: webSocket, dialect, knownAbilities: known, transactions, settings, oddities, csms } = options;
    const { clock, limits, host, ledger, log } = context;
    const patience = stationPatience({ id, version: dialect.version, settings, transactions }, { ledger, log, now: () => clock.now() });
    const schemas = patience.schemas(options.schemas);
    for (const oddity of oddities) patience.note(oddity);
    this.id = id;
    this.version = dialect.version;
    this.epoch = epoch;
    this.#context = context;
    this.#dialect = dialect;
    this.#schemas = schemas;
    this.#patience = patience;
    const socket = new StationSocket({ webSocket, id, onClosed: () => this.#end(), isBehindCsms: csms !== undefined }, context);
    const inbound = new InboundQueue(clock, limits);
    const legs = csms && new StationLegs({ webSocket, socket, clock });
    const queue = new CallQueue(legs ?? socket, clock, legs?.toStation);
    const onChange = (abilities: Abilities, findings: AbilityFindings) =>
      inbound.addOwn(() =>
        host.received(this, { kind: 'abilities-learnt', abilities, findings }).catch((error) => socket.reportAnomaly('host-failed', reasonOf(error))),
      );
    const abilities = new AbilityDiscovery({ query: dialect.abilityQuery, schemas, queue, clock, timeout: limits.abilityTimeout, known, onChange });
    const handlerContext = this.#handlerContext(transactions);
    const parts = { station: this, host, handlerContext, dialect, schemas, socket, queue, inbound, abilities, patience };
    this.#receiver = csms && legs ? new Passage({ ...parts, csms, legs }) : new MessageReceiver(parts);
    this.#acts = csms?.upstream.acts ?? true;
    this.#heardAt = clock.now();
    this.#socket = socket;
    this.#inbound = inbound;
    this.#queue = queue;
    this.#abilities = abilities;
    webSocket.on('message', (data, isBinary) => this.#receive(data, isBinary));
  }

  /** Lets the host record the connection; only then are messages handled and calls sent. */
  async open(): Promise<void> {
    try {
      await this.#context.host.connected(this);
    } catch (error) {
      this.#isUnrecorded = true;
      this.#socket.reportAnomaly('host-failed', reasonOf(error));
      this.#socket.close(1011, 'the node cannot take this connection now');
      return;
    }
    this.#inbound.start();
    this.#receiver.start?.();
    this.#queue.start();
  }

  /** True when the host could not record the connection; then the host gets no `disconnected` either. */
  get isUnrecorded(): boolean {
    return this.#isUnrecorded;
  }

  /** Whether the messages of the station pass to a CSMS. */
  get isBehindCsms(): boolean {
    return this.#receiver instanceof Passage;
  }

  abilities(): Abilities {
    return this.#abilities.abilities;
  }

  /** The abilities to keep for the next connection; undefined when they are only assumed. */
  knownAbilities(): KnownAbilities | undefined {
    return this.#abilities.known;
  }

  askAbilities(): Promise<CommandAnswer> {
    return this.#acts ? this.#abilities.query('operator') : Promise.resolve(OBSERVING);
  }

  trigger(message: TriggeredMessage, evse?: Evse): Promise<CommandAnswer> {
    const { clock, limits } = this.#context;
    const { queue, dialect, schemas } = { queue: this.#queue, dialect: this.#dialect, schemas: this.#schemas };
    if (!this.#acts) return Promise.resolve(OBSERVING);
    if (this.#orders >= limits.orders) return Promise.resolve({ is: 'FAILED', because: 'queue-full' });
    return sendCommand(queue, { call: dialect.trigger(message, evse), schemas, deadline: epochMillis(clock.now() + limits.abilityTimeout) });
  }

  pending(): number {
    return this.#orders;
  }

  heardAt(): EpochMillis {
    return this.#heardAt;
  }

  close(reason: string): void {
    this.closeWith(1000, reason);
  }

  /** Closes with a code of RFC 6455 §7.4, or with 4409: replaced by a newer connection. */
  closeWith(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Called at regular intervals: queries the abilities of a station that has not booted, and pings an idle station. */
  keepAlive(now: EpochMillis): void {
    this.#receiver.keepAlive?.(now);
    if (this.#acts && !this.#abilities.hasQueried && this.#socket.idleFor(now) >= this.#context.limits.abilityTimeout) void this.#abilities.query('silence');
    this.#socket.keepAlive(now);
  }

  async send(order: Order): Promise<StationAnswer> {
    if (!this.#acts) return { is: 'NOT_SENT', because: 'observing' };
    if (this.#orders >= this.#context.limits.orders) return { is: 'NOT_SENT', because: 'queue-full' };
    if (!this.#abilities.isKnown) void this.#abilities.query('request');
    this.#orders += 1;
    try {
      return await this.#callStation(order);
    } finally {
      this.#orders -= 1;
    }
  }

  async #callStation({ request, messageId: firstId, deadline, claim }: Order): Promise<StationAnswer> {
    let second: (SecondAttempt & { id: MessageId }) | undefined;
    const followUp = (outcome: CallOutcome) => {
      const attempt = this.#secondAttempt(request, outcome);
      if (!attempt) return undefined;
      second = { ...attempt, id: messageId(randomUUID()) };
      return { messageId: second.id, deadline, compose: () => ok(attempt.call), claim: async () => true };
    };
    const outcome = await this.#queue.call({
      messageId: firstId,
      deadline,
      compose: () => compose(this.#dialect, request, this.#writeContext()),
      claim: () => claim().catch((error) => this.#reportFailedClaim(error)),
      followUp,
    });
    if (!second) return this.#read(outcome, firstId, request);
    if (outcome.is === 'NOT_SENT') return second.ifNotSent;
    const answer = this.#read(outcome, second.id, request);
    if (answer.is === 'ACCEPTED' && second.unit) this.#abilities.restrictToUnit(second.unit, this.#dialect.set.action);
    return answer;
  }

  #secondAttempt(request: StationRequest, outcome: CallOutcome): SecondAttempt | undefined {
    if (outcome.is !== 'result') return undefined;
    const { answer } = read(request, outcome, this.#readContext());
    return secondAttempt(request, answer, { dialect: this.#dialect, ...this.#writeContext() });
  }

  #reportFailedClaim(error: unknown): false {
    this.#socket.reportAnomaly('host-failed', reasonOf(error));
    return false;
  }

  #read(outcome: CallOutcome, id: string, request: StationRequest): StationAnswer {
    if (outcome.is === 'NOT_SENT' || outcome.is === 'SILENT') return outcome;
    if (outcome.is === 'refused') return { is: 'REJECTED', because: outcome.because };
    const { answer, violation } = read(request, outcome, this.#readContext());
    if (violation) this.#reportInvalidAnswer(id, { code: this.#dialect.violationCodes[violation.kind], description: violation.problem });
    if (answer.is === 'REJECTED' && answer.lacksSmartCharging) this.#abilities.markUnsupported(request.kind, actionOf(this.#dialect, request));
    return answer;
  }

  /** Counts an answer that violates its schema; an OCPP 2.1 station also gets a CALLRESULTERROR. */
  #reportInvalidAnswer(id: string, error: { code: string; description: string }): void {
    this.#socket.reportAnomaly('invalid-answer', error.description);
    if (this.#dialect.hasResultError) this.#socket.write(printFrame({ type: 'result-error', id, ...error }));
  }

  #readContext(): ReadContext {
    return { dialect: this.#dialect, schemas: this.#schemas, now: this.#context.clock.now() };
  }

  #writeContext(): WriteContext {
    return { abilities: this.abilities(), stackLevel: this.#context.stackLevel };
  }

  #handlerContext(transactions: Map<number, string>): HandlerContext {
    const { host, clock, heartbeat } = this.#context;
    return {
      now: () => clock.now(),
      moment: (text) => this.#patience.moment(text),
      heartbeat,
      transactions,
      report: (event) => host.received(this, event),
      authorize: (idToken, evseId) => host.authorize(this, idToken, evseId),
      chargingNeeds: (needs) => host.chargingNeeds(this, needs),
      startTransaction: (start) => host.startTransaction(this, start),
    };
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (!this.#socket.isOpen) return;
    this.#socket.recordActivity();
    this.#heardAt = this.#context.clock.now();
    if (!isBinary) this.#context.onFrame?.(this.id, this.isBehindCsms ? PASSING.fromStationToCsms : PASSING.received, data.toString());
    this.#receiver.receive(data, isBinary);
  }

  #end(): void {
    this.#receiver.end?.();
    this.#inbound.close();
    this.#queue.close();
    this.#context.onClosed(this);
  }
}
