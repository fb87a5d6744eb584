import type { Clock } from '../../src/domain/clock.ts';
import { phasesOf } from '../../src/domain/evse.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, toSeconds, volts, watts } from '../../src/domain/units.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { constantPowerFor, isFull, type Offer } from '../battery.ts';
import type { Random } from '../random.ts';
import { type CompositeQuery, type CompositeStep, computeComposite } from './composite.ts';
import type { EndReason, LocalEvent, Reservation, StationControls } from './dialect.ts';
import { type Criteria, type InstalledProfile, install, profilesToClear, type Refusal, refuse } from './profiles.ts';
import {
  applyOffer,
  buildEvse,
  chargingStateOf,
  type EvsePlan,
  type IdToken,
  powerLimitOf,
  type SimulatedEvse,
  type Transaction,
  updateMeter,
} from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** A charging car is updated at least this often. */
const MAX_UPDATE_INTERVAL = seconds(3600);

/** What a station model is built from. */
export interface StationModelOptions {
  version: OcppVersion;
  clock: Clock;
  random: Random;
  plans: readonly EvsePlan[];
  /** Seconds between meter samples. */
  sampleEvery: number;
  traits: () => Traits;
  transactionIdsFrom: 'station' | 'node';
  onEvent: (event: LocalEvent) => void;
}

/** The charging side of a station, without its connection: EVSEs, cars, transactions, profiles, and the power that follows from them. */
export class StationModel {
  readonly evses: readonly SimulatedEvse[];
  readonly #options: StationModelOptions;
  #installed: InstalledProfile[] = [];
  readonly #reservations = new Map<number, Reservation>();
  localListVersion = 0;

  constructor(options: StationModelOptions) {
    this.#options = options;
    this.evses = options.plans.map((plan) => buildEvse(plan, options.clock));
  }

  installed(): readonly InstalledProfile[] {
    return this.#installed;
  }

