import { type Evse, phasesOf } from '../evse.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { fail, ok, type Result } from '../result.ts';
import { type Amperes, amperes, type Watts, watts } from '../units.ts';
import type { ChargingProfile, LimitIn, Period, ProfileIn, RateUnit } from './charging-profile.ts';
import type { Limit } from './schedule.ts';

/** The data that convert amperes to watts at an EVSE: nominal voltage, line to neutral, and wired phases. */
export type Wires = Pick<Evse, 'powerType' | 'maxVoltage'>;

/** Amperes and watts convert on AC only: on DC the battery of the car sets the voltage, so a current has no known power. */
export type NotConvertible = 'not convertible';

/** The greatest number with one decimal that does not exceed `n`; 8.1 stays 8.1, and -0 becomes 0 (TYP-08). */
export function floorTenth(n: number): number {
  if (Number.isInteger(n) || Math.abs(n) > TENTHS_END) return Math.floor(n) + 0;
  const tenths = Math.round(n * 10);
  return (tenths / 10 <= n ? tenths : tenths - 1) / 10;
}

/** Above this value a double has no exact tenths. */
const TENTHS_END = 2 ** 45;

/** A reported limit in tenths: stations with 32-bit floats send 8.1 as 8.100000381, which is read as 8.1; any other number is rounded down. */
export function meantTenth(n: number): number {
  const nearest = Math.round(n * 10) / 10 + 0;
  return Math.fround(nearest) === Math.fround(n) ? nearest : floorTenth(n);
}

/** The current per phase for a power over all phases: A = W / (V × phases), rounded down to 0.1 A (CP-32). */
export function wattsToAmperes(power: Watts, wires: Wires, numberPhases?: number): Result<Amperes, NotConvertible> {
  const factor = wattsPerAmpere(wires, numberPhases);
  return factor === undefined ? fail('not convertible') : ok(amperes(downToTenth(power / factor)));
}

/** The power over all phases for a current per phase: W = A × V × phases, rounded down to 0.1 W (CP-32). */
export function amperesToWatts(current: Amperes, wires: Wires, numberPhases?: number): Result<Watts, NotConvertible> {
  const factor = wattsPerAmpere(wires, numberPhases);
  return factor === undefined ? fail('not convertible') : ok(watts(downToTenth(current * factor)));
}

/** More phases than the EVSE has are ignored (OCPP 1.6 errata 3.34), so the default of three means all wired phases. */
function wattsPerAmpere({ powerType, maxVoltage }: Wires, numberPhases = 3): number | undefined {
  return powerType === 'DC' || !(maxVoltage > 0) ? undefined : maxVoltage * Math.min(numberPhases, phasesOf(powerType));
}

/** A calculated number rounded down to 0.1. It is rounded to 12 digits first: without that, a floating-point error could cost a tenth. */
export const downToTenth = (n: number): number => (isShortInteger(n) ? n : floorTenth(Number(n.toPrecision(12))));
/** Most limits are whole numbers of few digits, which no rounding changes. */
const isShortInteger = (n: number) => Number.isInteger(n) && Math.abs(n) < 1e9;

/** The profile in `unit`, each limit converted by its own number of phases and rounded down; the same object when it has that unit already. */
export const convertProfile = (profile: ChargingProfile, unit: RateUnit, wires: Wires): Result<ChargingProfile, NotConvertible> =>
  unit === 'W' ? CONVERT_TO.W(profile, wires) : CONVERT_TO.A(profile, wires);

/** Like `convertProfile`, with the unit in the type of the result. */
export const profileIn = <U extends RateUnit>(unit: U, profile: ChargingProfile, wires: Wires): Result<ProfileIn<U>, NotConvertible> =>
  CONVERT_TO[unit](profile, wires);

const CONVERT_TO: { [U in RateUnit]: (profile: ChargingProfile, wires: Wires) => Result<ProfileIn<U>, NotConvertible> } = {
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
  const minimum = minChargingRate === undefined ? undefined : convert(minChargingRate);
  return ok({ unit, ...omitUndefined({ start, duration }), ...(minimum?.ok && { minChargingRate: minimum.value }), periods });
}

/** The maximum of an EVSE, rounded down to 0.1: W over all phases or A per phase (SEC-35). */
export const evseMaximum = <U extends RateUnit>(evse: Evse, unit: U): LimitIn[U] => MAXIMUM[unit](evse);

const MAXIMUM: { [U in RateUnit]: (evse: Evse) => LimitIn[U] } = {
  W: ({ maxVoltage, maxAmperage, powerType, maxPower = watts(Infinity) }) =>
    watts(downToTenth(Math.min(maxPower, maxVoltage * maxAmperage * phasesOf(powerType)))),
  A: (evse) => {
    const byPower = wattsToAmperes(evse.maxPower ?? watts(Infinity), evse);
    return amperes(floorTenth(Math.min(evse.maxAmperage, byPower.ok ? byPower.value : Infinity)));
  },
};
