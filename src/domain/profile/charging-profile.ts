import type { Amperes, EpochSeconds, Seconds, Watts } from '../units.ts';

/** OCPI ChargingRateUnit: `W` is the total over all phases, `A` is per phase (OCPI 2.2.1 §14.5.3). */
export type RateUnit = 'W' | 'A';

export interface Period<L> {
  /** From the start of the profile. */
  start: Seconds;
  /** A ceiling, never a target. */
  limit: L;
}

interface Schedule<U extends RateUnit, L> {
  unit: U;
  /** Absent: relative to the start of charging. */
  start?: EpochSeconds;
  /** Absent: the last period goes on until the transaction ends. */
  duration?: Seconds;
  minChargingRate?: L;
  /** At least one; the first starts at 0, each later than the one before. */
  periods: readonly Period<L>[];
}

/** What a sender asks an EVSE to stay below (OCPI ChargingProfile, OCPI 2.2.1 §14.5.2). */
export type ChargingProfile = Schedule<'W', Watts> | Schedule<'A', Amperes>;

/** What an EVSE says it will stay below, all its inputs counted (OCPI ActiveChargingProfile, OCPI 2.2.1 §14.4). */
export type ActiveChargingProfile = ChargingProfile & { start: EpochSeconds; duration: Seconds };
