import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amperes, amperes, epochSeconds, seconds, watts } from '../units.ts';
import { applyEvent, initialSiteState, type SiteState } from './balance.ts';
import { type Ceiling, lowerOf } from './ceiling.ts';
import type { Order, SiteEvent } from './event.ts';
import type { LimitTree } from './limit-tree.ts';
import { fullCapacity, subtractCurrent } from './remaining-capacity.ts';
import { evseAt, type Rule } from './share.ts';
import { capacitiesAt, NOON, streetOf } from './site.fixture.ts';

/** One event at a site; `pick` selects an EVSE, order, answer or node among those that exist at that moment. */
type Op =
  | { op: 'plug' | 'unplug' | 'accept' | 'refuse' | 'lose-order' | 'answer' | 'lose-answer' | 'repeat-answer' | 'silent' | 'quiet-meter'; pick: number }
  | { op: 'meter' | 'profile'; pick: number; amount: number }
  | { op: 'cut'; pick: number; amount: number; unit: 'a' | 'w' }
  | { op: 'lift'; pick: number }
  | { op: 'wait'; amount: number };

const pick = fc.nat(999);
const weighted = <T extends Op['op']>(weight: number, ...names: T[]) => ({ weight, arbitrary: fc.record({ op: fc.constantFrom(...names), pick }) });
const ops = fc.array(
  fc.oneof(
    weighted(5, 'plug'),
    weighted(2, 'unplug'),
    weighted(24, 'accept'),
    weighted(24, 'answer'),
    weighted(2, 'refuse', 'lose-order', 'lose-answer'),
    weighted(1, 'repeat-answer', 'silent', 'quiet-meter'),
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('meter' as const, 'profile' as const), pick, amount: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('cut' as const), pick, amount: fc.nat(100), unit: fc.constantFrom('a' as const, 'w' as const) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('lift' as const), pick }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('wait' as const), amount: fc.constantFrom(0, 1, 6, 11, 61, 601) }) },
  ),
  { minLength: 30, maxLength: 160 },
);

/** A simulated station, independent of the balance: the limit that it applies, the orders on the way to it and the answers on the way from it. */
interface Station {
  plugged: boolean;
  limit: number;
  orders: Order[];
  answers: { order: Order; kind: 'confirmed' | 'refused' }[];
  /** For the law: the last confirmed limit and the orders without an answer. */
  confirmed: number | undefined;
  open: Order[];
}

class World {
  state: SiteState;
  now = epochSeconds(NOON);
  readonly tree: LimitTree;
  readonly stations: Station[];
  readonly imposed = new Map<string, Ceiling>();
  readonly delivered: { order: Order; kind: 'confirmed' | 'refused'; evse: number }[] = [];
  #over: ReadonlySet<number> = new Set();

  constructor(tree: LimitTree, rule: Rule) {
    this.tree = tree;
    this.state = initialSiteState(tree, { rule });
    this.stations = tree.evses.map(({ maximum }) => ({ plugged: false, limit: maximum, orders: [], answers: [], confirmed: undefined, open: [] }));
    this.#apply({ kind: 'tick' });
  }

  run(it: Op): unknown {
    switch (it.op) {
      case 'wait':
        this.now = epochSeconds(this.now + it.amount);
        return this.#apply({ kind: 'tick' });
      case 'plug':
      case 'unplug':
        return this.#plug(it.pick % this.stations.length, it.op === 'plug');
      case 'accept':
      case 'refuse':
      case 'lose-order':
        return this.#reach(it.pick, it.op);
      case 'answer':
      case 'lose-answer':
        return this.#answer(it.pick, it.op === 'answer');
      case 'repeat-answer': {
        const earlier = this.delivered[it.pick % Math.max(1, this.delivered.length)];
        return earlier ? this.#apply({ kind: earlier.kind, evse: this.#uid(earlier.evse), order: earlier.order.id }) : undefined;
      }
      case 'silent':
      case 'quiet-meter':
        return this.#apply({ kind: 'silent', evse: this.#uid(it.pick % this.stations.length), what: it.op === 'silent' ? 'station' : 'meter' });
      case 'meter':
        return this.#apply({ kind: 'meter', evse: this.#uid(it.pick % this.stations.length), current: amperes(it.amount) });
      case 'profile': {
        const profile = { unit: 'W' as const, duration: seconds(300), periods: [{ start: seconds(0), limit: watts(it.amount * 690) }] };
        return this.#apply({ kind: 'profile-changed', evse: this.#uid(it.pick % this.stations.length), profile, chargingStarted: this.now });
      }
      case 'cut':
      case 'lift': {
        const node = this.tree.nodes[it.pick % this.tree.nodes.length]?.name ?? '';
        const limit = it.op === 'lift' ? undefined : it.unit === 'a' ? { a: amperes(it.amount) } : { w: watts(it.amount * 500) };
        if (limit) this.imposed.set(node, limit);
        else this.imposed.delete(node);
        return this.#apply({ kind: 'limit-changed', node, ...(limit && { limit }) });
      }
    }
  }

