import type { Amperes, EpochSeconds, Seconds, Watts } from '../units.ts';

/** OCPI ChargingRateUnit: `W` is the total over all phases, `A` is per phase (OCPI 2.2.1 §14.5.3). */
export type RateUnit = 'W' | 'A';

/** The type of a limit in a unit. */
export interface LimitIn {
  W: Watts;
  A: Amperes;
}

export interface Period<L> {
  /** From the start of the profile. */
  start: Seconds;
  /** A ceiling, never a target. */
  limit: L;
  /** Phases that the limit is meant for, which only OCPP says; absent: three, as far as the EVSE has them (OCPP 2.0.1 K01.FR.49). */
  numberPhases?: number;
}

/** A profile whose unit is known. */
export interface ProfileIn<U extends RateUnit> {
  unit: U;
  /** Absent: relative to the start of charging. */
  start?: EpochSeconds;
  /** Absent: the last period goes on until the transaction ends. */
  duration?: Seconds;
  minChargingRate?: LimitIn[U];
  /** At least one; the first starts at 0, each later than the one before. */
  periods: readonly Period<LimitIn[U]>[];
}

/** What a sender asks an EVSE to stay below (OCPI ChargingProfile, OCPI 2.2.1 §14.5.2). */
export type ChargingProfile = ProfileIn<'W'> | ProfileIn<'A'>;

/** What an EVSE says it will stay below, all its inputs counted (OCPI ActiveChargingProfile, OCPI 2.2.1 §14.4). */
export type ActiveChargingProfile = ChargingProfile & { start: EpochSeconds; duration: Seconds };
