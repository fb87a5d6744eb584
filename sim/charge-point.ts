import type { Watts } from '../src/domain/units.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import type { Car } from './battery.ts';
import { decideReply, sendReply } from './charge-point/answer-call.ts';
import { type Dialect, type Fields, fieldsOf, isFields, type LocalEvent, type Reply, type StationControls } from './charge-point/dialect.ts';
import { DIALECTS } from './charge-point/dialects.ts';
import { NodeConnection } from './charge-point/node-connection.ts';
import type { CallAnswer, OcppClient, OutgoingCall, RecordedFrame } from './charge-point/ocpp-client.ts';
import { oddAnswer, oddCall, oddUrl } from './charge-point/odd-fields.ts';
import type { StationOptions } from './charge-point/options.ts';
import type { InstalledProfile } from './charge-point/profiles.ts';
import type { IdToken, SimulatedEvse, Transaction } from './charge-point/simulated-evse.ts';
import { controlsOf, StationModel } from './charge-point/station-model.ts';
import { type AnswerBehaviour, behavioursInTurn, STANDARD_TRAITS, type Traits } from './charge-point/traits.ts';
import { clockBehind } from './clock.ts';
import { seeded } from './random.ts';

/** Connects a simulated station; resolves when the node has accepted its boot, rejects when the node refuses the connection. */
export async function plugInStation(options: StationOptions): Promise<ChargePoint> {
  const station = new ChargePoint(options);
  try {
    await station.reconnect();
  } catch (problem) {
    await station[Symbol.asyncDispose]();
    throw new Error(`Station ${options.id} could not connect to ${options.url}.`, { cause: problem });
  }
  return station;
}

/** A simulated charge point with cars and batteries on a real WebSocket. It implements the OCPP standard and shares no code with the node's OCPP server. */
export class ChargePoint implements AsyncDisposable {
  readonly id: string;
  readonly version: OcppVersion;
  readonly #options: StationOptions;
  readonly #dialect: Dialect;
  readonly #connection: NodeConnection;
  readonly #client: OcppClient;
  readonly #model: StationModel;
  #traits: Traits;
  #behaviourFor: (action: string) => AnswerBehaviour;
  #listeners: { action: string; notify: (payload: Fields) => void }[] = [];

