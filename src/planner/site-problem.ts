import type { SessionKey } from '../domain/ids.ts';
import type { ProfileType } from '../domain/preferences.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import type { EpochSeconds, Volts, WattHours, Watts } from '../domain/units.ts';

/** A conductor of the grid: L1, L2 or L3. */
export type Phase = 1 | 2 | 3;

/** A value over a time span, `to` excluded. A series is a list of them in order; what no span covers is unknown. */
export interface ValueStep {
  from: EpochSeconds;
  to: EpochSeconds;
  value: number;
}

/** The electrical data of the EVSE and the car of one session. All limits have the unit of its profile. */
export interface EvseData {
  /** A per phase for AC, W over all phases for DC. */
  unit: RateUnit;
  /** The lowest limit above 0 at which the car charges: 6 A on AC (IEC 61851-1). */
  min: number;
  /** The highest limit of the EVSE, the cable and, once measured, the car. */
  max: number;
  /** Line to neutral, or between the two lines that it is connected to. */
  voltage: Volts;
  /** The phases that it loads. A DC EVSE loads all three equally; an unknown number of phases counts as three. */
  phases: readonly Phase[];
  /** The number of phases on which the car surely charges; absent: all of `phases`. */
  energyPhases?: Phase;
}

/** The data for discharging a car into the site (V2G). */
export interface DischargeData {
  /** The highest discharge limit in the unit of the EVSE. */
  max: number;
  /** Energy that may be taken out of the battery from its state now. */
  available: WattHours;
  /** Energy that fits into the battery from its state now. */
  room: WattHours;
  /** Energy out divided by energy in, over a whole cycle: between 0 and 1. */
  efficiency: number;
  /** Wear of the battery, in the currency of the prices for each kWh discharged. */
  wear: number;
}

/** One session with what its driver needs. */
export interface SessionProblem {
  key: SessionKey;
  /** The name of the limit that its EVSE is below. Absent: the root. */
  node?: string;
  evse: EvseData;
  /** When the car arrived, or is expected. */
  arrival: EpochSeconds;
  /** The end of its window; absent: the driver did not say. */
  departure?: EpochSeconds;
  /** When this driver usually leaves, if that is before `departure`: energy after it costs more. */
  likelyDeparture?: EpochSeconds;
  /** Energy to deliver from now on; absent: not known. */
  need?: WattHours;
  /** Energy delivered since the session began, for fairness between sessions. */
  delivered: WattHours;
  /** Energy from now on that was promised to the driver: no session without a promise takes it. */
  promised?: WattHours;
  profileType: ProfileType;
  dischargeAllowed: boolean;
  /** Present when the EVSE and the car can discharge. */
  discharge?: DischargeData;
  /** Limits of others for this session, such as its active profile, in the unit of the EVSE. */
  ceiling?: readonly ValueStep[];
  /** False: it accepts no profiles; its maximum is reserved. */
  steerable: boolean;
}

/** The limits of one node of a site over a time span. */
export interface NodeStep {
  from: EpochSeconds;
  to: EpochSeconds;
  /** A on each phase, or on L1, L2 and L3. Absent: not limited. */
  amperes?: number | readonly [number, number, number];
  /** W over all phases. Absent: not limited. */
  watts?: number;
}

/** A grid connection, a panel or a group. */
export interface NodeLimit {
  name: string;
  /** The name of the node above; absent: this is a root. */
  parent?: string;
  /** What the cars below it may use together. A time without a step is not limited. */
  steps: readonly NodeStep[];
}

/** A limit on a weighted sum of the currents of sessions, for wiring that is not a tree, such as a transformer with a delta winding. */
export interface SumLimit {
  name: string;
  /** The weight of each session: what one unit of its limit adds. */
  weights: Readonly<Record<SessionKey, number>>;
  /** The ceiling of the sum. */
  steps: readonly ValueStep[];
}

/** The profile that was sent last to a session, as limits over time. */
export interface SentSchedule {
  key: SessionKey;
  steps: readonly ValueStep[];
}

/** A charge for the highest load of a billing period. */
export interface DemandCharge {
  /** In the currency of the prices. */
  perKilowatt: number;
  /** The highest load of the billing period until now: up to it, load is free of the charge. */
  peakSoFar: Watts;
}

/** Everything that decides the plan of one site. It is plain JSON: it goes to a worker and to other optimisers unchanged. */
export interface SiteProblem {
  site: string;
  now: EpochSeconds;
  horizonEnd: EpochSeconds;
  sessions: readonly SessionProblem[];
  limits: readonly NodeLimit[];
  sums?: readonly SumLimit[];
  /** Price of a kWh, in any one currency. */
  prices?: readonly ValueStep[];
  /** Grams of CO2 for each kWh. */
  carbon?: readonly ValueStep[];
  demandCharge?: DemandCharge;
  sent?: readonly SentSchedule[];
  /** Energy that cars which are not there yet usually take until the horizon; at a busy site it makes everybody charge early. */
  expected?: WattHours;
}
