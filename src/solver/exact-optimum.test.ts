import { describe, expect, test } from 'vitest';
import { wattHours } from '../domain/units.ts';
import { prepare } from '../planner/prepare/prepare.ts';
import { always, car, fastDc, siteProblem } from '../planner/site-day.fixture.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import { at, hourly, randomFrom } from '../planner/synthetic-site.ts';
import { Network } from './cheapest-flow.fixture.ts';
import { newOptimiser } from './optimiser.fixture.ts';

const TYPES = ['CHEAP', 'GREEN', 'REGULAR', 'FAST'] as const;

/** A small site of DC cars on two panels; all quantities are whole Wh in each slot. */
function randomSite(seed: number): SiteProblem {
  const random = randomFrom(seed);
  const whole = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const cars = Array.from({ length: whole(1, 6) }, (_, n) => {
    const arrival = whole(0, 3);
    return car(n, {
      evse: { ...fastDc, max: 4_000 * whole(1, 6) },
      node: random() < 0.5 ? 'left' : 'right',
      arrival: at(arrival),
      departure: at(arrival + whole(1, 5)),
      need: wattHours(whole(0, 60) * 500),
      delivered: wattHours(random() < 0.3 ? 4_000 : 0),
      profileType: TYPES[whole(0, 3)] ?? 'CHEAP',
    });
  });
  const prices = hourly(Array.from({ length: 8 }, () => whole(-5, 40) / 100));
  const carbon = hourly(Array.from({ length: 8 }, () => whole(50, 600)));
  const limits = [
    always({ watts: 4_000 * whole(1, 8) }),
    always({ watts: 4_000 * whole(0, 6) }, 'left', 'grid'),
    always({ watts: 4_000 * whole(1, 6) }, 'right', 'grid'),
  ];
  return siteProblem(cars, { horizonEnd: at(8), limits, prices, carbon });
}

/** The lowest cost of a site as the cheapest flow from sessions through slots, panels and the grid connection. */
function exactCost(problem: SiteProblem): number {
  const { sessions, slots, tranches } = prepare(problem);
  const network = new Network();
  const [source, sink] = [network.node(), network.node()];
  const limit = (name: string) => problem.limits.find((node) => node.name === name)?.steps[0]?.watts ?? 0;
  const gates = slots.map(({ hours }) => {
    const [left, right, grid] = [network.node(), network.node(), network.node()];
    network.arc(left, grid, { capacity: Math.round(limit('left') * hours), cost: 0 });
    network.arc(right, grid, { capacity: Math.round(limit('right') * hours), cost: 0 });
    network.arc(grid, sink, { capacity: Math.round(limit('grid') * hours), cost: 0 });
    return { left, right };
  });
  let total = 0;
  for (const [n, { problem: session, need, most, cost }] of sessions.entries()) {
    const node = network.node();
    const wanted = Math.round(need * 1000);
    total += wanted;
    network.arc(source, node, { capacity: wanted, cost: 0 });
    for (const [slot, { hours }] of slots.entries())
      network.arc(node, session.node === 'left' ? (gates[slot]?.left ?? 0) : (gates[slot]?.right ?? 0), {
        capacity: Math.round((most[slot] ?? 0) * hours * 1000),
        cost: cost[slot] ?? 0,
      });
    for (const { size, price } of tranches[n] ?? []) network.arc(node, sink, { capacity: Math.round(size * 1000), cost: price });
  }
  return network.cheapest(source, sink, total) / 1000;
}

describe('PLN-C01: the optimum', () => {
  test('equals that of an independent exact solver on 200 random sites, the solver starting warm from another site each time', () => {
    using optimiser = newOptimiser();
    for (let seed = 1; seed <= 200; seed++) {
      const problem = randomSite(seed);
      const { certificate } = optimiser.plan(problem, { deadline: 60_000, elapsed: () => 0 });
      const exact = exactCost(problem);
      expect(certificate.method, `seed ${seed}`).toBe('OPTIMISED');
      expect(Math.abs((certificate.bound ?? Number.NaN) - exact), `seed ${seed}: ${certificate.bound} and ${exact}`).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(exact)),
      );
    }
  });
});
