import type { EpochMillis, WattHours } from './units.ts';

/** Whether a car charges, and if not, who suspends charging; `not_charging`: the charge point does not say who. */
export const CHARGING_STATES = ['charging', 'suspended_ev', 'suspended_evse', 'not_charging'] as const;
/** One entry of `CHARGING_STATES`. */
export type ChargingState = (typeof CHARGING_STATES)[number];

/** What the meter and the charge point said of a session at one moment, by the clock of the charge point. Kept as evidence. */
export interface MeterSample {
  at: EpochMillis;
  /** Since the start of the session. */
  energy: WattHours;
  /** W. */
  power?: number;
  /** A, the sum of all phases. */
  current?: number;
  /** The maximum that the charge point offers to the car: A on each phase, or W. */
  offered?: { unit: 'A' | 'W'; limit: number };
  state: ChargingState;
}
