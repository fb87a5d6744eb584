import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Amperes, amperes, epochSeconds, seconds, watts } from '../units.ts';
import { applyEvent, initialSiteState, type SiteState } from './balance.ts';
import { type Ceiling, lowerOf } from './ceiling.ts';
import type { Order, SiteEvent } from './event.ts';
import type { LimitTree } from './limit-tree.ts';
import { fullCapacity, subtractCurrent } from './remaining-capacity.ts';
import { evseAt, type Rule } from './share.ts';
import { NOON, roomsAt, streetOf } from './site.fixture.ts';

/** What may befall a site; `pick` chooses among what is there when it happens. */
type Op =
  | { op: 'plug' | 'unplug' | 'take' | 'refuse' | 'lose-order' | 'answer' | 'lose-answer' | 'repeat-answer' | 'silent' | 'quiet-meter'; pick: number }
  | { op: 'meter' | 'profile'; pick: number; amount: number }
  | { op: 'cut'; pick: number; amount: number; unit: 'a' | 'w' }
  | { op: 'lift'; pick: number }
  | { op: 'wait'; amount: number };

const pick = fc.nat(999);
const often = <T extends Op['op']>(weight: number, ...names: T[]) => ({ weight, arbitrary: fc.record({ op: fc.constantFrom(...names), pick }) });
const ops = fc.array(
  fc.oneof(
    often(5, 'plug'),
    often(2, 'unplug'),
    often(24, 'take'),
    often(24, 'answer'),
    often(2, 'refuse', 'lose-order', 'lose-answer'),
    often(1, 'repeat-answer', 'silent', 'quiet-meter'),
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('meter' as const, 'profile' as const), pick, amount: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('cut' as const), pick, amount: fc.nat(100), unit: fc.constantFrom('a' as const, 'w' as const) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('lift' as const), pick }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('wait' as const), amount: fc.constantFrom(0, 1, 6, 11, 61, 601) }) },
  ),
  { minLength: 30, maxLength: 160 },
);

/** A station as it is: what it obeys, which orders are on their way to it, which answers from it. It knows nothing of the balance. */
interface Station {
  plugged: boolean;
  obeys: number;
  underway: Order[];
  answers: { order: Order; kind: 'confirmed' | 'refused' }[];
  /** As the law counts: the last confirmed limit, and the orders without an answer. */
  confirmed: number | undefined;
  open: Order[];
}

class World {
  state: SiteState;
  now = epochSeconds(NOON);
  readonly tree: LimitTree;
  readonly stations: Station[];
  readonly imposed = new Map<string, Ceiling>();
  readonly said: { order: Order; kind: 'confirmed' | 'refused'; evse: number }[] = [];
  #over: ReadonlySet<number> = new Set();

  constructor(tree: LimitTree, rule: Rule) {
    this.tree = tree;
    this.state = initialSiteState(tree, { rule });
    this.stations = tree.evses.map(({ maximum }) => ({ plugged: false, obeys: maximum, underway: [], answers: [], confirmed: undefined, open: [] }));
    this.#tell({ kind: 'tick' });
  }

  carryOut(it: Op): unknown {
    switch (it.op) {
      case 'wait':
        this.now = epochSeconds(this.now + it.amount);
        return this.#tell({ kind: 'tick' });
      case 'plug':
      case 'unplug':
        return this.#plug(it.pick % this.stations.length, it.op === 'plug');
      case 'take':
      case 'refuse':
      case 'lose-order':
        return this.#reach(it.pick, it.op);
      case 'answer':
      case 'lose-answer':
        return this.#answer(it.pick, it.op === 'answer');
      case 'repeat-answer': {
        const said = this.said[it.pick % Math.max(1, this.said.length)];
        return said ? this.#tell({ kind: said.kind, evse: this.#uid(said.evse), order: said.order.id }) : undefined;
      }
      case 'silent':
      case 'quiet-meter':
        return this.#tell({ kind: 'silent', evse: this.#uid(it.pick % this.stations.length), what: it.op === 'silent' ? 'station' : 'meter' });
      case 'meter':
        return this.#tell({ kind: 'meter', evse: this.#uid(it.pick % this.stations.length), current: amperes(it.amount) });
      case 'profile': {
        const profile = { unit: 'W' as const, duration: seconds(300), periods: [{ start: seconds(0), limit: watts(it.amount * 690) }] };
        return this.#tell({ kind: 'profile-changed', evse: this.#uid(it.pick % this.stations.length), profile, chargingStarted: this.now });
      }
      case 'cut':
      case 'lift': {
        const node = this.tree.nodes[it.pick % this.tree.nodes.length]?.name ?? '';
        const limit = it.op === 'lift' ? undefined : it.unit === 'a' ? { a: amperes(it.amount) } : { w: watts(it.amount * 500) };
        if (limit) this.imposed.set(node, limit);
        else this.imposed.delete(node);
        return this.#tell({ kind: 'limit-changed', node, ...(limit && { limit }) });
      }
    }
  }

  #uid = (n: number) => evseAt(this.tree, n).uid;

