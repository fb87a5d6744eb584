import { type Evse, phasesOf } from '../evse.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Amperes, amperes, type Watts, watts } from '../units.ts';
import type { ChargingProfile, LimitIn, Period, ProfileIn, RateUnit } from './charging-profile.ts';
import type { Limit } from './schedule.ts';

/** What turns amperes into watts at an EVSE: its nominal voltage, line to neutral, and the phases that are wired. */
export type Wires = Pick<Evse, 'powerType' | 'maxVoltage'>;

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

/** Stations that count in 32-bit floats send 8.1 as 8.100000381 and 0.7 as 0.699999988; only what is no such tenth is rounded down. */
export function meantTenth(n: number): number {
  const nearest = Math.round(n * 10) / 10 + 0;
  return Math.fround(nearest) === Math.fround(n) ? nearest : floorTenth(n);
}

/** The current per phase that makes no more than a power over all phases: A = W / (V × phases), down to 0.1 A (CP-32). */
export function wattsToAmperes(power: Watts, wires: Wires, numberPhases?: number): Result<Amperes, NotConvertible> {
  const factor = wattsPerAmpere(wires, numberPhases);
  return factor === undefined ? fail('not convertible') : ok(amperes(downToTenth(power / factor)));
}

/** The power over all phases that a current per phase makes: W = A × V × phases, down to 0.1 W (CP-32). */
export function amperesToWatts(current: Amperes, wires: Wires, numberPhases?: number): Result<Watts, NotConvertible> {
  const factor = wattsPerAmpere(wires, numberPhases);
  return factor === undefined ? fail('not convertible') : ok(watts(downToTenth(current * factor)));
}

/** More phases than there are wires change nothing (OCPP 1.6 errata 3.34), so three, where none are named, are all that there are. */
function wattsPerAmpere({ powerType, maxVoltage }: Wires, numberPhases = 3): number | undefined {
  return powerType === 'DC' || !(maxVoltage > 0) ? undefined : maxVoltage * Math.min(numberPhases, phasesOf(powerType));
}

/** 16.1 × 690 is 11109, though doubles make it a hair more or less: without this, a hair less would cost a tenth. */
const settle = (n: number) => Number(n.toPrecision(12));

/** Down to a tenth, where a number that was calculated is off by a hair. */
export const downToTenth = (n: number): number => floorTenth(settle(n));

/** The same profile in the asked unit, each limit by its own phases and rounded down; the very same value when it has that unit already. */
export const convertProfile = (profile: ChargingProfile, unit: RateUnit, wires: Wires): Result<ChargingProfile, NotConvertible> =>
  unit === 'W' ? INTO.W(profile, wires) : INTO.A(profile, wires);

/** As `convertProfile`, where the type is to know the unit. */
export const profileIn = <U extends RateUnit>(unit: U, profile: ChargingProfile, wires: Wires): Result<ProfileIn<U>, NotConvertible> =>
  INTO[unit](profile, wires);

const INTO: { [U in RateUnit]: (profile: ChargingProfile, wires: Wires) => Result<ProfileIn<U>, NotConvertible> } = {
  W: (profile, wires) => (profile.unit === 'W' ? ok(profile) : mapLimits(profile, 'W', (limit, phases) => amperesToWatts(limit, wires, phases))),
  A: (profile, wires) => (profile.unit === 'A' ? ok(profile) : mapLimits(profile, 'A', (limit, phases) => wattsToAmperes(limit, wires, phases))),
};

type Convert<A extends Limit, B extends Limit> = (limit: A, numberPhases?: number) => Result<B, NotConvertible>;

function mapLimits<A extends RateUnit, B extends RateUnit>(
  { start, duration, minChargingRate, periods: from }: ProfileIn<A>,
  unit: B,
  convert: Convert<LimitIn[A], LimitIn[B]>,
): Result<ProfileIn<B>, NotConvertible> {
  const periods: Period<LimitIn[B]>[] = [];
  for (const period of from) {
    const limit = convert(period.limit, period.numberPhases);
    if (!limit.ok) return limit;
    periods.push({ ...period, limit: limit.value });
  }
  const least = minChargingRate === undefined ? undefined : convert(minChargingRate);
  return ok({ unit, ...omitUndefined({ start, duration }), ...(least?.ok && { minChargingRate: least.value }), periods });
}

/** The most that the wires of an EVSE carry, down to 0.1: all phases together in watts, each phase in amperes (SEC-35). */
export const evseMaximum = <U extends RateUnit>(evse: Evse, unit: U): LimitIn[U] => MAXIMUM[unit](evse);

const MAXIMUM: { [U in RateUnit]: (evse: Evse) => LimitIn[U] } = {
  W: ({ maxVoltage, maxAmperage, powerType, maxPower = watts(Infinity) }) =>
    watts(downToTenth(Math.min(maxPower, maxVoltage * maxAmperage * phasesOf(powerType)))),
  A: (evse) => {
    const byPower = wattsToAmperes(evse.maxPower ?? watts(Infinity), evse);
    return amperes(floorTenth(Math.min(evse.maxAmperage, byPower.ok ? byPower.value : Infinity)));
  },
};
