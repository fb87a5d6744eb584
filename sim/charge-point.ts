import type { Watts } from '../src/domain/units.ts';
import type { OcppVersion } from '../src/ocpp/station.ts';
import type { Car } from './battery.ts';
import { decide, utter } from './charge-point/answer-call.ts';
import { type Dialect, type Fields, fieldsOf, type Happening, isFields, numberOf } from './charge-point/dialect.ts';
import { DIALECTS } from './charge-point/dialects.ts';
import { lateClock } from './charge-point/late-clock.ts';
import { type Heard, Line, type RecordedFrame } from './charge-point/ocpp-client.ts';
import type { StationOptions } from './charge-point/options.ts';
import type { InstalledProfile } from './charge-point/profiles.ts';
import type { Badge, Outlet, Transaction } from './charge-point/simulated-evse.ts';
import { Plant, worksOf } from './charge-point/station-model.ts';
import { type AnswerBehaviour, manners, PLAIN, type Traits } from './charge-point/traits.ts';
import { type Random, seeded } from './random.ts';

const LONGEST_REDIAL = 60_000;

/** Connects a simulated station; resolves when the node has accepted its boot, rejects when the node does not let it in. */
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

/** A charge point with cars and batteries behind a real WebSocket; it knows OCPP from the standard, not from the node. */
export class ChargePoint implements AsyncDisposable {
  readonly id: string;
  readonly version: OcppVersion;
  readonly #options: StationOptions;
  readonly #dialect: Dialect;
  readonly #line: Line;
  readonly #plant: Plant;
  readonly #random: Random;
  #traits: Traits;
  #manner: (action: string) => AnswerBehaviour;
  #booted = false;
  #wanted = false;
  #owed: unknown[] = [];
  #failures = 0;
  #stopHeartbeat: (() => void) | undefined;
  #stopRedial: (() => void) | undefined;
  #listeners: { action: string; hear: (payload: Fields) => void }[] = [];

