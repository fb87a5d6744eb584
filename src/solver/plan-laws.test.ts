import { describe, expect, test } from 'vitest';
import { wattHours, watts } from '../domain/units.ts';
import { planWith } from '../planner/baselines/baseline.ts';
import { always, car, fastDc, onePhase, siteProblem } from '../planner/site-day.fixture.ts';
import type { SitePlan } from '../planner/site-plan.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import { at, carPark, randomFrom } from '../planner/synthetic-site.ts';
import { faultsOf } from './check-plan.fixture.ts';
import { optimise } from './optimiser.fixture.ts';

const seeds = Array.from({ length: 12 }, (_, n) => n + 1);
const energyOf = ({ schedules }: SitePlan, key: string) => schedules.find((it) => it.key === key)?.energy ?? 0;
const total = ({ schedules }: SitePlan) => schedules.reduce((sum, { energy }) => sum + energy, 0);

/** A car park with different limits on the phases and a limit that changes during the day. */
function unevenPark(seed: number): SiteProblem {
  const park = carPark(24, { seed, tightness: 0.2 + 0.05 * (seed % 5), quarters: seed % 3 === 0, now: seed % 6 });
  const random = randomFrom(seed);
  const phase = () => 20 + Math.floor(random() * 90);
  const steps = [0, 5, 9].map((hour, n) => ({
    from: at(hour),
    to: at([5, 9, 30][n] ?? 30),
    amperes: [phase(), phase(), phase()] as const,
    watts: 15_000 + Math.floor(random() * 50_000),
  }));
  return {
    ...park,
    limits: [{ name: 'grid', steps }, ...park.limits.slice(1)],
    demandCharge: { perKilowatt: seed % 2 === 0 ? 0.3 : 0, peakSoFar: watts(0) },
  };
}

describe('PLN-C02: a rounded plan', () => {
  test.each(seeds)('exceeds no limit on any phase, and no car charges below its minimum (site %i)', (seed) => {
    const problem = unevenPark(seed);
    const plan = optimise(problem);
    expect(plan.certificate.method).toBe('OPTIMISED');
    expect(faultsOf(problem, plan)).toEqual([]);
    expect(plan.certificate.exceeded).toEqual([]);
  });
  test('of the simple planners does so too', () => {
    for (const seed of seeds.slice(0, 4))
      for (const baseline of ['LLF', 'EDF', 'FCFS', 'EQUAL_SHARE'] as const)
        expect(faultsOf(unevenPark(seed), planWith(baseline, unevenPark(seed)))).toEqual([]);
  });
  test('serves as much energy as LLF, within 0.5 % at car parks whose future is known', () => {
    for (const seed of seeds) expect(total(optimise(unevenPark(seed)))).toBeGreaterThan(0.995 * total(planWith('LLF', unevenPark(seed))));
  });
});

describe('PLN-C03: laws of a plan', () => {
  test('more capacity never costs more', () => {
    for (const seed of seeds) {
      const costs = [20, 30, 45, 70, 110].map(
        (amperes) => optimise({ ...carPark(10, { seed }), limits: [always({ amperes })] }).certificate.bound ?? Number.NaN,
      );
      for (const [n, cost] of costs.entries()) if (n > 0) expect(cost).toBeLessThanOrEqual((costs[n - 1] ?? 0) + 1e-6);
    }
  });
  test('a plan that was sent and is made again is the same plan', () => {
    for (const seed of seeds) {
      const problem = unevenPark(seed);
      const first = optimise(problem);
      const again = optimise({ ...problem, sent: first.schedules.map(({ key, steps }) => ({ key, steps })) });
      expect(again.schedules.map(({ key, steps }) => ({ key, steps }))).toEqual(first.schedules.map(({ key, steps }) => ({ key, steps })));
    }
  });
  test('a session that is added never lowers what was promised to another', () => {
    for (const seed of seeds) {
      const random = randomFrom(seed);
      const dc = { ...fastDc, max: 11_000 };
      const cars = Array.from({ length: 5 }, (_, n) => car(n, { evse: dc, departure: at(2 + n), need: wattHours(5_000 + Math.floor(random() * 20_000)) }));
      const limits = [always({ watts: 11_000 + 1_000 * (seed % 9) })];
      const before = optimise(siteProblem(cars, { limits }));
      const promised = cars.map((it) => ({ ...it, promised: wattHours(Math.floor(0.95 * energyOf(before, it.key))) }));
      const crowd = [5, 6, 7].map((n) => car(n, { evse: dc, departure: at(1 + random() * 5), need: wattHours(30_000), profileType: 'FAST' }));
      const after = optimise(siteProblem([...promised, ...crowd], { limits }));
      for (const { key, promised: least } of promised) expect(energyOf(after, key)).toBeGreaterThanOrEqual((least ?? 0) - 30);
    }
  });
  test('when there is not enough for all, nobody starves', () => {
    const cars = [1, 2, 3, 4].map((n) => car(n, { evse: { ...fastDc, max: 22_000 }, departure: at(4), need: wattHours(n * 10_000) }));
    const plan = optimise(siteProblem(cars, { limits: [always({ watts: 10_000 })] }));
    for (const { key, need } of cars) expect(energyOf(plan, key) / (need ?? 1)).toBeGreaterThan(0.3);
    expect(total(plan)).toBeGreaterThan(39_900);
  });
  test('a car on one phase shares with cars on three', () => {
    const cars = [car(1, { evse: onePhase(1), departure: at(3), need: wattHours(4_000) }), car(2, { departure: at(3), need: wattHours(12_000) })];
    const plan = optimise(siteProblem(cars, { limits: [always({ amperes: 16 })] }));
    expect(faultsOf(siteProblem(cars, { limits: [always({ amperes: 16 })] }), plan)).toEqual([]);
    expect(total(plan)).toBeGreaterThan(15_900);
  });
});
