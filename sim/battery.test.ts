import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amperes, seconds, volts, watts } from '../src/domain/units.ts';
import { buildCar, charge, constantPowerFor, draw, isFull, type Offer, stateOfCharge } from './battery.ts';

const ac = (limit: number, phases: 1 | 2 | 3 = 3): Offer => ({ kind: 'AC', phases, voltage: volts(230), limit: amperes(limit) });
const dc = (limit: number): Offer => ({ kind: 'DC', limit: watts(limit) });

describe('a car', () => {
  test('draws the lower of the offer and the maximum of its onboard charger', () => {
    expect(draw(buildCar({ maxAmperage: 16 }), ac(10))).toBe(10 * 230 * 3);
    expect(draw(buildCar({ maxAmperage: 16 }), ac(32))).toBe(16 * 230 * 3);
  });

  test('uses the lower number of phases of the car and the EVSE', () => {
    expect(draw(buildCar({ phases: 1 }), ac(10))).toBe(2300);
    expect(draw(buildCar({ phases: 3 }), ac(10, 1))).toBe(2300);
  });

  test('draws nothing on AC below 6 A', () => {
    expect(draw(buildCar(), ac(5.9))).toBe(0);
    expect(draw(buildCar(), ac(6))).toBe(6 * 230 * 3);
  });

  test('draws on DC the lower of the offer and the maximum of its battery', () => {
    expect(draw(buildCar({ maxDcKilowatts: 80 }), dc(50_000))).toBe(50_000);
    expect(draw(buildCar({ maxDcKilowatts: 80 }), dc(150_000))).toBe(80_000);
  });

  test('draws less and less above 80 % state of charge, but on AC at least 6 A until it is full', () => {
    const at = (soc: number) => draw(buildCar({ soc, maxDcKilowatts: 100 }), dc(150_000));
    expect([at(0.8), at(0.9), at(0.99)].map((power) => Math.round(power / 1000))).toEqual([100, 57, 19]);
    expect(draw(buildCar({ soc: 0.99, maxAmperage: 16 }), ac(16))).toBe(6 * 230 * 3);
  });

  test('draws nothing when it has reached its target', () => {
    const car = buildCar({ soc: 0.8, target: 0.8 });
    expect([isFull(car), draw(car, ac(16))]).toEqual([true, 0]);
  });

  test('adds the charged energy, up to its target', () => {
    const car = charge(buildCar({ kilowattHours: 50, soc: 0.5 }), watts(10_000), seconds(3600));
    expect(stateOfCharge(car)).toBeCloseTo(0.7);
    expect(stateOfCharge(charge(car, watts(100_000), seconds(36_000)))).toBe(1);
  });

  test('never draws more than any offer', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 80, noNaN: true }), fc.constantFrom(1, 2, 3), (soc, limit, phases) => {
        const car = buildCar({ soc, phases, maxAmperage: 32 });
        return draw(car, ac(limit)) <= limit * 230 * phases + 1e-6 && draw(car, dc(limit)) <= limit;
      }),
    );
  });

  test('does not exceed its capacity when it draws a power for as long as that power is constant', () => {
    const car = buildCar({ kilowattHours: 50, soc: 0.95 });
    const power = watts(10_000);
    expect(stateOfCharge(charge(car, power, constantPowerFor(car, power) ?? seconds(0)))).toBeLessThanOrEqual(1);
    expect(constantPowerFor(car, watts(0))).toBeUndefined();
  });
});
