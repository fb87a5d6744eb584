import { describe, expect, test } from 'vitest';
import { wattHours } from '../../domain/units.ts';
import { always, car, fastDc, siteProblem } from '../site-day.fixture.ts';
import { at, nameOf } from '../synthetic-site.ts';
import { baselinePlanner } from './baseline.ts';

// Two cars that take 10 kW each share 10 kW for two hours: the first came earlier, the second leaves earlier, the third has less laxity.
const evse = { ...fastDc, max: 10_000 };
const cars = [
  car(1, { evse, arrival: at(-3), departure: at(6), need: wattHours(10_000) }),
  car(2, { evse, arrival: at(-2), departure: at(3), need: wattHours(5_000) }),
  car(3, { evse, arrival: at(-1), departure: at(4), need: wattHours(30_000) }),
];
const problem = siteProblem(cars, { limits: [always({ watts: 10_000 })] });

describe('PLN-C09: simple planners', () => {
  test.each([
    ['UNCONTROLLED', [10_000, 10_000, 10_000]],
    ['FCFS', [10_000, 0, 0]],
    ['EDF', [0, 10_000, 0]],
    ['LLF', [0, 0, 10_000]],
    ['EQUAL_SHARE', [3_333.3, 3_333.3, 3_333.3]],
  ] as const)('%s decides who charges first', async (baseline, first) => {
    const { schedules, certificate } = await baselinePlanner(baseline).plan(problem);
    expect(cars.map((_, n) => schedules.find(({ key }) => key === nameOf(n + 1))?.steps[0]?.value)).toEqual(first);
    expect(certificate.method).toBe(baseline);
    expect(certificate.exceeded).toEqual(baseline === 'UNCONTROLLED' ? ['grid'] : []);
    expect(certificate.bound).toBeUndefined();
  });
  test('a car gets its minimum or nothing: of five cars with 6 A at least, four share 25 A', async () => {
    const five = [1, 2, 3, 4, 5].map((n) => car(n));
    const { schedules } = await baselinePlanner('EQUAL_SHARE').plan(siteProblem(five, { limits: [always({ amperes: 25 })] }));
    expect(schedules.map(({ steps }) => steps[0]?.value).sort()).toEqual([0, 6.2, 6.2, 6.2, 6.2]);
  });
});
