import type { Amperes, EpochSeconds, Seconds, Watts } from '../units.ts';

/** OCPI ChargingRateUnit: `W` is the total over all phases, `A` is per phase (OCPI 2.2.1 §14.5.3). */
export type RateUnit = 'W' | 'A';

/** The type of a limit in a unit. */
export interface LimitIn {
  W: Watts;
  A: Amperes;
}

/** One period of a profile: its limit applies from `start` to the next period. */
export interface Period<L> {
  /** Seconds from the start of the profile. */
  start: Seconds;
  /** An upper limit, never a target. */
  limit: L;
  /** The number of phases that the limit applies to, known in OCPP only. Absent: three, or as many as the EVSE has (OCPP 2.0.1 K01.FR.49). */
  numberPhases?: number;
}

/** A charging profile in one unit. */
export interface ProfileIn<U extends RateUnit> {
  unit: U;
  /** Absent: relative to the start of charging. */
  start?: EpochSeconds;
  /** Absent: the last period applies until the transaction ends. */
  duration?: Seconds;
  minChargingRate?: LimitIn[U];
  /** At least one period; the first starts at 0 and each later one after the one before. An active profile of a peer may have none, or begin later. */
  periods: readonly Period<LimitIn[U]>[];
}

/** The limits that a sender requests of an EVSE (OCPI ChargingProfile, OCPI 2.2.1 §14.5.2). */
export type ChargingProfile = ProfileIn<'W'> | ProfileIn<'A'>;

/** The limits that an EVSE has calculated from all its inputs (OCPI ActiveChargingProfile, OCPI 2.2.1 §14.4). */
export type ActiveChargingProfile = ChargingProfile & { start: EpochSeconds; duration: Seconds };
