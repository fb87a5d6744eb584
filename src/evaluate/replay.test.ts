import { describe, expect, test } from 'vitest';
import { epochSeconds, wattHours } from '../domain/units.ts';
import { baselinePlanner, type SitePlanner } from '../planner/index.ts';
import { replay } from './replay.ts';
import type { Scenario } from './scenario.ts';
import { car, hour, MIDNIGHT, twoCars } from './two-cars.fixture.ts';
import { UsualEnergy } from './usual-energy.ts';

const options = { name: 'test', planner: baselinePlanner('FCFS'), expectation: 'earlier' as const, elapsed: () => 0 };
const always = (value: number) => [{ from: epochSeconds(0), to: epochSeconds(1e11), value }];
/** Gives both cars 4 kW at once, whatever the limit of the site is. */
const reckless: SitePlanner = baselinePlanner('UNCONTROLLED');

const rounded = (result: object) =>
  Object.fromEntries(Object.entries(result).map(([name, value]) => [name, typeof value === 'number' ? Number(value.toFixed(6)) : value]));

describe('PLN-E01: two cars, charged again by hand', () => {
  test.each<[string, Partial<Scenario>, object]>([
    ['one after the other, in the dear hours', {}, { served: 1, full: 1, worst: 1, energy: 8, energyCost: 3.2, peak: 4, violations: 0 }],
    ['a demand charge adds to the cost', { demandCharge: 5 }, { cost: 23.2, peak: 4 }],
    ['carbon intensity is counted for the energy', { carbon: always(250) }, { carbon: 250 }],
    ['a short stay leaves energy unserved', { sessions: [car('A', { from: 0, to: 1, kwh: 8 })] }, { served: 0.5, worst: 0.5, full: 0, energy: 4 }],
    [
      'the second car leaves without energy',
      { sessions: [car('A', { from: 0, to: 1, kwh: 4 }), car('B', { from: 0, to: 1, kwh: 4 })] },
      { served: 0.5, worst: 0 },
    ],
    ['the CPO limits each car to 1 kW', { faults: { ceiling: () => always(1_000) } }, { served: 1, peak: 2 }],
    [
      'each car draws half of its limit',
      { sessions: [car('A', { from: 0, to: 4, kwh: 3 }), car('B', { from: 0, to: 4, kwh: 3 })], faults: { draws: () => 0.5 } },
      { full: 1, peak: 2 },
    ],
    ['every message is refused: the cars wait', { faults: { refuses: () => true } }, { served: 0, peak: 0 }],
    ['cars that refuse profiles draw their maximum', { faults: { rejects: () => true } }, { served: 1, peak: 8, violations: 11 }],
  ])('%s', async (_, changes, expected) => {
    expect(rounded(await replay(twoCars(changes), options))).toMatchObject(expected);
  });

  test('a limit that the cars exceed is counted in slots of five minutes', async () => {
    const result = await replay(twoCars(), { ...options, name: 'UNCONTROLLED', planner: reckless });
    expect(result).toMatchObject({ served: 1, peak: 8, violations: 12, messages: 1 });
  });

  test('a planner that would break the limit does not: an increase waits', async () => {
    expect(await replay(twoCars(), { ...options, planner: reckless })).toMatchObject({ violations: 0, peak: 4 });
  });

  test('what drivers say is a belief: a car that leaves early has less', async () => {
    const early = { ...car('A', { from: 0, to: 2, kwh: 4 }), stated: { departure: hour(8), energy: wattHours(20_000) } };
    const result = await replay(twoCars({ sessions: [early] }), options);
    expect(result).toMatchObject({ served: 1, energy: 4 });
  });
});

describe('PLN-E02: usual energy is learnt from earlier days', () => {
  const day = (n: number, kwh: number) => ({ arrival: hour(24 * n + 8), departure: hour(24 * n + 9), energy: wattHours(kwh * 1_000) });
  const noon = (n: number) => epochSeconds(MIDNIGHT + (n * 24 + 12) * 3_600);

  test('of the same weekday, else of the same kind of day; never from the day itself or later', () => {
    const usual = new UsualEnergy(0);
    expect(usual.expected(noon(0))).toBeUndefined();
    for (const [n, kwh] of [
      [0, 10],
      [1, 20],
      [7, 30],
    ] as const)
      usual.add(day(n, kwh)); // two Tuesdays and a Wednesday
    expect(usual.expected(noon(0))).toBeUndefined();
    expect(usual.expected(noon(2))).toBe(15_000); // a Thursday: the mean of the first two days, for both halves
    expect(usual.expected(noon(7))).toBe(5_000 + 10_000); // the first Tuesday, and the Wednesday after it
    expect(usual.expected(noon(14))).toBe(10_000 + 5_000); // a Wednesday without a session counts with nothing
  });
});
