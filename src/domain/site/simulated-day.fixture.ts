import { constant, limitAt, type Schedule, scheduleOf } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds, seconds } from '../units.ts';
import { applyEvents, initialSiteState, type SiteState } from './balance.ts';
import { type Capacity, type Ceiling, lowerOf } from './ceiling.ts';
import type { Order, SiteEvent } from './event.ts';
import { type HeldLimit, heldFrom } from './held-limit.ts';
import { CELLS, type LimitTree, WATTS_CELL } from './limit-tree.ts';
import { evseAt, type Rule } from './share.ts';
import { type Building, carPark, possible, seeded } from './simulated-car-park.fixture.ts';
import { capacitiesAt } from './site.fixture.ts';

/** A connected car: its maximum current and the profile of its session. */
interface Car {
  most: number;
  profile: Schedule<Amperes>;
  /** The event by which the node learnt the profile. */
  told?: SiteEvent;
}

/** The results of a day, measured every second independently of the balance. */
export interface DayReport {
  /** The limits exceeded outside the tolerated time after a sudden reduction, by node and phase. */
  exceeded: string[];
  /** The orders above the profile of the session at that moment. */
  aboveProfile: string[];
  /** Ampere-seconds over all phases: drawn, and possible within the limits. */
  drawn: number;
  possible: number;
  orders: number;
  sessions: number;
  lost: number;
  /** Seconds with an exceeded limit. */
  tolerated: number;
  /** Ampere-seconds over all phases that the cars drew while the node was away. */
  drawnAlone: number;
}

/** A time without the node. `forgets`: it was killed, and starts with what its store has; else it could reach nobody. */
export interface Absence {
  /** s of the day */
  from: number;
  forgets: boolean;
}
/** s: how long the node is away. */
const AWAY = 600;
/** What differs from a plain day. */
export interface Special {
  /** s of the day at which it begins. */
  from?: number;
  building?: Building;
  absences?: readonly Absence[];
  /** Sudden reductions of limits; 6 when absent. */
  cuts?: number;
}

/** s, tolerated after a sudden reduction: 30 until a station counts as silent, then one round of answers and the time of a car to follow. */
const TOLERATED_AFTER_CUT = 45;
const SILENT_AFTER = 30;
/** s */
const TICK = 5;

/** A simulated day of a car park with faults: lost and refused orders, silent stations, sudden reductions of limits. The stations follow the profiles that they hold, each by its own clock. */
export class Day {
  readonly report: DayReport = { exceeded: [], aboveProfile: [], drawn: 0, possible: 0, orders: 0, sessions: 0, lost: 0, tolerated: 0, drawnAlone: 0 };
  readonly #tree: LimitTree;
  readonly #rule: Rule;
  readonly #special: Special;
  readonly #random: () => number;
  readonly #begin: EpochSeconds;
  readonly #due = new Map<number, (() => void)[]>();
  readonly #cars: (Car | undefined)[];
  readonly #held: HeldLimit[];
  /** s: how far the clock of each station is behind; negative: ahead. */
  readonly #behind: number[];
  readonly #currents: number[];
  readonly #offline: boolean[];
  /** The second at which the last order arrives. */
  readonly #reached: number[];
  readonly #flows: Float64Array;
  readonly #imposed = new Map<string, Ceiling>();
  #events: SiteEvent[] = [];
  #state: SiteState;
  #capacities: readonly Capacity[] = [];
  #changed = true;
  #possible = 0;
  #toleratedUntil = 0;
  #at = 0;

  constructor(seed: number, rule: Rule, special: Special = {}) {
    this.#random = seeded(seed);
    this.#special = special;
    this.#rule = rule;
    this.#tree = carPark(special.building?.meter);
    this.#begin = epochSeconds(1_750_032_000 - (1_750_032_000 % 86_400) + (special.from ?? 0));
    this.#state = initialSiteState(this.#tree, { rule });
    const { length } = this.#tree.evses;
    this.#cars = Array.from({ length });
    this.#held = this.#tree.evses.map(({ maximum }) => ({ current: maximum, later: [] }));
    this.#behind = this.#tree.evses.map((_, n) => ((n * 7) % 41) - 20);
    this.#currents = Array.from({ length }, () => 0);
    this.#reached = Array.from({ length }, () => 0);
    this.#offline = Array.from({ length }, () => false);
    this.#flows = new Float64Array(this.#tree.nodes.length * CELLS);
    for (let n = 0; n < length; n++) this.#plugIn(n, 120 + this.#random() * 7200);
    for (let cut = 0; cut < (special.cuts ?? 6); cut++) this.#cutAt(3600 + this.#random() * 75_000, cut);
    for (let fault = 0; fault < 60; fault++) this.#fallSilentAt(600 + this.#random() * 85_000);
  }

