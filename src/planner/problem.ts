import type { SessionKey } from '../domain/ids.ts';
import type { ChargingPreferences } from '../domain/preferences.ts';
import type { ChargingProfile } from '../domain/profile/charging-profile.ts';
import type { Schedule } from '../domain/profile/schedule.ts';
import type { Amperes, EpochSeconds, Volts, WattHours, Watts } from '../domain/units.ts';

/** What is known of the wires behind a session; whatever is absent is assumed to be the worse case. */
export interface PlannedEvse {
  /** Decides the unit of the profile: A for AC, W for DC. */
  current: 'AC' | 'DC';
  phases?: 1 | 2 | 3;
  /** Line to neutral for AC. */
  voltage?: Volts;
  /** Per phase for AC. */
  amperage?: Amperes;
  /** In all. */
  power?: Watts;
}

/** One running session. */
export interface PlannedSession {
  key: SessionKey;
  evse: PlannedEvse;
  /** Absent: the driver said nothing, which is treated as REGULAR. */
  preferences?: ChargingPreferences;
  /** Energy since the start of the session. */
  given: WattHours;
  /** `uncontrolled`: takes no profiles, so it may draw all that its EVSE carries, and gets none. */
  state: 'steered' | 'uncontrolled';
}

/** What a connection carries: amperes of each phase, or watts in all. */
export type SiteLimit = { unit: 'A'; value: Amperes } | { unit: 'W'; value: Watts };

/** Sessions behind one connection to the grid. */
export interface Site {
  location: string;
  limit: SiteLimit;
  sessions: readonly PlannedSession[];
}

/** All that a planner may look at; the same problem always has the same plan. */
export interface Problem {
  now: EpochSeconds;
  horizonEnd: EpochSeconds;
  sites: readonly Site[];
  /** For one kWh, in whatever currency; only what is dearer than what counts. */
  prices?: Schedule<number>;
}

/** One profile for each steered session, and why it is as it is, in a line for people. */
export interface Plan {
  profiles: ReadonlyMap<SessionKey, ChargingProfile>;
  why: ReadonlyMap<SessionKey, string>;
}

/** Whatever finds plans: never infeasible, never above a limit of a site or an EVSE at any second. */
export type Planner = (problem: Problem) => Plan;
