import { describe, expect, test } from 'vitest';
import { wattHours, watts } from '../domain/units.ts';
import { planWith } from '../planner/baselines/baseline.ts';
import { always, car, fastDc, siteProblem } from '../planner/site-day.fixture.ts';
import type { SitePlan } from '../planner/site-plan.ts';
import type { ValueStep } from '../planner/site-problem.ts';
import { at, carPark, hourly, nameOf } from '../planner/synthetic-site.ts';
import { faultsOf } from './check-plan.fixture.ts';
import { newOptimiser, optimise } from './optimiser.fixture.ts';

const stepsOf = ({ schedules }: SitePlan, n: number): readonly ValueStep[] => schedules.find(({ key }) => key === nameOf(n))?.steps ?? [];
const used = (plan: SitePlan, n: number) => stepsOf(plan, n).filter(({ value }) => value > 0);
const valueAt = (plan: SitePlan, n: number, hour: number) => stepsOf(plan, n).find(({ from, to }) => from <= at(hour) && at(hour) < to)?.value;

describe('PLN-C05: what a plan does', () => {
  const prices = hourly([0.3, 0.3, 0.1, 0.3, 0.05, 0.3, 0.3, 0.3]);
  test('CHEAP charges in the cheapest hours, FAST at once, GREEN in the hours with the least carbon', () => {
    const carbon = hourly([500, 500, 500, 500, 500, 90, 500, 500]);
    const cars = (['CHEAP', 'FAST', 'GREEN'] as const).map((profileType, n) => car(n, { profileType, need: wattHours(10_000) }));
    const plan = optimise(siteProblem(cars, { prices, carbon, horizonEnd: at(8) }));
    expect(used(plan, 0).map(({ from, to }) => [from >= at(4), to <= at(5)])).toEqual([[true, true]]);
    expect(used(plan, 1)[0]?.from).toBe(at(0));
    expect(used(plan, 2).map(({ from, to }) => [from >= at(5), to <= at(6)])).toEqual([[true, true]]);
    expect(plan.schedules.map(({ why }) => why)).toEqual([
      expect.stringContaining('in the cheapest hours'),
      expect.stringContaining('as early as'),
      expect.stringContaining('with the least carbon'),
    ]);
  });
  test('energy after the usual departure is a last resort that a small gain does not justify', () => {
    const wanted = { need: wattHours(10_000), likelyDeparture: at(4) };
    const small = hourly([0.22, 0.22, 0.22, 0.22, 0.2, 0.22, 0.22, 0.22]);
    expect(used(optimise(siteProblem([car(1, wanted)], { prices: small })), 1).every(({ to }) => to <= at(4))).toBe(true);
    expect(used(optimise(siteProblem([car(1, { ...wanted, need: wattHours(15_000) })], { prices })), 1).some(({ from }) => from >= at(4))).toBe(true);
  });
  test('a demand charge flattens the load, up to the peak that is paid already for nothing', () => {
    const cars = [1, 2, 3, 4].map((n) => car(n, { need: wattHours(20_000) }));
    const flat = { prices: hourly(Array(8).fill(0.2)), horizonEnd: at(8), limits: [always({ amperes: 200 })] };
    const peak = (demandCharge: { perKilowatt: number; peakSoFar: number }) =>
      optimise(siteProblem(cars, { ...flat, demandCharge: { ...demandCharge, peakSoFar: watts(demandCharge.peakSoFar) } })).certificate.peak;
    expect(peak({ perKilowatt: 0, peakSoFar: 0 })).toBeGreaterThan(40_000);
    expect(peak({ perKilowatt: 10, peakSoFar: 0 })).toBeLessThan(12_000);
    expect(peak({ perKilowatt: 10, peakSoFar: 20_000 })).toBeGreaterThan(18_000);
    expect(peak({ perKilowatt: 10, peakSoFar: 20_000 })).toBeLessThanOrEqual(20_000);
  });
  test('a car that may discharge carries energy from cheap to dear hours and leaves with its need', () => {
    const discharge = { max: 10_000, available: wattHours(10_000), room: wattHours(40_000), efficiency: 0.9, wear: 0.02 };
    const v2g = car(1, { evse: fastDc, dischargeAllowed: true, discharge, need: wattHours(10_000) });
    const problem = siteProblem([v2g], { prices: hourly([0.1, 0.1, 0.6, 0.6, 0.1, 0.1, 0.1, 0.1]), horizonEnd: at(8), limits: [always({ watts: 30_000 })] });
    const plan = optimise(problem);
    expect(faultsOf(problem, plan)).toEqual([]);
    expect(valueAt(plan, 1, 2.5)).toBeLessThan(0);
    expect(plan.schedules[0]?.energy).toBeGreaterThan(9_900);
    expect(stepsOf(optimise({ ...problem, sessions: [{ ...v2g, dischargeAllowed: false }] }), 1).every(({ value }) => value >= 0)).toBe(true);
    expect(plan.certificate.cost).toBeLessThan(0);
  });
  test('a site that the expected cars will fill charges at once, whatever the price is, and says so', () => {
    const problem = siteProblem([car(1, { need: wattHours(10_000) })], { prices, limits: [always({ amperes: 32 })], horizonEnd: at(8) });
    const [quiet, busy] = [optimise(problem), optimise({ ...problem, expected: wattHours(150_000) })];
    expect([used(quiet, 1)[0]?.from, used(busy, 1)[0]?.from]).toEqual([at(4), at(0)]);
    expect(busy.certificate.notes.map(({ says }) => says)).toEqual([expect.stringContaining('everybody charges as early as the limits allow')]);
    expect(quiet.certificate.notes).toEqual([]);
  });
  test('a need beyond the room of the battery is planned up to that room', () => {
    const discharge = { max: 5_000, available: wattHours(0), room: wattHours(8_000), efficiency: 0.9, wear: 0 };
    const { schedules, certificate } = optimise(siteProblem([car(1, { evse: fastDc, dischargeAllowed: true, discharge })]));
    expect(schedules[0]?.energy).toBe(8_000);
    expect(certificate.notes.map(({ says }) => says)).toContain('its battery has room for 8 kWh: no more is planned');
  });
  test('a weighted sum of sessions is limited like a node', () => {
    const [a, b] = [car(1, { evse: fastDc }), car(2, { evse: fastDc })];
    const sum = { name: 'delta winding', weights: { [a.key]: 1, [b.key]: 2 }, steps: [{ from: at(0), to: at(24), value: 9_000 }] };
    const plan = optimise(siteProblem([a, b], { limits: [], sums: [sum] }));
    for (const hour of [0, 1, 2, 3, 4]) expect((valueAt(plan, 1, hour) ?? 0) + 2 * (valueAt(plan, 2, hour) ?? 0)).toBeLessThanOrEqual(9_000);
    expect(plan.schedules.every(({ energy }) => energy > 15_000)).toBe(true);
  });
  test('the certificate says who misses energy, how much, and which limit is to blame, in words for the driver', () => {
    const cars = [1, 2].map((n) => car(n, { node: 'panel A', departure: at(2), need: wattHours(20_000) }));
    const { unserved, gap, method } = optimise(
      siteProblem(cars, { limits: [always({ amperes: 100 }), always({ amperes: 20 }, 'panel A', 'grid')] }),
    ).certificate;
    expect(method).toBe('OPTIMISED');
    expect(gap).toBeLessThan(0.02);
    expect(unserved.map(({ key }) => key)).toEqual(cars.map(({ key }) => key));
    expect(unserved[0]?.blame).toEqual({ kind: 'LIMIT', name: 'panel A', from: at(0), to: at(2) });
    expect(unserved[0]?.says).toMatch(/^[\d.]+ of 20 kWh cannot be delivered: the limit panel A is full from 2026-11-24 06:00Z to 2026-11-24 08:00Z\.$/);
  });
});

describe('PLN-C06: an optimiser', () => {
  test('that is warm makes plans as good as a cold one while the day goes on', () => {
    using warm = newOptimiser();
    for (const hour of [0, 0.25, 0.5, 1.1, 2, 3.7]) {
      const problem = { ...carPark(30, { seed: 5 }), now: at(hour) };
      const plan = warm.plan(problem, { deadline: 60_000, elapsed: () => 0 });
      expect(faultsOf(problem, plan)).toEqual([]);
      expect(plan.certificate.bound).toBeCloseTo(optimise(problem).certificate.bound ?? Number.NaN, 3);
    }
  });
  test('that is late lets LLF answer, and says so', () => {
    using optimiser = newOptimiser();
    const plan = optimiser.plan(carPark(60, { seed: 1 }), { deadline: 5, elapsed: () => 5 });
    expect(plan.certificate).toMatchObject({ method: 'LLF', fallback: 'the solver did not finish the plan within 5 ms' });
    expect(plan.schedules).toEqual(planWith('LLF', carPark(60, { seed: 1 })).schedules);
  });
});
