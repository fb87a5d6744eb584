import { type Evse, phasesOf } from '../evse.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Amperes, amperes, type Watts, watts } from '../units.ts';
import type { ChargingProfile, RateUnit } from './charging-profile.ts';
import type { Limit, Timed } from './schedule.ts';

/** The type of a limit in a unit. */
export interface LimitIn {
  W: Watts;
  A: Amperes;
}

/** Watts follow from amperes on AC alone: a DC current says nothing of power until the car's battery sets the voltage. */
export type NotConvertible = 'not convertible';

/** The greatest number with one decimal that does not exceed `n`; 8.1 stays 8.1, and -0 becomes 0 (TYP-08). */
export function floorTenth(n: number): number {
  if (Number.isInteger(n) || Math.abs(n) > TENTHS_END) return Math.floor(n) + 0;
  const tenths = Math.round(n * 10);
  return (tenths / 10 <= n ? tenths : tenths - 1) / 10;
}

/** From here on doubles lie too far apart to tell tenths from one another. */
const TENTHS_END = 2 ** 45;

/** The current per phase that makes no more than a power over all phases: A = W / (V × phases), down to 0.1 A (CP-32). */
export function wattsToAmperes(power: Watts, evse: Evse): Result<Amperes, NotConvertible> {
  const factor = wattsPerAmpere(evse);
  return factor === undefined ? fail('not convertible') : ok(amperes(floorTenth(settle(power / factor))));
}

/** The power over all phases that a current per phase makes: W = A × V × phases, down to 0.1 W (CP-32). */
export function amperesToWatts(current: Amperes, evse: Evse): Result<Watts, NotConvertible> {
  const factor = wattsPerAmpere(evse);
  return factor === undefined ? fail('not convertible') : ok(watts(floorTenth(settle(current * factor))));
}

/** The same profile in the asked unit, each limit rounded down; the very same value when it has that unit already. */
export function convertProfile(profile: ChargingProfile, unit: RateUnit, evse: Evse): Result<ChargingProfile, NotConvertible> {
  if (profile.unit === unit) return ok(profile);
  if (profile.unit === 'W') {
    const converted = mapLimits(profile, (limit) => wattsToAmperes(limit, evse));
    return converted.ok ? ok({ unit: 'A', ...converted.value }) : converted;
  }
  const converted = mapLimits(profile, (limit) => amperesToWatts(limit, evse));
  return converted.ok ? ok({ unit: 'W', ...converted.value }) : converted;
}

/** The most that the wires of an EVSE carry, down to 0.1: all phases together in watts, each phase in amperes (SEC-35). */
export const evseMaximum = <U extends RateUnit>(evse: Evse, unit: U): LimitIn[U] => MAXIMUM[unit](evse);

const MAXIMUM: { [U in RateUnit]: (evse: Evse) => LimitIn[U] } = {
  W: ({ maxVoltage, maxAmperage, powerType, maxPower = watts(Infinity) }) =>
    watts(floorTenth(Math.min(maxPower, settle(maxVoltage * maxAmperage * phasesOf(powerType))))),
  A: (evse) => {
    const byPower = wattsToAmperes(evse.maxPower ?? watts(Infinity), evse);
    return amperes(floorTenth(Math.min(evse.maxAmperage, byPower.ok ? byPower.value : Infinity)));
  },
};

function wattsPerAmpere({ powerType, maxVoltage }: Evse): number | undefined {
  return powerType === 'DC' || !(maxVoltage > 0) ? undefined : maxVoltage * phasesOf(powerType);
}

/** 16.1 × 690 is 11109, though doubles make it a hair more or less: without this, a hair less would cost a tenth. */
const settle = (n: number) => Number(n.toPrecision(12));

type Scaled<L extends Limit> = Timed<L> & { minChargingRate?: L };

function mapLimits<A extends Limit, B extends Limit>(profile: Scaled<A>, convert: (limit: A) => Result<B, NotConvertible>): Result<Scaled<B>, NotConvertible> {
  const periods = [];
  for (const { start, limit } of profile.periods) {
    const converted = convert(limit);
    if (!converted.ok) return converted;
    periods.push({ start, limit: converted.value });
  }
  const least = profile.minChargingRate === undefined ? undefined : convert(profile.minChargingRate);
  return ok({
    ...(profile.start !== undefined && { start: profile.start }),
    ...(profile.duration !== undefined && { duration: profile.duration }),
    ...(least?.ok && { minChargingRate: least.value }),
    periods,
  });
}
