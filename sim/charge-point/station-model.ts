import type { Clock } from '../../src/domain/clock.ts';
import { phasesOf } from '../../src/domain/evse.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { amperes, epochSeconds, seconds, toSeconds, volts, watts } from '../../src/domain/units.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { isFull, type Offer, steadyFor } from '../battery.ts';
import type { Random } from '../random.ts';
import { type CompositeStep, compose, type Question } from './composite.ts';
import type { EndReason, Happening, Works } from './dialect.ts';
import { type Criteria, cleared, type InstalledProfile, install, type Refusal, refuse } from './profiles.ts';
import { type Badge, buildOutlet, feed, mostPower, type Outlet, type OutletPlan, settle, stateOf, type Transaction } from './simulated-evse.ts';
import type { Traits } from './traits.ts';

/** Looks at a charging car at least this often, whatever its profiles say. */
const LOOK_AHEAD = seconds(3600);

export interface PlantOptions {
  version: OcppVersion;
  clock: Clock;
  random: Random;
  plans: readonly OutletPlan[];
  sampleEvery: number;
  traits: () => Traits;
  namesTransactions: 'station' | 'node';
  tell: (happening: Happening) => void;
}

/** What a station is without its line to the node: outlets, cars, profiles, and what flows because of them. */
export class Plant {
  readonly outlets: readonly Outlet[];
  readonly #options: PlantOptions;
  #installed: InstalledProfile[] = [];

  constructor(options: PlantOptions) {
    this.#options = options;
    this.outlets = options.plans.map((plan) => buildOutlet(plan, options.clock));
  }

  installed(): readonly InstalledProfile[] {
    return this.#installed;
  }

