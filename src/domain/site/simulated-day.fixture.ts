import type { PowerType } from '../evse.ts';
import { constant, limitAt, type Schedule, scheduleOf } from '../profile/schedule.ts';
import { type Amperes, amperes, type EpochSeconds, epochSeconds, seconds } from '../units.ts';
import { applyEvents, initialSiteState, type SiteState } from './balance.ts';
import { type Capacity, type Ceiling, lowerOf } from './ceiling.ts';
import type { Order, SiteEvent } from './event.ts';
import { CELLS, type LimitTree, WATTS_CELL } from './limit-tree.ts';
import { evseAt, type Rule } from './share.ts';
import { evseOf, roomsAt, treeOf } from './site.fixture.ts';

/** A generator of numbers from 0 to 1 that a seed makes again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KINDS: readonly PowerType[] = ['AC_3_PHASE', 'AC_3_PHASE', 'AC_1_PHASE', 'AC_3_PHASE', 'AC_2_PHASE'];

/** 200 EVSEs under one connection that carries less from five to eight in the evening. */
function carPark(): LimitTree {
  const evses = Array.from({ length: 200 }, (_, n) => evseOf(`E${n}`, KINDS[n % KINDS.length]));
  const rotations = ['RST', 'STR', 'TRS'] as const;
  const group = (p: number, g: number) => ({
    name: `group ${p}.${g}`,
    limit: { a: 130 },
    evses: Array.from({ length: 10 }, (_, n) => ({ uid: `E${(p * 5 + g) * 10 + n}`, rotation: rotations[(n + g) % 3] ?? 'RST' })),
  });
  const children = Array.from({ length: 4 }, (_, p) => ({
    name: `panel ${p}`,
    limit: { a: 450 },
    children: Array.from({ length: 5 }, (__, g) => group(p, g)),
  }));
  const schedule = [
    { from: '00:00', a: 1600 },
    { from: '17:00', a: 700 },
    { from: '20:00', a: 1600 },
  ];
  return treeOf({ name: 'grid', limit: { a: 1600, w: 1_000_000 }, schedule, children }, evses);
}

/** A car as it stands at an EVSE: what it can draw, and the profile that its driver's provider has set. */
interface Car {
  most: number;
  profile: Schedule<Amperes>;
}

/** What a day came to; all of it as measured second by second, apart from the balance. */
export interface DayReport {
  /** A limit, seen at a node and phase, that was exceeded outside the time that a sudden cut is given. */
  exceeded: string[];
  /** Orders above the profile of the session at that moment. */
  aboveProfile: string[];
  /** Ampere-seconds over all phases that were drawn, and that the limits would have let through. */
  drawn: number;
  possible: number;
  orders: number;
  sessions: number;
  lost: number;
  /** Seconds that were excused after a cut while a limit was exceeded. */
  excused: number;
}

/** s; after a sudden cut: 30 until a station counts as silent, then one round of answers, and the time a car takes to follow. */
const TIME_FOR_A_CUT = 45;
const SILENT_AFTER = 30;
/** s */
const TICK = 5;

/** A day of a car park with what can go wrong in it: lost and refused orders, stations that fall silent, cuts without notice. */
export class Day {
  readonly report: DayReport = { exceeded: [], aboveProfile: [], drawn: 0, possible: 0, orders: 0, sessions: 0, lost: 0, excused: 0 };
  readonly #tree = carPark();
  readonly #random: () => number;
  readonly #begin: EpochSeconds;
  readonly #due = new Map<number, (() => void)[]>();
  readonly #cars: (Car | undefined)[];
  readonly #obeys: number[];
  readonly #draws: number[];
  readonly #offline: boolean[];
  /** When the last order reaches it. */
  readonly #reached: number[];
  readonly #flows: Float64Array;
  readonly #imposed = new Map<string, Ceiling>();
  #events: SiteEvent[] = [];
  #state: SiteState;
  #rooms: readonly Capacity[] = [];
  #moved = true;
  #possible = 0;
  #excusedUntil = 0;
  #at = 0;

