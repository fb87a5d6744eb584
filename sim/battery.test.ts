import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, seconds, volts, watts } from '../src/domain/units.ts';
import { buildCar, charge, chargeOf, draw, isFull, type Offer, steadyFor } from './battery.ts';

const ac = (limit: number, phases: 1 | 2 | 3 = 3): Offer => ({ kind: 'AC', phases, voltage: volts(230), limit: amperes(limit) });
const dc = (limit: number): Offer => ({ kind: 'DC', limit: watts(limit) });

describe('a car', () => {
  test('draws the lower of what is offered and what its charger takes', () => {
    expect(draw(buildCar({ maxAmperage: 16 }), ac(10))).toBe(10 * 230 * 3);
    expect(draw(buildCar({ maxAmperage: 16 }), ac(32))).toBe(16 * 230 * 3);
  });

  test('uses no more phases than it and the EVSE both have', () => {
    expect(draw(buildCar({ phases: 1 }), ac(10))).toBe(2300);
    expect(draw(buildCar({ phases: 3 }), ac(10, 1))).toBe(2300);
  });

  test('draws nothing on AC below 6 A', () => {
    expect(draw(buildCar(), ac(5.9))).toBe(0);
    expect(draw(buildCar(), ac(6))).toBe(6 * 230 * 3);
  });

  test('takes on DC what its battery takes', () => {
    expect(draw(buildCar({ maxDcKilowatts: 80 }), dc(50_000))).toBe(50_000);
    expect(draw(buildCar({ maxDcKilowatts: 80 }), dc(150_000))).toBe(80_000);
  });

  test('takes less and less near full, and never less than 6 A on AC while it takes any', () => {
    const at = (soc: number) => draw(buildCar({ soc, maxDcKilowatts: 100 }), dc(150_000));
    expect([at(0.8), at(0.9), at(0.99)].map((power) => Math.round(power / 1000))).toEqual([100, 57, 19]);
    expect(draw(buildCar({ soc: 0.99, maxAmperage: 16 }), ac(16))).toBe(6 * 230 * 3);
  });

  test('draws nothing once it has enough', () => {
    const car = buildCar({ soc: 0.8, target: 0.8 });
    expect([isFull(car), draw(car, ac(16))]).toEqual([true, 0]);
  });

  test('holds what flowed into it, and never more than its target', () => {
    const car = charge(buildCar({ kilowattHours: 50, soc: 0.5 }), watts(10_000), seconds(3600));
    expect(chargeOf(car)).toBeCloseTo(0.7);
    expect(chargeOf(charge(car, watts(100_000), seconds(36_000)))).toBe(1);
  });

  test('never draws more than is offered, whatever it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 80, noNaN: true }), fc.constantFrom(1, 2, 3), (soc, limit, phases) => {
        const car = buildCar({ soc, phases, maxAmperage: 32 });
        return draw(car, ac(limit)) <= limit * 230 * phases + 1e-6 && draw(car, dc(limit)) <= limit;
      }),
    );
  });

  test('at a power held steady for as long as it says, it does not overshoot', () => {
    const car = buildCar({ kilowattHours: 50, soc: 0.95 });
    const power = watts(10_000);
    expect(chargeOf(charge(car, power, steadyFor(car, power) ?? seconds(0)))).toBeLessThanOrEqual(1);
    expect(steadyFor(car, watts(0))).toBeUndefined();
  });
});