  constructor(options: StationOptions) {
    const { id, version, password, url, tls } = options;
    const clock = clockBehind(options.clock, () => this.#traits.clockBehind);
    const random = options.random ?? seeded(id);
    this.id = id;
    this.version = version;
    this.#options = { ...options, clock };
    this.#dialect = DIALECTS[version];
    this.#traits = { ...STANDARD_TRAITS, ...options.traits };
    this.#behaviourFor = behavioursInTurn(this.#traits.answers);
    const [address, name] = [url.replace(/\/$/, ''), encodeURIComponent(id)];
    const headers: Record<string, string> = password === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` };
    this.#connection = new NodeConnection({
      client: {
        url: this.#traits.oddFields ? oddUrl(address, name) : `${address}/${name}`,
        headers,
        subprotocol: this.#traits.oddFields ? this.#dialect.subprotocol.toUpperCase() : this.#dialect.subprotocol,
        clock,
        record: !options.lean,
        repeatRefusedAfter: () => this.#traits.repeatsRefusedAfter * 1000 || undefined,
        onCall: (call, action, payload) => void this.#answer({ call, action, payload }),
        ...(tls && { tls }),
      },
      clock,
      random,
      reconnectAfter: options.redialAfter ?? 1000,
      bootsAgain: () => this.#traits.bootsAgain,
      messagesFor: (event) => this.#messagesFor(event),
      onBooted: () => this.#model.evses.forEach((evse) => void this.#emit({ kind: 'status', evse })),
      log: (event) => this.#log(event),
    });
    this.#client = this.#connection.client;
    this.#model = new StationModel({
      version,
      clock,
      random,
      plans: options.evses,
      sampleEvery: options.sampleEvery ?? 60,
      traits: () => this.#traits,
      transactionIdsFrom: this.#dialect.transactionIdsFrom,
      onEvent: (event) => this.#emit(event),
    });
  }

  /** Plugs a car in. With an `idToken` a transaction starts; its id is returned when the node has answered. Undefined: no transaction started. */
  async plugIn(evseId: number, visit: { car: Car; idToken?: IdToken; reservationId?: number }): Promise<string | undefined> {
    const evse = this.#evse(evseId);
    evse.car = visit.car;
    this.#emit({ kind: 'status', evse });
    this.#log('plugged-in', { evse: evseId });
    if (evse.transaction) this.#model.update(evse);
    if (!visit.idToken || !(await this.#mayCharge(visit.idToken)) || !evse.car) return undefined;
    const start = { idToken: visit.idToken, ...(visit.reservationId !== undefined && { reservationId: visit.reservationId }) };
    const transaction = this.#model.startTransaction(evse, start);
    await this.#client.idle();
    return evse.transaction === transaction ? transaction.id : undefined;
  }

  /** Presents a card before a car is connected, which starts a transaction (OCPP 2.x, TxStartPoint `Authorized`). Undefined: the card is refused. */
  async presentCard(evseId: number, idToken: IdToken): Promise<string | undefined> {
    const evse = this.#evse(evseId);
    if (!(await this.#mayCharge(idToken))) return undefined;
    const transaction = this.#model.startTransaction(evse, { idToken });
    await this.#client.idle();
    return evse.transaction === transaction ? transaction.id : undefined;
  }

  /** Unplugs the car, which ends its transaction; returns the car with the energy that it has charged. */
  async unplug(evseId: number): Promise<Car | undefined> {
    const evse = this.#evse(evseId);
    this.#model.endTransaction(evse, 'EVDisconnected');
    const car = evse.car;
    evse.car = undefined;
    evse.isFinished = false;
    this.#emit({ kind: 'status', evse });
    this.#log('unplugged', { evse: evseId });
    await this.#client.idle();
    return car;
  }

  /** Ends the transaction; the car stays plugged in. */
  async stop(evseId: number): Promise<void> {
    this.#model.endTransaction(this.#evse(evseId), 'Local');
    await this.#client.idle();
  }

  /** Drops the socket as a failing network does; the station stays offline until `reconnect`. */
  drop(): void {
    this.#connection.drop();
  }

  /** Connects, and boots if the station has not booted yet. */
  reconnect(): Promise<void> {
    return this.#connection.connect();
  }

  /** Restarts the station; transactions end first, or resume afterwards. */
  async reboot({ transactions = 'end' }: { transactions?: 'end' | 'resume' } = {}): Promise<void> {
    if (transactions === 'end') for (const evse of this.#model.evses) this.#model.endTransaction(evse, 'Reboot');
    await this.#client.idle();
    if (this.#traits.profilesOverReboot === 'lost') this.#model.removeProfiles(({ purpose }) => purpose === 'tx');
    await this.#connection.restart();
    this.#model.updateAll();
  }

  /** Sets a local limit on an EVSE (0: the station), in amperes; undefined clears it. OCPP 2.x reports it to the node, OCPP 1.6 cannot. */
  async localLimit(evseId: number, limit: number | undefined): Promise<void> {
    const before = this.#model.evses.map(({ offer, transaction }) => ({ offered: offer.limit, state: transaction?.state }));
    const profile = this.#model.setLocalLimit(evseId, limit);
    if (!profile) return;
    this.#emit(limit === undefined ? { kind: 'unlimited', profile } : { kind: 'limited', profile, withSchedule: this.#traits.limitWithSchedules });
    this.#model.updateAll();
    this.#model.evses.forEach((evse, i) => {
      const { transaction, offer } = evse;
      const was = before[i];
      if (transaction && was?.state === transaction.state && was.offered !== offer.limit) this.#emit({ kind: 'rate-changed', evse, transaction });
    });
    await this.#client.idle();
  }

  /** Changes the given traits; the others stay. */
  behave(traits: Partial<Traits>): void {
    this.#traits = { ...this.#traits, ...traits };
    if (traits.answers) this.#behaviourFor = behavioursInTurn(traits.answers);
  }

  get connected(): boolean {
    return this.#client.isOpen;
  }

  /** All frames so far, in both directions; empty for a lean station. */
  get frames(): readonly RecordedFrame[] {
    return this.#client.frames;
  }

  /** The payloads of the node's calls of this action, from the recorded frames. */
  received(action: string): Fields[] {
    return this.#client.received(action).filter(isFields);
  }

  /** Resolves with the payload of the node's next call of this action, when the station has carried it out. */
  next(action: string): Promise<Fields> {
    return new Promise((notify) => this.#listeners.push({ action, notify }));
  }

  /** Sends any call; resolves with the node's answer. */
  call(action: string, payload: object): Promise<CallAnswer> {
    return this.#client.call({ action, payload: () => payload });
  }

  /** Carries out a call that did not come on its connection, such as one of a CSMS that a test plays, and returns the answer. */
  async carryOut(action: string, payload: object): Promise<Reply> {
    const reply = await decideReply({ action, payload, behaviour: { is: 'plain' } }, { dialect: this.#dialect, station: this.#controls() });
    if (reply.ok) reply.afterwards?.();
    return reply;
  }

  /** Resolves when the node has answered all calls of the station. */
  idle(): Promise<void> {
    return this.#client.idle();
  }

  /** The installed charging profiles, local limits included. */
  installed(): readonly InstalledProfile[] {
    return this.#model.installed();
  }

  /** The power that the car draws now. */
  power(evseId: number): Watts {
    const evse = this.#evse(evseId);
    this.#model.update(evse);
    return evse.power;
  }

  /** The car that is plugged in, with the present energy of its battery. */
  car(evseId: number): Car | undefined {
    this.#model.update(this.#evse(evseId));
    return this.#evse(evseId).car;
  }

  /** The id of the running transaction. */
  transaction(evseId: number): string | undefined {
    return this.#evse(evseId).transaction?.id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.stopTimers();
    for (const evse of this.#model.evses) this.#model.cancelTimers(evse);
    await this.#client.close();
  }

  #evse(evseId: number): SimulatedEvse {
    const evse = this.#model.find(evseId);
    if (!evse) throw new Error(`Station ${this.id} has no EVSE ${evseId}; it has ${this.#model.evses.map(({ plan }) => plan.evseId).join(', ')}.`);
    return evse;
  }

  #log(event: string, details: Record<string, unknown> = {}): void {
    this.#options.log?.({ station: this.id, event, ...details });
  }

  #messagesFor(event: LocalEvent): readonly OutgoingCall[] {
    const messages = this.#dialect.messagesFor(event, this.#options.clock.now());
    if (!this.#traits.oddFields) return messages;
    return messages.map((call) => ({ ...call, payload: (offline) => oddCall(call.action, call.payload(offline)) }));
  }

  #emit(event: LocalEvent): void {
    const onAnswer = event.kind === 'started' ? (answer: CallAnswer) => this.#applyAuthorization(event, answer) : undefined;
    for (const call of this.#messagesFor(event)) void this.#client.call({ ...call, ...(onAnswer && { onAnswer }) });
  }

  /** Applies the node's answer to a start: the transaction id, and the end of the transaction when the token is refused. */
  #applyAuthorization({ evse, transaction }: { evse: SimulatedEvse; transaction: Transaction }, answer: CallAnswer): void {
    if (!answer.ok) return;
    const { accepted, transactionId } = this.#dialect.readAuthorization(answer);
    transaction.id = transactionId ?? transaction.id;
    this.#log('transaction-started', { evse: evse.plan.evseId, transaction: transaction.id, accepted });
    if (!accepted && evse.transaction === transaction) this.#model.endTransaction(evse, 'DeAuthorized');
  }