  #uid = (n: number) => evseAt(this.tree, n).uid;

  #plug(n: number, plugged: boolean): void {
    const station = this.stations[n];
    if (!station) return;
    station.plugged = plugged;
    this.#apply({ kind: plugged ? 'plugged-in' : 'plugged-out', evse: this.#uid(n) });
  }

  #reach(choice: number, what: 'accept' | 'refuse' | 'lose-order'): void {
    const busy = this.stations.filter(({ orders }) => orders.length > 0);
    const station = busy[choice % Math.max(1, busy.length)];
    const order = station?.orders.shift();
    if (!station || !order || what === 'lose-order') return;
    if (what === 'accept') station.limit = order.current;
    station.answers.push({ order, kind: what === 'accept' ? 'confirmed' : 'refused' });
  }

  /** Answers arrive in any order. */
  #answer(choice: number, arrives: boolean): void {
    const owing = [...this.stations.keys()].filter((n) => (this.stations[n]?.answers.length ?? 0) > 0);
    const n = owing[choice % Math.max(1, owing.length)] ?? 0;
    const station = this.stations[n];
    const [answer] = station?.answers.splice(choice % Math.max(1, station.answers.length), 1) ?? [];
    if (!station || !answer || !arrives) return;
    const { kind, order } = answer;
    if (kind === 'refused') station.open = station.open.filter(({ id }) => id !== order.id);
    else if (station.open.some(({ id }) => id === order.id))
      [station.confirmed, station.open] = [order.current, station.open.filter(({ id }) => id > order.id)];
    this.delivered.push({ order, kind, evse: n });
    this.#apply({ kind, evse: this.#uid(n), order: order.id });
  }

  #apply(event: SiteEvent): void {
    const before = this.#cells((it, n) => this.#allowed(it, n));
    const { state, orders } = applyEvent(this.state, event, this.now);
    this.state = state;
    for (const order of orders) {
      const station = this.stations[this.tree.evses.findIndex(({ uid }) => uid === order.evse)];
      station?.orders.push(order);
      station?.open.push(order);
    }
    this.#checkLaw(event, before, orders);
  }

  #allowed({ confirmed, plugged, open }: Station, n: number): number {
    return Math.max(confirmed ?? (plugged ? evseAt(this.tree, n).maximum : 0), ...open.map(({ current }) => current));
  }

  #cells(current: (station: Station, n: number) => number): Float64Array {
    const capacities = capacitiesAt(this.tree).map((capacity, n) => lowerOf(capacity, this.imposed.get(this.tree.nodes[n]?.name ?? '') ?? {}));
    const remaining = fullCapacity(this.tree, capacities);
    for (const [n, station] of this.stations.entries()) subtractCurrent(remaining, evseAt(this.tree, n), Math.round(current(station, n) * 10));
    return remaining.left;
  }

  #checkLaw(event: SiteEvent, before: Float64Array, orders: readonly Order[]): void {
    const after = this.#cells((it, n) => this.#allowed(it, n));
    const over = new Set([...after.keys()].filter((cell) => (after[cell] ?? 0) < -1e-6));
    const unconfirmed = event.kind === 'plugged-in' && this.stations[this.#number(event.evse)]?.confirmed === undefined;
    const mayExceed = event.kind === 'limit-changed' || unconfirmed;
    expect(
      [...over].filter((cell) => !this.#over.has(cell) && !mayExceed),
      `a limit is exceeded after ${event.kind}`,
    ).toEqual([]);
    expect(
      [...over].filter((cell) => (after[cell] ?? 0) < (before[cell] ?? 0) - 1e-6),
      'a raise was sent where a limit is exceeded',
    ).toEqual([]);
    expect(
      this.stations.filter((it, n) => it.plugged && it.limit > this.#allowed(it, n) + 1e-9),
      'a station applies a higher limit than the counted one',
    ).toEqual([]);
    const intended = this.#cells((it, n) => this.#intended(it, n));
    const notReduced = [...intended.keys()].filter((cell) => (intended[cell] ?? 0) < -1e-6 && this.#canBeReduced(cell));
    expect(notReduced, 'a reduction was not sent at once').toEqual([]);
    const firstRaise = orders.findIndex(({ evse, current }) => current > (this.stations[this.#number(evse)]?.confirmed ?? Infinity));
    const lastCut = orders.findLastIndex(({ evse, current }) => current < (this.stations[this.#number(evse)]?.confirmed ?? -1));
    expect(firstRaise === -1 || lastCut < firstRaise, 'reductions are sent before raises').toBe(true);
    this.#over = over;
  }

  #number = (uid: string) => this.tree.evses.findIndex((it) => it.uid === uid);
  /** The current of the last order; for a station that cannot be changed now, the counted current. */
  #intended = (it: Station, n: number): number => (this.#isFixed(n) ? this.#allowed(it, n) : (it.open.at(-1)?.current ?? it.confirmed ?? this.#allowed(it, n)));
  #isFixed(n: number): boolean {
    const known = this.state.evses[n];
    return known === undefined || known.silent || known.measured !== undefined || (known.retryAt !== undefined && this.now < known.retryAt);
  }
  #canBeReduced = (cell: number): boolean =>
    this.stations.some((it, n) => !this.#isFixed(n) && this.#intended(it, n) > 0 && evseAt(this.tree, n).loads.some((load) => load.cell === cell));
}

const trees: readonly LimitTree[] = [
  streetOf({ panels: 2, groups: 2, size: 3, root: 90, panel: 60, group: 40 }),
  streetOf({ panels: 1, groups: 2, size: 5, root: 70, panel: 60, group: 45, watts: 30_000 }),
  streetOf({ panels: 1, groups: 1, size: 2, root: 40, panel: 40, group: 40, kinds: ['AC_1_PHASE', 'AC_3_PHASE'] }),
];
const RULES: readonly Rule[] = ['equal', 'proportional', 'first-come', 'by-preference'];

describe('the balance never exceeds a limit, not even between two messages', () => {
  test('for all sequences of lost, late, repeated and refused messages, silent stations and reduced limits', () =>
    fc.assert(
      fc.property(fc.constantFrom(...trees), fc.constantFrom(...RULES), ops, (tree, rule, happens) => {
        const world = new World(tree, rule);
        for (const it of happens) world.run(it);
      }),
      { numRuns: 400 },
    ));
  test('when all answers arrive, each EVSE has its share', () =>
    fc.assert(
      fc.property(fc.constantFrom(...trees), fc.constantFrom(...RULES), fc.array(pick, { minLength: 1, maxLength: 12 }), (tree, rule, cars) => {
        const world = new World(tree, rule);
        for (const car of cars) world.run({ op: 'plug', pick: car });
        for (let n = 0; n < 60; n++) {
          while (world.stations.some(({ orders, answers }) => orders.length + answers.length > 0))
            for (const op of ['accept', 'answer'] as const) world.run({ op, pick: 0 });
          world.run({ op: 'wait', amount: 1 });
        }
        const targets = world.state.plan?.targets ?? [];
        expect(world.stations.map(({ confirmed }) => confirmed)).toEqual(targets);
        expect(targets.some((it: Amperes) => it > 0)).toBe(true);
      }),
    ));
});
