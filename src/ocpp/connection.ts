import { randomUUID } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { messageId, type StationId } from '../domain/ids.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import { ok } from '../domain/result.ts';
import type { EpochMillis, Seconds } from '../domain/units.ts';
import { Learner } from './ability-discovery.ts';
import { CallQueue, type Errand, type Fate } from './call-queue.ts';
import { compose, type Dialect, type Ears, type ReadBy, read, type SetRequest, type Ways } from './dialect.ts';
import { printFrame } from './frame.ts';
import { Inbox } from './inbound-queue.ts';
import { reasonOf } from './log.ts';
import { Hearing } from './message-receiver.ts';
import type { SchemaBook } from './schema.ts';
import type { Abilities, OcppVersion, Order, Station, StationAnswer, StationHost, StationRequest } from './station.ts';
import { type Ground, Line } from './station-socket.ts';

const otherUnit = (unit: RateUnit): RateUnit => (unit === 'A' ? 'W' : 'A');

/** What all connections of a server have in common. */
export interface Surroundings extends Ground {
  host: StationHost;
  heartbeat: Seconds;
  /** The level of our profiles in a station's stack. */
  stackLevel: number;
  /** Called once, when a connection is no longer of use. */
  left(connection: Connection): void;
}

/** What a connection begins with. */
export interface Beginning {
  id: StationId;
  epoch: number;
  socket: WebSocket;
  dialect: Dialect;
  book: SchemaBook;
  /** Abilities as a former connection learnt them. */
  known: Abilities | undefined;
  /** OCPP 1.6: the transaction at each connector; outlives the connection. */
  running: Map<number, string>;
}

/** One authenticated connection of a charge point: its calls answered one after another, ours made one after another. */
export class Connection implements Station {
  readonly id: StationId;
  readonly version: OcppVersion;
  readonly epoch: number;
  readonly #around: Surroundings;
  readonly #dialect: Dialect;
  readonly #book: SchemaBook;
  readonly #line: Line;
  readonly #queue: CallQueue;
  readonly #inbox: Inbox;
  readonly #learner: Learner;
  readonly #hearing: Hearing;
  #orders = 0;
  #isRefused = false;

