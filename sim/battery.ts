import { type Amperes, amperes, type Seconds, seconds, type Volts, type WattHours, type Watts, wattHours, watts } from '../src/domain/units.ts';

/** A car: its battery and what limits its charging. */
export interface Car {
  capacity: WattHours;
  /** The present energy of the battery. */
  energy: WattHours;
  /** The energy at which the car stops charging. */
  target: WattHours;
  /** The phases of its onboard charger; not used on DC. */
  phases: 1 | 2 | 3;
  /** The maximum current of its onboard charger, per phase. */
  maxAmperage: Amperes;
  /** The maximum power of its battery on DC. */
  maxDcPower: Watts;
}

/** The limit that an EVSE offers a car: a current per phase on AC, a power on DC; `phases` of the EVSE. */
export type Offer = { kind: 'AC'; phases: 1 | 2 | 3; voltage: Volts; limit: Amperes } | { kind: 'DC'; limit: Watts };

/** Below this current a car does not charge on AC (IEC 61851-1). */
export const MIN_AC_CURRENT = amperes(6);
/** From this state of charge on, a battery takes less power, down to `TAPER_TO` of its maximum when it is full. */
const TAPER_FROM = 0.8;
const TAPER_TO = 0.15;

/** Makes a car; defaults are those of a common car. `soc` and `target` are shares of the capacity, 0 to 1. */
export function buildCar(
  options: { kilowattHours?: number; soc?: number; target?: number; phases?: 1 | 2 | 3; maxAmperage?: number; maxDcKilowatts?: number } = {},
): Car {
  const capacity = (options.kilowattHours ?? 60) * 1000;
  return {
    capacity: wattHours(capacity),
    energy: wattHours(capacity * (options.soc ?? 0.3)),
    target: wattHours(capacity * (options.target ?? 1)),
    phases: options.phases ?? 3,
    maxAmperage: amperes(options.maxAmperage ?? 16),
    maxDcPower: watts((options.maxDcKilowatts ?? 100) * 1000),
  };
}

/** The state of charge, 0 to 1. */
export const stateOfCharge = (car: Car) => car.energy / car.capacity;
/** Whether a car has reached its target. */
export const isFull = (car: Car) => car.energy >= car.target - 1;

/** The power that a car draws: the lower of the offer and what the car takes; nothing below 6 A on AC. */
export function draw(car: Car, offer: Offer): Watts {
  if (isFull(car)) return watts(0);
  if (offer.kind === 'DC') return watts(Math.max(0, Math.min(offer.limit, car.maxDcPower * powerShare(car))));
  if (offer.limit < MIN_AC_CURRENT) return watts(0);
  const wanted = Math.max(MIN_AC_CURRENT, car.maxAmperage * powerShare(car));
  return watts(Math.min(offer.limit, wanted) * offer.voltage * Math.min(offer.phases, car.phases));
}

/** The car after charging with `power` for `span`; its energy never exceeds its target. */
export function charge(car: Car, power: Watts, span: Seconds): Car {
  return { ...car, energy: wattHours(Math.min(Math.max(car.target, car.energy), car.energy + (power * span) / 3600)) };
}

/** How long a car may draw this power before its own limit changes: until the taper begins, then until a tenth of the taper has passed, or until it is full. */
export function constantPowerFor(car: Car, power: Watts): Seconds | undefined {
  if (power <= 0) return undefined;
  const step = car.capacity * (1 - TAPER_FROM) * 0.1;
  const next = car.energy < car.capacity * TAPER_FROM ? car.capacity * TAPER_FROM : car.energy + step;
  const left = Math.min(car.target, next) - car.energy;
  return seconds(Math.max(1, (left / power) * 3600));
}

/** The share of its maximum power that a battery takes: all up to 80 % state of charge, then less and less. */
function powerShare(car: Car): number {
  const over = (stateOfCharge(car) - TAPER_FROM) / (1 - TAPER_FROM);
  return over <= 0 ? 1 : 1 - (1 - TAPER_TO) * Math.min(1, over);
}