  constructor(options: StationOptions) {
    const { id, version, password, url, tls } = options;
    const clock = lateClock(options.clock, () => this.#traits.clockBehind);
    this.id = id;
    this.version = version;
    this.#options = { ...options, clock };
    this.#dialect = DIALECTS[version];
    this.#random = options.random ?? seeded(id);
    this.#traits = { ...PLAIN, ...options.traits };
    this.#manner = manners(this.#traits.answers);
    const headers: Record<string, string> = password === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` };
    this.#line = new Line({
      url: `${url.replace(/\/$/, '')}/${encodeURIComponent(id)}`,
      headers,
      subprotocol: this.#dialect.subprotocol,
      clock,
      record: !options.lean,
      onCall: (call, action, payload) => void this.#answer({ call, action, payload }),
      onClose: () => this.#lost(),
      ...(tls && { tls }),
    });
    this.#plant = new Plant({
      version,
      clock,
      random: this.#random,
      plans: options.evses,
      sampleEvery: options.sampleEvery ?? 60,
      traits: () => this.#traits,
      namesTransactions: this.#dialect.namesTransactions,
      tell: (happening) => this.#tell(happening),
    });
  }

  /** Plugs a car in; with an `idToken` a transaction starts, and its id comes back once the node has been told. `undefined`: none started. */
  async plugIn(evseId: number, visit: { car: Car; idToken?: Badge; reservationId?: number }): Promise<string | undefined> {
    const outlet = this.#outlet(evseId);
    outlet.car = visit.car;
    this.#tell({ kind: 'status', outlet });
    this.#log('plugged-in', { evse: evseId });
    if (!visit.idToken || !(await this.#mayCharge(visit.idToken)) || !outlet.car) return undefined;
    const wish = { badge: visit.idToken, ...(visit.reservationId !== undefined && { reservationId: visit.reservationId }) };
    const transaction = this.#plant.begin(outlet, wish);
    await this.#line.idle();
    return outlet.transaction === transaction ? transaction.id : undefined;
  }

  /** Unplugs the car, which ends its transaction; the car comes back with what it has charged. */
  async unplug(evseId: number): Promise<Car | undefined> {
    const outlet = this.#outlet(evseId);
    this.#plant.end(outlet, 'EVDisconnected');
    const car = outlet.car;
    outlet.car = undefined;
    outlet.served = false;
    this.#tell({ kind: 'status', outlet });
    this.#log('unplugged', { evse: evseId });
    await this.#line.idle();
    return car;
  }

  /** Ends the transaction and leaves the car plugged in. */
  async stop(evseId: number): Promise<void> {
    this.#plant.end(this.#outlet(evseId), 'Local');
    await this.#line.idle();
  }

  /** Cuts the socket as a lost network does; the station stays away until `reconnect`. */
  drop(): void {
    this.#wanted = false;
    this.#stopRedial?.();
    this.#line.cut();
  }

  /** Connects, and boots when it never did. */
  async reconnect(): Promise<void> {
    this.#wanted = true;
    this.#stopRedial?.();
    await this.#line.connect();
    this.#failures = 0;
    this.#log('connected');
    if (!this.#booted || this.#traits.bootsAgain) await this.#boot();
    else this.#begin();
  }

  /** Starts anew; transactions end before it unless they are to go on after it. */
  async reboot({ transactions = 'end' }: { transactions?: 'end' | 'resume' } = {}): Promise<void> {
    if (transactions === 'end') for (const outlet of this.#plant.outlets) this.#plant.end(outlet, 'Reboot');
    await this.#line.idle();
    if (this.#traits.profilesOverReboot === 'lost') this.#plant.forget(({ purpose }) => purpose === 'tx');
    this.#wanted = false;
    await this.#line.close();
    this.#booted = false;
    await this.reconnect();
    this.#plant.reconsider();
  }

  /** Limits an EVSE (0: the station) from beside it, in amperes; OCPP 2.x tells the node, OCPP 1.6 cannot. `undefined` takes the limit back. */
  async localLimit(evseId: number, limit: number | undefined): Promise<void> {
    const before = this.#plant.outlets.map(({ offer, transaction }) => ({ offered: offer.limit, state: transaction?.state }));
    const profile = this.#plant.limitLocally(evseId, limit);
    if (!profile) return;
    this.#tell(limit === undefined ? { kind: 'unlimited', profile } : { kind: 'limited', profile, withSchedule: this.#traits.limitWithSchedules });
    this.#plant.reconsider();
    this.#plant.outlets.forEach((outlet, i) => {
      const { transaction, offer } = outlet;
      const was = before[i];
      if (transaction && was?.state === transaction.state && was.offered !== offer.limit) this.#tell({ kind: 'rate-changed', outlet, transaction });
    });
    await this.#line.idle();
  }

  /** Takes on other traits; those not named stay. */
  behave(traits: Partial<Traits>): void {
    this.#traits = { ...this.#traits, ...traits };
    if (traits.answers) this.#manner = manners(traits.answers);
  }

  get connected(): boolean {
    return this.#line.open;
  }

  /** Every frame of this station so far, both ways; none when it is lean. */
  get frames(): readonly RecordedFrame[] {
    return this.#line.frames;
  }

  /** The payloads of the calls of this action that the node has made. */
  received(action: string): Fields[] {
    return this.#line.received(action).filter(isFields);
  }

  /** Resolves with the payload of the next call of this action from the node, once the station has done what it will do about it. */
  next(action: string): Promise<Fields> {
    return new Promise((hear) => this.#listeners.push({ action, hear }));
  }

  /** Says something of the test's own; resolves with the node's answer to it. */
  call(action: string, payload: object): Promise<Heard> {
    return this.#line.call({ action, payload: () => payload });
  }

  /** Resolves when the node has answered all that the station wanted to say. */
  idle(): Promise<void> {
    return this.#line.idle();
  }

  /** The charging profiles it holds, the local limits among them. */
  installed(): readonly InstalledProfile[] {
    return this.#plant.installed();
  }

  /** What flows into the car at this moment. */
  power(evseId: number): Watts {
    const outlet = this.#outlet(evseId);
    this.#plant.look(outlet);
    return outlet.power;
  }

  /** The car plugged in, with what its battery holds by now. */
  car(evseId: number): Car | undefined {
    this.#plant.look(this.#outlet(evseId));
    return this.#outlet(evseId).car;
  }

  /** The running transaction's id. */
  transaction(evseId: number): string | undefined {
    return this.#outlet(evseId).transaction?.id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#wanted = false;
    this.#stopRedial?.();
    this.#stopHeartbeat?.();
    for (const outlet of this.#plant.outlets) this.#plant.rest(outlet);
    await this.#line.close();
  }

  #outlet(evseId: number): Outlet {
    const outlet = this.#plant.find(evseId);
    if (!outlet) throw new Error(`Station ${this.id} has no EVSE ${evseId}; it has ${this.#plant.outlets.map(({ plan }) => plan.evseId).join(', ')}.`);
    return outlet;
  }

  #log(event: string, details: Record<string, unknown> = {}): void {
    this.#options.log?.({ station: this.id, event, ...details });
  }

  #tell(happening: Happening): void {
    const heard = happening.kind === 'started' ? (answer: Heard) => this.#judge(happening.outlet, happening.transaction, answer) : undefined;
    for (const saying of this.#dialect.tell(happening, this.#options.clock.now())) void this.#line.call({ ...saying, ...(heard && { heard }) });
  }

  /** The node's word on a start: its name for the transaction, and whether it may go on. */
  #judge(outlet: Outlet, transaction: Transaction, heard: Heard): void {
    if (!heard.ok) return;
    const { accepted, transactionId } = this.#dialect.verdict(heard);
    transaction.id = transactionId ?? transaction.id;
    this.#log('transaction-started', { evse: outlet.plan.evseId, transaction: transaction.id, accepted });
    if (!accepted && outlet.transaction === transaction) this.#plant.end(outlet, 'DeAuthorized');
  }

