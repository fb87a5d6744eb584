import type { SessionKey } from '../domain/ids.ts';
import type { ProfileType } from '../domain/preferences.ts';
import type { EpochSeconds, WattHours } from '../domain/units.ts';
import type { EvseData, NodeLimit, ValueStep } from '../planner/index.ts';

/** One past session, as it was, with what its driver had said. */
export interface PastCharge {
  key: SessionKey;
  /** The name of the EVSE or of its station. */
  evse: string;
  /** The name of the limit that the EVSE is below. Absent: the root. */
  node?: string;
  electric: EvseData;
  arrival: EpochSeconds;
  /** When the car really left. */
  departure: EpochSeconds;
  /** What the car takes when nothing limits it: the energy that it really took. */
  energy: WattHours;
  /** What the driver said. Absent: the departure and the energy were known from the start, as published comparisons assume. */
  stated?: { departure?: EpochSeconds; energy?: WattHours };
  profileType: ProfileType;
}

/** Energy that a car took on a day, to learn what is usual. */
export interface EarlierCharge {
  arrival: EpochSeconds;
  departure: EpochSeconds;
  energy: WattHours;
}

/** What goes wrong at the simulated site. Each function gives the same answer for the same arguments. */
export interface Faults {
  /** Whether a message about this session at this moment is refused. A car without a profile waits for one. */
  refuses?: (key: SessionKey, at: EpochSeconds) => boolean;
  /** Whether a session refuses every profile. Its car draws the maximum of its EVSE. */
  rejects?: (key: SessionKey) => boolean;
  /** The part of its limit that the car draws, from 0 to 1. */
  draws?: (key: SessionKey) => number;
  /** A lower limit that the CPO imposes on a session, in the unit of its EVSE. */
  ceiling?: (key: SessionKey) => readonly ValueStep[];
  /** s by which the clock of the site is late. */
  late?: number;
}

/** A site with its past sessions, to be charged again by a planner. */
export interface Scenario {
  /** A short name, such as S1 at 30 kW. */
  name: string;
  /** What the data are, for the heading of the table. */
  label: string;
  currency: string;
  sessions: readonly PastCharge[];
  /** Sessions before the first one that is charged again: to learn from. */
  earlier: readonly EarlierCharge[];
  limits: readonly NodeLimit[];
  /** Limits that are no tree, as weights for each EVSE. */
  sums?: readonly { name: string; weightOf: (charge: PastCharge) => number; ceiling: number }[];
  /** A test of the real limit where `limits` and `sums` only approximate it; A of each session. */
  exceeds?: (amperes: ReadonlyMap<PastCharge, number>) => boolean;
  prices: readonly ValueStep[];
  carbon?: readonly ValueStep[];
  /** In the currency, for each kW of the highest load. */
  demandCharge?: number;
  /** s east of UTC: where a day of the site begins. */
  zone: number;
  faults?: Faults;
}

/** s: the cars and the meter are simulated in slots of this length. */
export const SLOT = 300;
/** s of one day. */
export const DAY = 86_400;