  install(profile: InstalledProfile): Refusal | undefined {
    const { version, plans, traits } = this.#options;
    const transaction = (evseId: number) => this.find(evseId)?.transaction;
    const refusal = refuse(profile, { version, outlets: plans, transaction, installed: this.#installed, traits: traits() });
    if (!refusal) this.#installed = install(this.#installed, profile);
    return refusal;
  }

  clear(asked: Criteria): number {
    const gone = cleared(this.#installed, asked, this.#options.traits());
    this.#installed = this.#installed.filter((profile) => !gone.includes(profile));
    return gone.length;
  }

  /** Profiles that did not live through a restart. */
  forget(lost: (profile: InstalledProfile) => boolean): void {
    this.#installed = this.#installed.filter((profile) => !lost(profile));
  }

  /** A limit from beside the station, in amperes; evse 0 is the whole station. `undefined` takes it back. */
  limitLocally(evseId: number, limit: number | undefined): InstalledProfile | undefined {
    const before = this.#installed.find((profile) => profile.source === 'EMS' && profile.evseId === evseId);
    this.forget((profile) => profile === before);
    if (limit === undefined) return before;
    const start = toSeconds(this.#options.clock.now());
    const id = this.#options.version === '2.1' ? 1 + evseId : -1 - evseId; // a station's own ids: low ones in 2.1, negative ones before
    const schedule = { unit: 'A' as const, start, periods: [{ start: seconds(0), limit }] };
    const profile: InstalledProfile = { evseId, id, stackLevel: 0, purpose: 'external', kind: 'Absolute', source: 'EMS', schedule, wire: {} };
    this.#installed = [...this.#installed, profile];
    return profile;
  }

  find(evseId: number): Outlet | undefined {
    return this.outlets.find(({ plan }) => plan.evseId === evseId);
  }

  composite(evseId: number, duration: number, unit: RateUnit): readonly CompositeStep[] | undefined {
    const outlets = evseId === 0 ? this.outlets : this.outlets.filter(({ plan }) => plan.evseId === evseId);
    const [first] = outlets;
    if (!first || duration <= 0) return undefined;
    const now = toSeconds(this.#options.clock.now());
    const transaction = evseId === 0 ? undefined : first.transaction;
    const profiles = this.#installed.filter((profile) => profile.evseId === 0 || profile.evseId === evseId);
    const question: Question = {
      outlets: outlets.map(({ plan }) => plan),
      profiles: profiles.filter(({ purpose }) => (evseId === 0 ? purpose === 'max' || purpose === 'external' : purpose !== 'tx' || transaction !== undefined)),
      chargingStarted: transaction ? toSeconds(transaction.startedAt) : now,
      from: now,
      to: epochSeconds(now + duration),
    };
    return compose(question, unit);
  }

  begin(outlet: Outlet, wish: { badge: Badge; remoteStartId?: number; reservationId?: number }): Transaction {
    const { random, clock, namesTransactions } = this.#options;
    const id = namesTransactions === 'station' ? `${Math.floor(clock.now()).toString(36)}-${random.text(12)}` : undefined; // not one of an earlier day
    const transaction: Transaction = { ...wish, id, startedAt: clock.now(), state: 'EVConnected', seqNo: 0 };
    outlet.transaction = transaction;
    outlet.served = false;
    this.#options.tell({ kind: 'started', outlet, transaction });
    this.#sample(outlet, transaction);
    this.look(outlet);
    return transaction;
  }

  starter({ evseId, profile, ...wish }: Parameters<Works['starter']>[0]): (() => void) | undefined {
    const outlet = this.outlets.find(({ plan, car, transaction }) => car && !transaction && (evseId === undefined || plan.evseId === evseId));
    if (!outlet) return undefined;
    return () => {
      const { id } = this.begin(outlet, wish);
      if (profile) this.install({ ...profile, evseId: outlet.plan.evseId, ...(id !== undefined && { transactionId: id }) });
      this.look(outlet);
    };
  }

  stopper(transactionId: string): (() => void) | undefined {
    const outlet = this.outlets.find(({ transaction }) => transaction?.id === transactionId);
    return outlet && (() => this.end(outlet, 'Remote'));
  }

  end(outlet: Outlet, because: EndReason): void {
    const transaction = outlet.transaction;
    if (!transaction) return;
    settle(outlet, this.#options.clock.now());
    this.rest(outlet);
    outlet.transaction = undefined;
    outlet.served = because !== 'EVDisconnected';
    feed(outlet, this.#offer(outlet));
    this.#options.tell({ kind: 'ended', outlet, transaction, because });
    this.forget(({ purpose, evseId }) => purpose === 'tx' && evseId === outlet.plan.evseId);
  }

  /** Books what flowed, holds out what the profiles now leave, and tells when that changes what the transaction does. */
  look(outlet: Outlet): void {
    const now = this.#options.clock.now();
    settle(outlet, now);
    feed(outlet, this.#offer(outlet));
    const transaction = outlet.transaction;
    if (!transaction) return;
    const state = stateOf(outlet);
    if (state !== transaction.state) {
      transaction.state = state;
      this.#options.tell({ kind: 'state-changed', outlet, transaction });
    }
    if (outlet.car && isFull(outlet.car) && this.#options.traits().whenFull === 'stop') this.end(outlet, 'SOCLimitReached');
    else this.#lookAgain(outlet);
  }

  reconsider(): void {
    for (const outlet of this.outlets) this.look(outlet);
  }

  /** At the next edge of the composite, or when the battery's appetite will have changed. */
  #lookAgain(outlet: Outlet): void {
    const { clock } = this.#options;
    const [first] = this.composite(outlet.plan.evseId, LOOK_AHEAD, 'A') ?? [];
    const edge = (first?.to ?? 0) * 1000 - clock.now();
    const steady = outlet.car ? steadyFor(outlet.car, outlet.power) : undefined;
    const wait = Math.max(100, Math.min(edge, steady === undefined ? Infinity : steady * 1000));
    outlet.timers.look?.();
    outlet.timers.look = clock.after(wait, () => this.look(outlet));
  }

  #sample(outlet: Outlet, transaction: Transaction): void {
    outlet.timers.sample = this.#options.clock.after(this.#options.sampleEvery * 1000, () => {
      this.look(outlet);
      if (outlet.transaction !== transaction) return;
      this.#options.tell({ kind: 'sampled', outlet, transaction, because: 'clock' });
      this.#sample(outlet, transaction);
    });
  }

  /** Takes back what is still to come for an EVSE. */
  rest(outlet: Outlet): void {
    outlet.timers.look?.();
    outlet.timers.sample?.();
    outlet.timers = {};
  }

  #offer({ plan }: Outlet): Offer {
    const unit = plan.powerType === 'DC' ? 'W' : 'A';
    const [step] = this.composite(plan.evseId, 1, unit) ?? [];
    const limit = step?.limit ?? 0;
    if (unit === 'W') return { kind: 'DC', limit: watts(Math.min(limit, mostPower(plan))) };
    return { kind: 'AC', phases: phasesOf(plan.powerType), voltage: volts(plan.maxVoltage), limit: amperes(Math.min(limit, plan.maxAmperage)) };
  }
}

/** What a dialect may ask of a station: of its plant, and of the rest of it. */
export function worksOf(plant: Plant, rest: Pick<Works, 'clock' | 'version' | 'traits' | 'tell' | 'say' | 'reboot'>): Works {
  return {
    ...rest,
    outlets: plant.outlets,
    installed: () => plant.installed(),
    install: (profile) => plant.install(profile),
    clear: (asked) => plant.clear(asked),
    composite: (evseId, duration, unit) => plant.composite(evseId, duration, unit),
    reconsider: () => plant.reconsider(),
    starter: (wish) => plant.starter(wish),
    stopper: (transactionId) => plant.stopper(transactionId),
  };
}