  constructor({ id, epoch, socket, dialect, book, known, running }: Beginning, around: Surroundings) {
    const { clock, limits, host } = around;
    this.id = id;
    this.version = dialect.version;
    this.epoch = epoch;
    this.#around = around;
    this.#dialect = dialect;
    this.#book = book;
    const line = new Line({ socket, id, ended: () => this.#leave() }, around);
    const inbox = new Inbox(clock, limits);
    const queue = new CallQueue(line, clock);
    const learnt = (abilities: Abilities) =>
      inbox.insist(() => host.received(this, { kind: 'abilities-learnt', abilities }).catch((error) => line.note('failed-host', reasonOf(error))));
    const learner = new Learner({ learning: dialect.learning, book, queue, clock, within: limits.learnWithin, known, learnt });
    this.#hearing = new Hearing({ station: this, host, ears: this.#ears(running), dialect, book, line, queue, inbox, learner });
    this.#line = line;
    this.#inbox = inbox;
    this.#queue = queue;
    this.#learner = learner;
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
  }

  /** Records the connection with the host; only then is anything handled or sent. */
  async open(): Promise<void> {
    try {
      await this.#around.host.connected(this);
    } catch (error) {
      this.#isRefused = true;
      this.#line.note('failed-host', reasonOf(error));
      this.#line.shut(1011, 'the node cannot take this connection now');
      return;
    }
    this.#inbox.start();
    this.#queue.start();
  }

  /** The host could not record it, so that it never was for the host. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  abilities(): Abilities {
    return this.#learner.abilities;
  }

  /** What is known of the station's abilities, as far as it is more than an assumption. */
  known(): Abilities | undefined {
    return this.#learner.isReady ? this.#learner.abilities : undefined;
  }

  pending(): number {
    return this.#orders;
  }

  close(reason: string): void {
    this.shut(1000, reason);
  }

  /** Closes with a code of RFC 6455 §7.4, or 4409: replaced by a newer connection. */
  shut(code: number, reason: string): void {
    this.#line.shut(code, reason);
  }

  /** Called for all connections in turn: pings the quiet, ends the dead, asks the reticent what they can do. */
  tend(now: EpochMillis): void {
    if (!this.#learner.hasAsked && this.#line.quietFor(now) >= this.#around.limits.learnWithin) void this.#learner.ask();
    this.#line.tend(now);
  }

  async send(order: Order): Promise<StationAnswer> {
    if (this.#orders >= this.#around.limits.orders) return { is: 'NOT_SENT', because: 'queue-full' };
    if (!this.#learner.isReady) void this.#learner.ask();
    this.#orders += 1;
    try {
      const answer = await this.#carryOut(order);
      if (answer.is === 'REJECTED' && answer.lacksSmartCharging) this.#learner.lack(order.request.kind);
      return answer;
    } finally {
      this.#orders -= 1;
    }
  }

  async #carryOut({ request, messageId: id, deadline, claim }: Order): Promise<StationAnswer> {
    let lastId = id;
    const guarded = () => claim().catch((error) => this.#giveBack(error));
    const after = (fate: Fate) => {
      const resort = this.#lastResort(request, fate);
      if (resort) lastId = resort.messageId;
      return resort && { ...resort, deadline };
    };
    const fate = await this.#queue.call({ messageId: id, deadline, compose: () => compose(this.#dialect, request, this.#ways()), claim: guarded, after });
    if (lastId === id) return this.#read(fate, id, request);
    return request.kind === 'set-charging-profile' ? this.#readSecond(fate, lastId, request) : this.#readResort(fate, lastId, request);
  }

  /** The station has said that it knows no such profile; that it could not be asked twice takes nothing from it. */
  #readResort(fate: Fate, id: string, request: StationRequest): StationAnswer {
    return fate.is === 'NOT_SENT' ? { is: 'UNKNOWN' } : this.#read(fate, id, request);
  }

  /** A unit that is taken where the other was not is what this station takes (quirk unit-not-taken). */
  #readSecond(fate: Fate, id: string, request: SetRequest): StationAnswer {
    if (fate.is === 'NOT_SENT') return { is: 'REJECTED', because: `${request.profile.unit} was refused` };
    const answer = this.#read(fate, id, request);
    if (answer.is === 'ACCEPTED') this.#learner.takesOnly(otherUnit(request.profile.unit));
    return answer;
  }

  /** What is tried once more before the station's No is taken for its last word; nothing can come between. */
  #lastResort(request: StationRequest, fate: Fate): Omit<Errand, 'deadline'> | undefined {
    if (fate.is !== 'result') return undefined;
    if (request.kind === 'set-charging-profile') return this.#inOtherUnit(request, fate);
    // Some stations do not find a profile by its id; the criteria name ours and nothing else (ocpi-to-ocpp §4).
    if (request.kind !== 'clear-charging-profile' || request.knownInstalled !== true) return undefined;
    const { answer } = read(request, fate, this.#readBy());
    if (answer.is !== 'UNKNOWN') return undefined;
    return { messageId: messageId(randomUUID()), compose: () => ok(this.#dialect.clearByCriteria(request, this.#ways())), claim: async () => true };
  }

  /** A station that did not say which units it takes may have refused the unit and nothing else. */
  #inOtherUnit(request: SetRequest, fate: Extract<Fate, { is: 'result' }>): Omit<Errand, 'deadline'> | undefined {
    const ways = this.#ways();
    const { answer } = read(request, fate, this.#readBy());
    if (answer.is !== 'REJECTED' || answer.lacksSmartCharging || !ways.abilities.unitsAssumed) return undefined;
    const call = compose(this.#dialect, request, { ...ways, abilities: { ...ways.abilities, units: [otherUnit(request.profile.unit)] } });
    return call.ok ? { messageId: messageId(randomUUID()), compose: () => call, claim: async () => true } : undefined;
  }

  #giveBack(error: unknown): false {
    this.#line.note('failed-host', reasonOf(error));
    return false;
  }

  #read(fate: Fate, id: string, request: StationRequest): StationAnswer {
    if (fate.is === 'NOT_SENT' || fate.is === 'SILENT') return fate;
    if (fate.is === 'refused') return { is: 'REJECTED', because: fate.because };
    const { answer, fault } = read(request, fate, this.#readBy());
    if (fault) this.#answerError(id, { code: this.#dialect.faultCodes[fault.kind], description: fault.problem });
    if (answer.is === 'REJECTED' && answer.lacksSmartCharging) this.#learner.lack(request.kind);
    return answer;
  }

  /** An answer that is none: from OCPP 2.1 on the station is told so. */
  #answerError(id: string, error: { code: string; description: string }): void {
    this.#line.note('malformed-answer', error.description);
    if (this.#dialect.hasSend) this.#line.write(printFrame({ type: 'result-error', id, ...error }));
  }

  #readBy(): ReadBy {
    return { dialect: this.#dialect, book: this.#book, now: this.#around.clock.now() };
  }

  #ways(): Ways {
    return { abilities: this.abilities(), stackLevel: this.#around.stackLevel };
  }

  #ears(running: Map<number, string>): Ears {
    const { host, clock, heartbeat } = this.#around;
    return {
      now: () => clock.now(),
      heartbeat,
      running,
      heard: (event) => host.received(this, event),
      authorize: (idToken) => host.authorize(this, idToken),
      chargingNeeds: (needs) => host.chargingNeeds(this, needs),
      startTransaction: (start) => host.startTransaction(this, start),
    };
  }

  #take(data: RawData, isBinary: boolean): void {
    if (!this.#line.isOpen) return;
    this.#line.hear();
    if (isBinary) this.#line.refuse(1003, 'only text is taken');
    else this.#hearing.take(data.toString());
  }

  /** What was in flight is silent, what waited is not sent. */
  #leave(): void {
    this.#inbox.close();
    this.#queue.close();
    this.#around.left(this);
  }
}