  run(length = 86_400): DayReport {
    for (this.#at = 0; this.#at < length; this.#at++) this.#second();
    return this.report;
  }

  #now = () => epochSeconds(this.#begin + this.#at);
  #after(delay: number, then: () => void): void {
    const at = this.#at + Math.max(1, Math.round(delay));
    const others = this.#due.get(at);
    if (others) others.push(then);
    else this.#due.set(at, [then]);
  }

  #second(): void {
    for (const then of this.#due.get(this.#at) ?? []) then();
    this.#due.delete(this.#at);
    if (!this.#isAway()) this.#balance();
    this.#events = [];
    if (this.#at % 60 === 0 || this.#changed) this.#measureLimits();
    this.#changed = false;
    this.#measureFlows();
  }

  /** Seconds of the day. */
  #secondOfDay = () => this.#at + (this.#special.from ?? 0);
  #isAway = () => this.#special.absences?.some(({ from }) => from <= this.#secondOfDay() && this.#secondOfDay() < from + AWAY) ?? false;

  #balance(): void {
    const returned = this.#special.absences?.find(({ from }) => from + AWAY === this.#secondOfDay());
    if (returned) this.#recover(returned);
    const { building } = this.#special;
    const second = this.#secondOfDay();
    if (building && second % building.every === 0 && !building.isSilent(second))
      this.#events.push({ kind: 'building', node: 'grid', a: building.load(second), at: this.#now() });
    const { state, orders } = applyEvents(this.#state, this.#at % TICK === 0 ? [...this.#events, { kind: 'tick' }] : this.#events, this.#now());
    this.#state = state;
    for (const order of orders) this.#send(order);
  }

  /** The node finds the cars that are there; one that was killed knows no confirmed limit. Every station connects again. */
  #recover({ forgets }: Absence): void {
    if (forgets) this.#state = initialSiteState(this.#tree, { rule: this.#rule, firstOrder: this.#state.nextOrder });
    for (const [n, { uid: evse }] of this.#tree.evses.entries()) {
      if (!this.#offline[n] && !forgets) this.#events.push({ kind: 'silent', evse, what: 'station' }, { kind: 'responded', evse });
      const car = this.#cars[n];
      this.#events.push({ kind: 'plugged-out', evse }, ...(car ? [{ kind: 'plugged-in', evse } as const] : []), ...(car?.told ? [car.told] : []));
    }
  }

  #plugIn(n: number, delay: number): void {
    this.#after(delay, () => {
      const evse = evseAt(this.#tree, n);
      this.#cars[n] = { most: this.#random() < 0.1 ? 10 : evse.maximum, profile: constant(evse.maximum) };
      this.report.sessions += 1;
      this.#changed = true;
      this.#emit(n, { kind: 'plugged-in', evse: evse.uid, weight: 1 + Math.floor(this.#random() * 3) });
      const stay = 3600 + this.#random() * 18_000;
      if (this.#random() < 0.3) this.#after(this.#random() * 3000, () => this.#setProfile(n));
      this.#applyLimit(n);
      this.#readMeter(n, this.#at + stay);
      this.#after(stay, () => {
        this.#cars[n] = undefined;
        this.#changed = true;
        this.#emit(n, { kind: 'plugged-out', evse: evse.uid });
        this.#applyLimit(n);
        this.#plugIn(n, 300 + this.#random() * 7200);
      });
    });
  }

  /** The station accepts a profile and applies it by itself too. */
  #setProfile(n: number): void {
    const car = this.#cars[n];
    if (!car || this.#offline[n] || this.#isAway()) return;
    const periods = [0, 1800, 3600].map((start) => ({ start: seconds(start), limit: amperes(8 + Math.floor(this.#random() * 25)) }));
    const profile = { unit: 'A' as const, start: this.#now(), duration: seconds(7200), periods };
    car.profile = scheduleOf(profile, this.#now());
    this.#changed = true;
    car.told = { kind: 'profile-changed', evse: evseAt(this.#tree, n).uid, profile, chargingStarted: this.#now() };
    this.#emit(n, car.told);
    for (const { start } of [...periods, { start: 7200 }]) this.#after(start, () => this.#profileStepped(n));
    this.#applyLimit(n);
  }
  #profileStepped(n: number): void {
    this.#changed = true;
    this.#applyLimit(n);
  }

  #readMeter(n: number, until: number): void {
    this.#after(55 + this.#random() * 10, () => {
      if (!this.#cars[n] || this.#at >= until) return;
      this.#emit(n, { kind: 'meter', evse: evseAt(this.#tree, n).uid, current: amperes(this.#currents[n] ?? 0) });
      this.#readMeter(n, until);
    });
  }

  #cutAt(at: number, n: number): void {
    const { name, ceiling } = this.#tree.nodes[n % 2 === 0 ? 0 : 1 + n] ?? { name: 'grid', ceiling: { fixed: {} } };
    const limit = { a: amperes(Math.floor((ceiling.fixed.a ?? 0) * (0.3 + this.#random() * 0.4))) };
    this.#after(at, () => this.#impose(name, limit));
    this.#after(at + 1800, () => this.#impose(name, undefined));
  }
  #impose(node: string, limit: Ceiling | undefined): void {
    if (limit) this.#imposed.set(node, limit);
    else this.#imposed.delete(node);
    if (limit) this.#toleratedUntil = this.#at + TOLERATED_AFTER_CUT;
    this.#changed = true;
    this.#events.push({ kind: 'limit-changed', node, ...(limit && { limit }) });
  }

  #fallSilentAt(at: number): void {
    const n = Math.floor(this.#random() * this.#tree.evses.length);
    this.#after(at, () => {
      this.#offline[n] = true;
      this.#events.push({ kind: 'silent', evse: evseAt(this.#tree, n).uid, what: 'station' });
    });
    this.#after(at + 300 + this.#random() * 900, () => {
      this.#offline[n] = false;
    });
  }

  /** Events of an offline station are lost, except connecting and disconnecting a car. */
  #emit(n: number, event: SiteEvent): void {
    if (!this.#offline[n] || event.kind === 'plugged-in' || event.kind === 'plugged-out') this.#events.push(event);
  }

  #send(order: Order): void {
    this.report.orders += 1;
    const n = Number(order.evse.slice(1));
    const profile = limitAt(this.#cars[n]?.profile ?? [], this.#now());
    if (profile !== undefined && order.current > profile) this.report.aboveProfile.push(`${order.evse}: ${order.current} A above ${profile} A`);
    const fate = this.#offline[n] ? 0 : this.#random();
    const silent = () => this.#after(SILENT_AFTER, () => this.#events.push({ kind: 'silent', evse: order.evse, what: 'station' }));
    if (fate < 0.002) {
      this.report.lost += 1;
      return void silent();
    }
    const reached = Math.max(this.#reached[n] ?? 0, this.#at + Math.round(1 + this.#random() * 3)); // orders arrive in sequence
    this.#reached[n] = reached;
    this.#after(reached - this.#at, () => {
      if (fate < 0.004) return this.#emit(n, { kind: 'refused', evse: order.evse, order: order.id });
      this.#held[n] = order;
      for (const { from } of order.later) this.#after(from - this.#now() + (this.#behind[n] ?? 0) + 1 + this.#random() * 2, () => this.#applyLimit(n));
      this.#after(1 + this.#random() * 2, () => this.#applyLimit(n));
      if (fate < 0.006) silent();
      else this.#emit(n, { kind: 'confirmed', evse: order.evse, order: order.id });
    });
  }

  /** The car draws the allowed current from now on. */
  #applyLimit(n: number): void {
    const car = this.#cars[n];
    const held = this.#held[n];
    const limit = held ? heldFrom(held, epochSeconds(this.#now() - (this.#behind[n] ?? 0))).current : 0;
    const draws = car ? Math.min(car.most, limit, limitAt(car.profile, this.#now()) ?? Infinity) : 0;
    const more = draws - (this.#currents[n] ?? 0);
    this.#currents[n] = draws;
    for (const { cell, per } of evseAt(this.#tree, n).loads) this.#flows[cell] = (this.#flows[cell] ?? 0) + more * 10 * per;
  }

  #measureLimits(): void {
    this.#capacities = capacitiesAt(this.#tree, this.#now()).map((capacity, n) => lowerOf(capacity, this.#imposed.get(this.#tree.nodes[n]?.name ?? '') ?? {}));
    this.#possible = possible(this.#tree, this.#capacities, (n) => {
      const car = this.#cars[n];
      return car ? Math.min(car.most, limitAt(car.profile, this.#now()) ?? Infinity) : 0;
    });
  }

  #measureFlows(): void {
    this.report.possible += this.#possible;
    const building = this.#special.building?.load(this.#secondOfDay()) ?? [0, 0, 0];
    let over = false;
    for (const [n, { a, w }] of this.#capacities.entries()) {
      for (let cell = 0; cell < CELLS; cell++) {
        const flow = this.#flows[n * CELLS + cell] ?? 0;
        if (n === 0 && cell < WATTS_CELL) this.report.drawn += flow / 10;
        if (n === 0 && cell < WATTS_CELL && this.#isAway()) this.report.drawnAlone += flow / 10;
        const other = n > 0 ? 0 : cell === WATTS_CELL ? building.reduce((sum, it) => sum + it * 230, 0) : (building[cell] ?? 0) * 10;
        if (flow + other <= (cell === WATTS_CELL ? w : a * 10) + 1e-3) continue;
        over = true;
        if (this.#at >= this.#toleratedUntil) this.report.exceeded.push(`${this.#at} s: ${this.#tree.nodes[n]?.path} ${'RSTW'[cell]}: ${flow + other}`);
      }
    }
    if (over) this.report.tolerated += 1;
  }
}