  #plug(n: number, plugged: boolean): void {
    const station = this.stations[n];
    if (!station) return;
    station.plugged = plugged;
    this.#tell({ kind: plugged ? 'plugged-in' : 'plugged-out', evse: this.#uid(n) });
  }

  #reach(choice: number, what: 'take' | 'refuse' | 'lose-order'): void {
    const busy = this.stations.filter(({ underway }) => underway.length > 0);
    const station = busy[choice % Math.max(1, busy.length)];
    const order = station?.underway.shift();
    if (!station || !order || what === 'lose-order') return;
    if (what === 'take') station.obeys = order.current;
    station.answers.push({ order, kind: what === 'take' ? 'confirmed' : 'refused' });
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
    this.said.push({ order, kind, evse: n });
    this.#tell({ kind, evse: this.#uid(n), order: order.id });
  }

  #tell(event: SiteEvent): void {
    const before = this.#cells((it, n) => this.#lawful(it, n));
    const { state, orders } = applyEvent(this.state, event, this.now);
    this.state = state;
    for (const order of orders) {
      const station = this.stations[this.tree.evses.findIndex(({ uid }) => uid === order.evse)];
      station?.underway.push(order);
      station?.open.push(order);
    }
    this.#checkLaw(event, before, orders);
  }

  #lawful({ confirmed, plugged, open }: Station, n: number): number {
    return Math.max(confirmed ?? (plugged ? evseAt(this.tree, n).maximum : 0), ...open.map(({ current }) => current));
  }

  #cells(current: (station: Station, n: number) => number): Float64Array {
    const rooms = roomsAt(this.tree).map((room, n) => lowerOf(room, this.imposed.get(this.tree.nodes[n]?.name ?? '') ?? {}));
    const ledger = fullCapacity(this.tree, rooms);
    for (const [n, station] of this.stations.entries()) subtractCurrent(ledger, evseAt(this.tree, n), Math.round(current(station, n) * 10));
    return ledger.left;
  }

  #checkLaw(event: SiteEvent, before: Float64Array, orders: readonly Order[]): void {
    const after = this.#cells((it, n) => this.#lawful(it, n));
    const over = new Set([...after.keys()].filter((cell) => (after[cell] ?? 0) < -1e-6));
    const unconfirmed = event.kind === 'plugged-in' && this.stations[this.#number(event.evse)]?.confirmed === undefined;
    const excuse = event.kind === 'limit-changed' || unconfirmed;
    expect(
      [...over].filter((cell) => !this.#over.has(cell) && !excuse),
      `a fuse is exceeded after ${event.kind}`,
    ).toEqual([]);
    expect(
      [...over].filter((cell) => (after[cell] ?? 0) < (before[cell] ?? 0) - 1e-6),
      'a raise went out where a limit is exceeded',
    ).toEqual([]);
    expect(
      this.stations.filter((it, n) => it.plugged && it.obeys > this.#lawful(it, n) + 1e-9),
      'a station obeys more than what is counted',
    ).toEqual([]);
    const meant = this.#cells((it, n) => this.#meant(it, n));
    const stubborn = [...meant.keys()].filter((cell) => (meant[cell] ?? 0) < -1e-6 && this.#mightBeLess(cell));
    expect(stubborn, 'a reduction did not go out at once').toEqual([]);
    const firstRaise = orders.findIndex(({ evse, current }) => current > (this.stations[this.#number(evse)]?.confirmed ?? Infinity));
    const lastCut = orders.findLastIndex(({ evse, current }) => current < (this.stations[this.#number(evse)]?.confirmed ?? -1));
    expect(firstRaise === -1 || lastCut < firstRaise, 'reductions come before raises').toBe(true);
    this.#over = over;
  }

  #number = (uid: string) => this.tree.evses.findIndex((it) => it.uid === uid);
  /** What it was last told; of one that cannot be told now, what counts. */
  #meant = (it: Station, n: number): number => (this.#unreachable(n) ? this.#lawful(it, n) : (it.open.at(-1)?.current ?? it.confirmed ?? this.#lawful(it, n)));
  #unreachable(n: number): boolean {
    const known = this.state.evses[n];
    return known === undefined || known.silent || known.measured !== undefined || (known.retryAt !== undefined && this.now < known.retryAt);
  }
  #mightBeLess = (cell: number): boolean =>
    this.stations.some((it, n) => !this.#unreachable(n) && this.#meant(it, n) > 0 && evseAt(this.tree, n).loads.some((load) => load.cell === cell));
}

const trees: readonly LimitTree[] = [
  streetOf({ panels: 2, groups: 2, size: 3, root: 90, panel: 60, group: 40 }),
  streetOf({ panels: 1, groups: 2, size: 5, root: 70, panel: 60, group: 45, watts: 30_000 }),
  streetOf({ panels: 1, groups: 1, size: 2, root: 40, panel: 40, group: 40, kinds: ['AC_1_PHASE', 'AC_3_PHASE'] }),
];
const RULES: readonly Rule[] = ['equal', 'proportional', 'first-come', 'by-preference'];

describe('a fuse is never exceeded, also not for one message', () => {
  test('whatever is lost, late, repeated, refused or silent, and whichever limit is cut', () =>
    fc.assert(
      fc.property(fc.constantFrom(...trees), fc.constantFrom(...RULES), ops, (tree, rule, happens) => {
        const world = new World(tree, rule);
        for (const it of happens) world.carryOut(it);
      }),
      { numRuns: 400 },
    ));
  test('and once all answers arrive, the share is what everybody has', () =>
    fc.assert(
      fc.property(fc.constantFrom(...trees), fc.constantFrom(...RULES), fc.array(pick, { minLength: 1, maxLength: 12 }), (tree, rule, cars) => {
        const world = new World(tree, rule);
        for (const car of cars) world.carryOut({ op: 'plug', pick: car });
        for (let n = 0; n < 60; n++) {
          while (world.stations.some(({ underway, answers }) => underway.length + answers.length > 0))
            for (const op of ['take', 'answer'] as const) world.carryOut({ op, pick: 0 });
          world.carryOut({ op: 'wait', amount: 1 });
        }
        const targets = world.state.plan?.targets ?? [];
        expect(world.stations.map(({ confirmed }) => confirmed)).toEqual(targets);
        expect(targets.some((it: Amperes) => it > 0)).toBe(true);
      }),
    ));
});