  /** Installs a profile; returns the reason when it is refused. */
  install(profile: InstalledProfile): Refusal | undefined {
    const { version, plans, traits } = this.#options;
    const transaction = (evseId: number) => this.find(evseId)?.transaction;
    const refusal = refuse(profile, { version, evses: plans, transaction, installed: this.#installed, traits: traits() });
    if (!refusal) this.#installed = install(this.#installed, profile);
    return refusal;
  }

  /** Clears the matching profiles of the node; returns their number. */
  clear(criteria: Criteria): number {
    const cleared = profilesToClear(this.#installed, criteria, this.#options.traits());
    this.removeProfiles((profile) => cleared.includes(profile));
    return cleared.length;
  }

  /** Removes profiles without regard to their source. */
  removeProfiles(isRemoved: (profile: InstalledProfile) => boolean): void {
    this.#installed = this.#installed.filter((profile) => !isRemoved(profile));
  }

  /** Sets a limit from a local energy manager, in amperes; EVSE 0 is the whole station, undefined clears it. Returns the set or cleared profile. */
  setLocalLimit(evseId: number, limit: number | undefined): InstalledProfile | undefined {
    const before = this.#installed.find((profile) => profile.source === 'EMS' && profile.evseId === evseId);
    this.removeProfiles((profile) => profile === before);
    if (limit === undefined) return before;
    const start = toSeconds(this.#options.clock.now());
    // Ids that a station reserves for itself: low ones in OCPP 2.1, negative ones in earlier versions.
    const id = this.#options.version === '2.1' ? 1 + evseId : -1 - evseId;
    const schedule = { unit: 'A' as const, start, periods: [{ start: seconds(0), limit }] };
    const profile: InstalledProfile = { evseId, id, stackLevel: 0, purpose: 'external', kind: 'Absolute', source: 'EMS', schedule, wire: {} };
    this.#installed = [...this.#installed, profile];
    return profile;
  }

  find(evseId: number): SimulatedEvse | undefined {
    return this.evses.find(({ plan }) => plan.evseId === evseId);
  }

  /** The composite schedule from now on, for `duration` seconds; EVSE 0 is the whole station. Undefined for an unknown EVSE or no duration. */
  composite(evseId: number, duration: number, unit: RateUnit): readonly CompositeStep[] | undefined {
    const evses = evseId === 0 ? this.evses : this.evses.filter(({ plan }) => plan.evseId === evseId);
    const [first] = evses;
    if (!first || duration <= 0) return undefined;
    const now = toSeconds(this.#options.clock.now());
    const transaction = evseId === 0 ? undefined : first.transaction;
    const profiles = this.#installed.filter((profile) => profile.evseId === 0 || profile.evseId === evseId);
    const query: CompositeQuery = {
      evses: evses.map(({ plan }) => plan),
      profiles: profiles.filter(({ purpose }) => (evseId === 0 ? purpose === 'max' || purpose === 'external' : purpose !== 'tx' || transaction !== undefined)),
      chargingStarted: transaction ? toSeconds(transaction.startedAt) : now,
      from: now,
      to: epochSeconds(now + duration),
    };
    return computeComposite(query, unit);
  }

  startTransaction(evse: SimulatedEvse, start: { idToken: IdToken; remoteStartId?: number; reservationId?: number }): Transaction {
    const { random, clock, transactionIdsFrom } = this.#options;
    // The time makes the id differ from those of earlier runs with the same seed.
    const id = transactionIdsFrom === 'station' ? `${Math.floor(clock.now()).toString(36)}-${random.text(12)}` : undefined;
    const reservationId = start.reservationId ?? this.#useReservation(evse, start.idToken);
    const reserved = reservationId === undefined ? {} : { reservationId };
    const transaction: Transaction = { ...start, ...reserved, id, startedAt: clock.now(), state: evse.car ? 'EVConnected' : 'Idle', seqNo: 0 };
    evse.transaction = transaction;
    evse.isFinished = false;
    this.#options.onEvent({ kind: 'started', evse, transaction });
    this.#scheduleSample(evse, transaction);
    this.update(evse);
    return transaction;
  }

  /** See StationControls. */
  prepareStart({ evseId, profile, ...start }: Parameters<StationControls['prepareStart']>[0]): (() => void) | undefined {
    const evse = this.evses.find(({ plan, car, transaction }) => car && !transaction && (evseId === undefined || plan.evseId === evseId));
    if (!evse) return undefined;
    return () => {
      const { id } = this.startTransaction(evse, start);
      if (profile) this.install({ ...profile, evseId: evse.plan.evseId, ...(id !== undefined && { transactionId: id }) });
      this.update(evse);
    };
  }

  /** See StationControls. */
  prepareStop(transactionId: string): (() => void) | undefined {
    const evse = this.evses.find(({ transaction }) => transaction?.id === transactionId);
    return evse && (() => this.endTransaction(evse, 'Remote'));
  }

  /** See StationControls. */
  reserve(reservation: Reservation): boolean {
    const isFree = this.evses.some(({ plan, transaction }) => !transaction && (reservation.evseId === undefined || plan.evseId === reservation.evseId));
    if (isFree) this.#reservations.set(reservation.id, reservation);
    return isFree;
  }

  /** See StationControls. */
  cancelReservation(id: number): boolean {
    return this.#reservations.delete(id);
  }

  /** The id of the reservation that a start with this token uses up. */
  #useReservation({ plan }: SimulatedEvse, { uid }: IdToken): number | undefined {
    const used = [...this.#reservations.values()].find((it) => it.uid === uid && (it.evseId === undefined || it.evseId === plan.evseId));
    if (used) this.#reservations.delete(used.id);
    return used?.id;
  }

  /** Ends the transaction of an EVSE, if there is one, and removes its TxProfiles. */
  endTransaction(evse: SimulatedEvse, because: EndReason): void {
    const transaction = evse.transaction;
    if (!transaction) return;
    updateMeter(evse, this.#options.clock.now());
    this.cancelTimers(evse);
    evse.transaction = undefined;
    evse.isFinished = because !== 'EVDisconnected';
    applyOffer(evse, this.#offer(evse));
    this.#options.onEvent({ kind: 'ended', evse, transaction, because });
    this.removeProfiles(({ purpose, evseId }) => purpose === 'tx' && evseId === evse.plan.evseId);
  }

  /** Updates the meter, the offer and the power of an EVSE, and reports a new charging state. */
  update(evse: SimulatedEvse): void {
    updateMeter(evse, this.#options.clock.now());
    applyOffer(evse, this.#offer(evse), this.#options.traits().drawsAbove);
    const transaction = evse.transaction;
    if (!transaction) return;
    const state = chargingStateOf(evse);
    if (state !== transaction.state) {
      transaction.state = state;
      this.#options.onEvent({ kind: 'state-changed', evse, transaction });
    }
    if (evse.car && isFull(evse.car) && this.#options.traits().whenFull === 'stop') this.endTransaction(evse, 'SOCLimitReached');
    else this.#scheduleUpdate(evse);
  }

  updateAll(): void {
    for (const evse of this.evses) this.update(evse);
  }

  /** Schedules the next update: at the next step of the composite schedule, or when the battery takes less power. */
  #scheduleUpdate(evse: SimulatedEvse): void {
    const { clock } = this.#options;
    const [first] = this.composite(evse.plan.evseId, MAX_UPDATE_INTERVAL, 'A') ?? [];
    const untilStep = (first?.to ?? 0) * 1000 - clock.now();
    const constant = evse.car ? constantPowerFor(evse.car, evse.power) : undefined;
    const wait = Math.max(100, Math.min(untilStep, constant === undefined ? Infinity : constant * 1000));
    evse.timers.update?.();
    evse.timers.update = clock.after(wait, () => this.update(evse));
  }

  #scheduleSample(evse: SimulatedEvse, transaction: Transaction): void {
    evse.timers.sample = this.#options.clock.after(this.#options.sampleEvery * 1000, () => {
      this.update(evse);
      if (evse.transaction !== transaction) return;
      this.#options.onEvent({ kind: 'sampled', evse, transaction, because: 'clock' });
      this.#scheduleSample(evse, transaction);
    });
  }

  cancelTimers(evse: SimulatedEvse): void {
    evse.timers.update?.();
    evse.timers.sample?.();
    evse.timers = {};
  }

  #offer({ plan }: SimulatedEvse): Offer {
    const unit = plan.powerType === 'DC' ? 'W' : 'A';
    const [step] = this.composite(plan.evseId, 1, unit) ?? [];
    const limit = step?.limit ?? 0;
    if (unit === 'W') return { kind: 'DC', limit: watts(Math.min(limit, powerLimitOf(plan))) };
    return { kind: 'AC', phases: phasesOf(plan.powerType), voltage: volts(plan.maxVoltage), limit: amperes(Math.min(limit, plan.maxAmperage)) };
  }
}

/** Combines a station model with the rest of the station into what a dialect may use. */
export function controlsOf(model: StationModel, rest: Pick<StationControls, 'clock' | 'version' | 'traits' | 'emit' | 'send' | 'reboot'>): StationControls {
  return {
    ...rest,
    evses: model.evses,
    installed: () => model.installed(),
    install: (profile) => model.install(profile),
    clear: (criteria) => model.clear(criteria),
    composite: (evseId, duration, unit) => model.composite(evseId, duration, unit),
    updateAll: () => model.updateAll(),
    prepareStart: (start) => model.prepareStart(start),
    prepareStop: (transactionId) => model.prepareStop(transactionId),
    reserve: (reservation) => model.reserve(reservation),
    cancelReservation: (id) => model.cancelReservation(id),
    localListVersion: () => model.localListVersion,
    setLocalListVersion: (version) => {
      model.localListVersion = version;
    },
  };
}