  async #mayCharge(badge: Badge): Promise<boolean> {
    if (!this.#line.open) return true; // offline, it lets its drivers charge
    const [saying] = this.#dialect.tell({ kind: 'presented', badge }, this.#options.clock.now());
    return saying === undefined || this.#dialect.verdict(await this.#line.call(saying)).accepted;
  }

  async #boot(): Promise<void> {
    const [saying] = this.#dialect.tell({ kind: 'booted', because: 'PowerUp' }, this.#options.clock.now());
    const heard = saying && (await this.#line.call(saying));
    if (!heard?.ok || !this.#line.open) return;
    const answer = fieldsOf(heard.payload);
    const interval = numberOf(answer.interval) || 300;
    if (answer.status !== 'Accepted') return new Promise((done) => void this.#options.clock.after(interval * 1000, () => void this.#boot().then(done)));
    this.#booted = true;
    this.#log('booted');
    this.#beat(interval * 1000);
    this.#begin();
    for (const outlet of this.#plant.outlets) this.#tell({ kind: 'status', outlet });
  }

  #begin(): void {
    for (const frame of this.#owed.splice(0)) this.#line.send(frame);
    this.#line.begin();
  }

  #beat(interval: number): void {
    this.#stopHeartbeat?.();
    this.#stopHeartbeat = this.#options.clock.after(interval, () => {
      this.#tell({ kind: 'heartbeat' });
      this.#beat(interval);
    });
  }

  #lost(): void {
    this.#log('disconnected');
    if (!this.#wanted) return;
    const longest = Math.min(LONGEST_REDIAL, (this.#options.redialAfter ?? 1000) * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#stopRedial = this.#options.clock.after(longest * this.#random.between(0.5, 1), () => {
      void this.reconnect().catch(() => undefined); // a socket that fails also closes, which brings it here again
    });
  }

  async #answer({ call, action, payload }: { call: string; action: string; payload: unknown }): Promise<void> {
    const manner = this.#manner(action);
    if (manner.is === 'drop' && !manner.done) {
      this.#heard(action, payload);
      return this.#line.cut();
    }
    const works = worksOf(this.#plant, {
      clock: this.#options.clock,
      version: this.version,
      traits: this.#traits,
      tell: (happening) => this.#tell(happening),
      say: (saying) => void this.#line.call(saying),
      reboot: () => void this.reboot(),
    });
    const reply = await decide({ action, payload, manner }, { dialect: this.#dialect, works });
    this.#heard(action, payload);
    utter({ call, reply, manner }, { line: this.#line, clock: this.#options.clock, owe: (frame) => this.#owed.push(frame) });
  }

  #heard(action: string, payload: unknown): void {
    for (const listener of this.#listeners.filter((listener) => listener.action === action)) listener.hear(fieldsOf(payload));
    this.#listeners = this.#listeners.filter((listener) => listener.action !== action);
  }
}
