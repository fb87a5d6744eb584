import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, epochSeconds } from '../units.ts';
import { applyEvents, initialSiteState, type SiteState } from './balance.ts';
import { type Capacity, capacityWithin, lowerOf } from './ceiling.ts';
import type { Order, SiteEvent } from './event.ts';
import { type HeldLimit, highestWithin } from './held-limit.ts';
import { ceilingAt } from './imposed-limit.ts';
import type { LimitTree } from './limit-tree.ts';
import { exceededLimits } from './remaining-capacity.ts';
import { evseOf, leftAfter, NOON, treeOf } from './site.fixture.ts';

const HOUR = 3_600;
const evses = Array.from({ length: 6 }, (_, n) => evseOf(`E${n}`, n % 3 === 0 ? 'AC_1_PHASE' : 'AC_3_PHASE'));
const TREE: LimitTree = treeOf(
  {
    name: 'grid',
    limit: { a: 60 },
    schedule: [
      { from: '00:00', a: 60 },
      { from: '12:20', a: 20 },
      { from: '13:00', a: 45 },
      { from: '22:00', a: 12 },
    ],
    meter: { fallback: { a: 18 }, margin: 2 },
    children: [
      { name: 'north', limit: { a: 40 }, evses: evses.slice(0, 3).map(({ uid }, n) => ({ uid, rotation: (['R', 'STR', 'TRS'] as const)[n] ?? 'R' })) },
      { name: 'south', limit: { a: 40 }, evses: evses.slice(3).map(({ uid }, n) => ({ uid, rotation: (['S', 'RST', 'TRS'] as const)[n] ?? 'R' })) },
    ],
  },
  evses,
);

type Op =
  | { op: 'plug' | 'unplug' | 'few-periods'; evse: number }
  | { op: 'building'; a: readonly [number, number, number] }
  | { op: 'impose'; a: number; for: number; fallback: number }
  | { op: 'wait'; time: number }
  | { op: 'lose' };
const evse = fc.nat(evses.length - 1);
const ops: fc.Arbitrary<Op[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant('plug' as const), evse }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('unplug' as const), evse }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('few-periods' as const), evse }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('building' as const), a: fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)) }) },
    {
      weight: 1,
      arbitrary: fc.record({ op: fc.constant('impose' as const), a: fc.integer({ min: 10, max: 50 }), for: fc.constantFrom(120, 900), fallback: fc.nat(10) }),
    },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('wait' as const), time: fc.constantFrom(1, 11, 30, 61, 601, HOUR) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('lose' as const) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/** A site whose stations hold what they were sent. */
class World {
  state: SiteState = initialSiteState(TREE, { rule: 'equal' });
  now = NOON;
  readonly held: HeldLimit[] = TREE.evses.map(() => ({ current: amperes(0), later: [] }));
  #losing = false;

  constructor() {
    this.apply({ kind: 'tick' });
  }

  run(it: Op): void {
    if (it.op === 'wait') this.now = epochSeconds(this.now + it.time);
    if (it.op === 'lose') this.#losing = true;
    this.apply(...this.#eventsOf(it), { kind: 'tick' });
    this.#losing = false;
  }

  #eventsOf(it: Op): readonly SiteEvent[] {
    switch (it.op) {
      case 'plug':
      case 'unplug':
        return [{ kind: it.op === 'plug' ? 'plugged-in' : 'plugged-out', evse: `E${it.evse}` }];
      case 'few-periods':
        return [{ kind: 'takes', evse: `E${it.evse}`, periods: 2 }];
      case 'building':
        return [{ kind: 'building', node: 'grid', a: it.a, at: this.now }];
      case 'impose': {
        const later = [{ from: epochSeconds(this.now + it.for), a: amperes(it.fallback) }, { from: epochSeconds(this.now + HOUR) }];
        return [{ kind: 'limit-changed', node: 'north', limit: { a: amperes(it.a), later } }];
      }
      default:
        return [];
    }
  }

  /** The stations take their orders at once, or not at all while messages are lost. */
  apply(...events: readonly SiteEvent[]): void {
    const step = applyEvents(this.state, events, this.now);
    this.state = step.state;
    const answers = step.orders.map((order): SiteEvent => this.#answer(order));
    if (answers.length > 0) this.apply(...answers);
  }

  #answer(order: Order): SiteEvent {
    if (this.#losing) return { kind: 'silent', evse: order.evse, what: 'station' };
    this.held[Number(order.evse.slice(1))] = order;
    return { kind: 'confirmed', evse: order.evse, order: order.id };
  }

  /** What the site allows at a moment if no further reading arrives. */
  #allowed(at: number): Capacity[] {
    const span = { from: epochSeconds(at), to: epochSeconds(at) };
    return TREE.nodes.map(({ name, ceiling, meter }) => {
      const own = lowerOf(capacityWithin(ceiling, span, TREE.timeZone), ceilingAt(this.state.imposed.get(name) ?? {}, span.from));
      const building = this.state.buildings.get(name);
      if (!meter) return own;
      return building && at < building.at + 60 ? { ...own, taken: building.taken } : lowerOf(own, meter.fallback);
    });
  }

  /** The limits that the stations would exceed if the node stopped now, at each half minute of two days. */
  exceededAlone(): readonly string[] {
    const moments = Array.from({ length: 120 }, (_, n) => n * 30).concat(Array.from({ length: 188 }, (_, n) => HOUR + n * 900));
    return moments.flatMap((after) => {
      const at = epochSeconds(this.now + after);
      const currents = this.held.map((it, n) => [n, highestWithin(it, { from: at, to: at })] as const);
      return exceededLimits(TREE, leftAfter(TREE, currents, this.#allowed(at))).map((it) => `after ${after} s: ${it}`);
    });
  }
}

describe('the limits that stations hold', () => {
  test('R-21: never exceed a limit, however long the node is away from now on', () =>
    fc.assert(
      fc.property(ops, fc.option(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50))), (happens, reading) => {
        const world = new World();
        for (const it of happens) {
          world.run(it);
          if (it.op !== 'wait') world.run({ op: 'wait', time: 70 }); // what was lost is sent again, and cars have followed
        }
        world.run({ op: 'wait', time: 70 });
        if (reading) world.run({ op: 'building', a: reading });
        world.run({ op: 'wait', time: 11 });
        expect(world.exceededAlone()).toEqual([]);
      }),
      { numRuns: 400 },
    ));
});
