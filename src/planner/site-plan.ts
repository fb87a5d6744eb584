import type { SessionKey } from '../domain/ids.ts';
import type { RateUnit } from '../domain/profile/charging-profile.ts';
import type { EpochSeconds, WattHours, Watts } from '../domain/units.ts';
import type { SiteProblem, ValueStep } from './site-problem.ts';

/** How a plan was made. */
export type Method = 'OPTIMISED' | 'UNCONTROLLED' | 'EQUAL_SHARE' | 'EDF' | 'LLF' | 'FCFS' | 'EXTERNAL';

/** The limits of one session over time. */
export interface SessionSchedule {
  key: SessionKey;
  unit: RateUnit;
  /** Without gaps from now to the horizon, adjacent limits differ. A negative limit discharges. */
  steps: readonly ValueStep[];
  /** Energy that the plan delivers until the departure. */
  energy: WattHours;
  /** Why the session charges when it does, as one sentence for its driver. */
  why: string;
}

/** What stands between a session and its energy. */
export type Blame =
  | { kind: 'WINDOW' | 'EVSE' | 'MINIMUM' | 'WISH' }
  /** A limit of the site, with the first and the last moment at which it is full. */
  | { kind: 'LIMIT'; name: string; from: EpochSeconds; to: EpochSeconds };

/** Energy that a session will not get. */
export interface Unserved {
  key: SessionKey;
  energy: WattHours;
  blame: Blame;
  /** The reason as one sentence for the driver. */
  says: string;
}

/** Something in the problem that was missing or wrong, and how it was read. */
export interface ProblemNote {
  /** Absent: it concerns the whole site. */
  key?: SessionKey;
  says: string;
}

/** What is known about the quality of a plan. */
export interface Certificate {
  method: Method;
  /** Why another method than the optimiser answered. Absent: the wanted one did. */
  fallback?: string;
  /** The weighted cost of the plan, in the planner's own unit; only plans of one problem compare. */
  objective: number;
  /** No plan of this problem has a lower objective. Absent: not computed. */
  bound?: number;
  /** How far the objective is above the bound, as a part of the bound: 0.01 is 1 %. Absent: no bound. */
  gap?: number;
  /** In the currency of the prices; the demand charge only for what the plan adds to the peak. */
  cost: number;
  /** Grams of CO2; absent: carbon intensity is not known. */
  carbon?: number;
  /** The highest load of the plan. */
  peak: Watts;
  unserved: readonly Unserved[];
  notes: readonly ProblemNote[];
  /** Limits that the plan exceeds, because sessions that accept no profile do, or because the baseline ignores them. */
  exceeded: readonly string[];
}

/** The plan of one site: a schedule for each steerable session, and its certificate. */
export interface SitePlan {
  site: string;
  schedules: readonly SessionSchedule[];
  certificate: Certificate;
}

/** Makes a plan for every problem; it never rejects. */
export interface SitePlanner {
  plan(problem: SiteProblem): Promise<SitePlan>;
}