  /** Asks the node; an offline station accepts every token. */
  async #mayCharge(idToken: IdToken): Promise<boolean> {
    if (!this.#client.isOpen) return true;
    const [call] = this.#messagesFor({ kind: 'token-presented', idToken });
    return call === undefined || this.#dialect.readAuthorization(await this.#client.call(call)).accepted;
  }

  async #answer({ call, action, payload }: { call: string; action: string; payload: unknown }): Promise<void> {
    const behaviour = this.#behaviourFor(action);
    if (behaviour.is === 'drop' && !behaviour.done) {
      this.#notifyListeners(action, payload);
      return this.#client.terminate();
    }
    const { clock } = this.#options;
    const decided = await decideReply({ action, payload, behaviour }, { dialect: this.#dialect, station: this.#controls() });
    const reply = decided.ok && this.#traits.oddFields ? { ...decided, payload: oddAnswer(action, decided.payload) } : decided;
    this.#notifyListeners(action, payload);
    sendReply({ call, reply, behaviour }, { client: this.#client, clock, sendOnNextConnection: (frame) => this.#connection.holdFrame(frame) });
  }

  #controls(): StationControls {
    return controlsOf(this.#model, {
      clock: this.#options.clock,
      version: this.version,
      traits: this.#traits,
      emit: (event) => this.#emit(event),
      send: (outgoing) => void this.#client.call(outgoing),
      reboot: () => void this.reboot(),
    });
  }

  #notifyListeners(action: string, payload: unknown): void {
    for (const listener of this.#listeners.filter((listener) => listener.action === action)) listener.notify(fieldsOf(payload));
    this.#listeners = this.#listeners.filter((listener) => listener.action !== action);
  }
}
