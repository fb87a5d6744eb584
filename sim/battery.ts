import { type Amperes, amperes, type Seconds, seconds, type Volts, type WattHours, type Watts, wattHours, watts } from '../src/domain/units.ts';

/** A car as a charge point sees it: what it holds, what it wants, and how it takes it. */
export interface Car {
  capacity: WattHours;
  /** What the battery holds now. */
  energy: WattHours;
  /** Where the car says that it has enough. */
  target: WattHours;
  /** Phases that its charger on board uses; of no weight on DC. */
  phases: 1 | 2 | 3;
  /** Most that its charger on board takes from a phase. */
  maxAmperage: Amperes;
  /** Most that its battery takes on DC. */
  maxDcPower: Watts;
}

/** What an EVSE holds out to a car at one moment; `phases` are those that the EVSE may use. */
export type Offer = { kind: 'AC'; phases: 1 | 2 | 3; voltage: Volts; limit: Amperes } | { kind: 'DC'; limit: Watts };

/** Below this a car on AC does not charge at all (IEC 61851-1). */
export const LEAST_AC_CURRENT = amperes(6);
const TAPER_FROM = 0.8;
const TAPER_TO = 0.15;

/** A car of common size; every figure can be given. `soc` and `target` are shares of the capacity, 0 to 1. */
export function buildCar(
  wish: { kilowattHours?: number; soc?: number; target?: number; phases?: 1 | 2 | 3; maxAmperage?: number; maxDcKilowatts?: number } = {},
): Car {
  const capacity = (wish.kilowattHours ?? 60) * 1000;
  return {
    capacity: wattHours(capacity),
    energy: wattHours(capacity * (wish.soc ?? 0.3)),
    target: wattHours(capacity * (wish.target ?? 1)),
    phases: wish.phases ?? 3,
    maxAmperage: amperes(wish.maxAmperage ?? 16),
    maxDcPower: watts((wish.maxDcKilowatts ?? 100) * 1000),
  };
}

/** How full a car is, 0 to 1. */
export const chargeOf = (car: Car) => car.energy / car.capacity;
/** Whether a car wants no more. */
export const isFull = (car: Car) => car.energy >= car.target - 1;

/** What a car draws from an offer: the least of what is held out and what it wants, and nothing below 6 A on AC. */
export function draw(car: Car, offer: Offer): Watts {
  if (isFull(car)) return watts(0);
  if (offer.kind === 'DC') return watts(Math.max(0, Math.min(offer.limit, car.maxDcPower * appetite(car))));
  if (offer.limit < LEAST_AC_CURRENT) return watts(0);
  const wanted = Math.max(LEAST_AC_CURRENT, car.maxAmperage * appetite(car));
  return watts(Math.min(offer.limit, wanted) * offer.voltage * Math.min(offer.phases, car.phases));
}

/** The car after taking `power` for that long; it never holds more than its target. */
export function charge(car: Car, power: Watts, span: Seconds): Car {
  return { ...car, energy: wattHours(Math.min(Math.max(car.target, car.energy), car.energy + (power * span) / 3600)) };
}

/** How long a car may draw this power before it is full or its appetite has fallen by a tenth, so that power is not held constant for too long. */
export function steadyFor(car: Car, power: Watts): Seconds | undefined {
  if (power <= 0) return undefined;
  const step = car.capacity * (1 - TAPER_FROM) * 0.1;
  const next = car.energy < car.capacity * TAPER_FROM ? car.capacity * TAPER_FROM : car.energy + step;
  const left = Math.min(car.target, next) - car.energy;
  return seconds(Math.max(1, (left / power) * 3600));
}

/** The share of its full power that a battery takes: all of it up to 80 %, then ever less. */
function appetite(car: Car): number {
  const over = (chargeOf(car) - TAPER_FROM) / (1 - TAPER_FROM);
  return over <= 0 ? 1 : 1 - (1 - TAPER_TO) * Math.min(1, over);
}