  constructor(seed: number, rule: Rule) {
    this.#random = seeded(seed);
    this.#begin = epochSeconds(1_750_032_000 - (1_750_032_000 % 86_400));
    this.#state = initialSiteState(this.#tree, { rule });
    const { length } = this.#tree.evses;
    this.#cars = Array.from({ length });
    this.#obeys = this.#tree.evses.map(({ maximum }) => maximum);
    this.#draws = Array.from({ length }, () => 0);
    this.#reached = Array.from({ length }, () => 0);
    this.#offline = Array.from({ length }, () => false);
    this.#flows = new Float64Array(this.#tree.nodes.length * CELLS);
    for (let n = 0; n < length; n++) this.#arrive(n, 120 + this.#random() * 7200);
    for (let cut = 0; cut < 6; cut++) this.#cutAt(3600 + this.#random() * 75_000, cut);
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
    const { state, orders } = applyEvents(this.#state, this.#at % TICK === 0 ? [...this.#events, { kind: 'tick' }] : this.#events, this.#now());
    this.#state = state;
    this.#events = [];
    for (const order of orders) this.#send(order);
    if (this.#at % 60 === 0 || this.#moved) this.#measureLimits();
    this.#moved = false;
    this.#look();
  }

  #arrive(n: number, delay: number): void {
    this.#after(delay, () => {
      const evse = evseAt(this.#tree, n);
      this.#cars[n] = { most: this.#random() < 0.1 ? 10 : evse.maximum, profile: constant(evse.maximum) };
      this.report.sessions += 1;
      this.#moved = true;
      this.#tell(n, { kind: 'plugged-in', evse: evse.uid, weight: 1 + Math.floor(this.#random() * 3) });
      const stay = 3600 + this.#random() * 18_000;
      if (this.#random() < 0.3) this.#after(this.#random() * 3000, () => this.#setProfile(n));
      this.#follow(n);
      this.#readMeter(n, this.#at + stay);
      this.#after(stay, () => {
        this.#cars[n] = undefined;
        this.#moved = true;
        this.#tell(n, { kind: 'plugged-out', evse: evse.uid });
        this.#follow(n);
        this.#arrive(n, 300 + this.#random() * 7200);
      });
    });
  }

  /** The station has taken it, and keeps it by itself too. */
  #setProfile(n: number): void {
    const car = this.#cars[n];
    if (!car || this.#offline[n]) return;
    const periods = [0, 1800, 3600].map((start) => ({ start: seconds(start), limit: amperes(8 + Math.floor(this.#random() * 25)) }));
    const profile = { unit: 'A' as const, start: this.#now(), duration: seconds(7200), periods };
    car.profile = scheduleOf(profile, this.#now());
    this.#moved = true;
    this.#tell(n, { kind: 'profile-changed', evse: evseAt(this.#tree, n).uid, profile, chargingStarted: this.#now() });
    for (const { start } of [...periods, { start: 7200 }]) this.#after(start, () => this.#keepProfile(n));
    this.#follow(n);
  }
  #keepProfile(n: number): void {
    this.#moved = true;
    this.#follow(n);
  }

  #readMeter(n: number, until: number): void {
    this.#after(55 + this.#random() * 10, () => {
      if (!this.#cars[n] || this.#at >= until) return;
      this.#tell(n, { kind: 'meter', evse: evseAt(this.#tree, n).uid, current: amperes(this.#draws[n] ?? 0) });
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
    if (limit) this.#excusedUntil = this.#at + TIME_FOR_A_CUT;
    this.#moved = true;
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

  /** What a station without a connection has to say is lost, but for cars that came and went. */
  #tell(n: number, event: SiteEvent): void {
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
    const reached = Math.max(this.#reached[n] ?? 0, this.#at + Math.round(1 + this.#random() * 3)); // orders do not overtake each other
    this.#reached[n] = reached;
    this.#after(reached - this.#at, () => {
      if (fate < 0.004) return this.#tell(n, { kind: 'refused', evse: order.evse, order: order.id });
      this.#obeys[n] = order.current;
      this.#after(1 + this.#random() * 2, () => this.#follow(n));
      if (fate < 0.006) silent();
      else this.#tell(n, { kind: 'confirmed', evse: order.evse, order: order.id });
    });
  }

  /** The car draws what it may from now on. */
  #follow(n: number): void {
    const car = this.#cars[n];
    const draws = car ? Math.min(car.most, this.#obeys[n] ?? 0, limitAt(car.profile, this.#now()) ?? Infinity) : 0;
    const more = draws - (this.#draws[n] ?? 0);
    this.#draws[n] = draws;
    for (const { cell, per } of evseAt(this.#tree, n).loads) this.#flows[cell] = (this.#flows[cell] ?? 0) + more * 10 * per;
  }

  #measureLimits(): void {
    this.#rooms = roomsAt(this.#tree, this.#now()).map((room, n) => lowerOf(room, this.#imposed.get(this.#tree.nodes[n]?.name ?? '') ?? {}));
    this.#possible = possible(this.#tree, this.#rooms, (n) => {
      const car = this.#cars[n];
      return car ? Math.min(car.most, limitAt(car.profile, this.#now()) ?? Infinity) : 0;
    });
  }

  #look(): void {
    this.report.possible += this.#possible;
    let over = false;
    for (const [n, { a, w }] of this.#rooms.entries()) {
      for (let cell = 0; cell < CELLS; cell++) {
        const flow = this.#flows[n * CELLS + cell] ?? 0;
        if (n === 0 && cell < WATTS_CELL) this.report.drawn += flow / 10;
        if (flow <= (cell === WATTS_CELL ? w : a * 10) + 1e-3) continue;
        over = true;
        if (this.#at >= this.#excusedUntil) this.report.exceeded.push(`${this.#at} s: ${this.#tree.nodes[n]?.path} ${'RSTW'[cell]}: ${flow}`);
      }
    }
    if (over) this.report.excused += 1;
  }
}

/**
 * More than which no rule can give, in A over all phases: from the leaves up, on each phase for itself as if phases were not
 * tied to one another, no node lets more through than its limit, and no car draws more than it can.
 */
function possible(tree: LimitTree, rooms: readonly Capacity[], most: (evse: number) => number): number {
  const sums = new Float64Array(tree.nodes.length * 3);
  for (const [n, { node, loads }] of tree.evses.entries()) {
    for (const { cell } of loads) {
      const phase = cell % CELLS;
      if (phase !== WATTS_CELL && Math.floor(cell / CELLS) === node) sums[node * 3 + phase] = (sums[node * 3 + phase] ?? 0) + most(n);
    }
  }
  for (let n = tree.nodes.length - 1; n >= 0; n--) {
    const parent = tree.nodes[n]?.parent ?? -1;
    for (let phase = 0; phase < 3; phase++) {
      const through = Math.min(sums[n * 3 + phase] ?? 0, rooms[n]?.a ?? Infinity);
      sums[n * 3 + phase] = through;
      if (parent >= 0) sums[parent * 3 + phase] = (sums[parent * 3 + phase] ?? 0) + through;
    }
  }
  return Math.min((sums[0] ?? 0) + (sums[1] ?? 0) + (sums[2] ?? 0), (rooms[0]?.w ?? Infinity) / 230);
}
