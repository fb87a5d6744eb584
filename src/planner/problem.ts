import type { SessionKey } from '../domain/ids.ts';
import type { ChargingPreferences } from '../domain/preferences.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import type { Schedule } from '../domain/profile/schedule.ts';
import type { Amperes, EpochSeconds, Volts, WattHours, Watts } from '../domain/units.ts';

/** The known electrical data of the EVSE of a session; `evseLimits` has the defaults for absent values. */
export interface PlannedEvse {
  /** Decides the unit of the profile: A for AC, W for DC. */
  current: 'AC' | 'DC';
  phases?: 1 | 2 | 3;
  /** Line to neutral for AC. */
  voltage?: Volts;
  /** Current per phase for AC. */
  amperage?: Amperes;
  /** Power over all phases. */
  power?: Watts;
}

/** One running session. */
export interface PlannedSession {
  key: SessionKey;
  evse: PlannedEvse;
  /** Absent: the driver sent none; planned as REGULAR. */
  preferences?: ChargingPreferences;
  /** Energy delivered since the start of the session. */
  given: WattHours;
  /** The limit above which the car takes nothing more, in the unit of its EVSE, as it was measured; absent: not known. */
  takesAtMost?: number;
  /** `uncontrolled`: it accepts no profiles; it gets none and counts with the maximum of its EVSE. */
  state: 'steered' | 'uncontrolled';
}

/** The limit of a grid connection: A on each phase, or W over all phases. */
export type SiteLimit = { unit: 'A'; value: Amperes } | { unit: 'W'; value: Watts };

/** The sessions behind one grid connection. */
export interface Site {
  location: string;
  limit: SiteLimit;
  sessions: readonly PlannedSession[];
}

/** All inputs of a planner; the same problem always gives the same plan. */
export interface Problem {
  now: EpochSeconds;
  horizonEnd: EpochSeconds;
  sites: readonly Site[];
  /** Price for each kWh, in any currency: only the comparison of prices matters. */
  prices?: Schedule<number>;
}

/** A profile for each steered session, and its reason as one line for people. */
export interface Plan {
  profiles: ReadonlyMap<SessionKey, ChargingProfile>;
  why: ReadonlyMap<SessionKey, string>;
}

/** A function that makes a plan for every problem, and never exceeds a limit of a site or an EVSE. */
export type Planner = (problem: Problem) => Plan;
