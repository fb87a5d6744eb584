import type { WattHours } from '../../domain/units.ts';
import type { ProblemNote } from '../site-plan.ts';
import type { DischargeData, SessionProblem, SiteProblem } from '../site-problem.ts';

/** A span of time in which no price and no limit changes. */
export interface GridSlot {
  /** Epoch seconds. */
  from: number;
  to: number;
  hours: number;
  /** Currency for each kWh, without gaps. */
  price: number;
  /** g for each kWh, without gaps; 0 when nothing is known. */
  carbon: number;
}

/** A session in numbers that a plan computes with: power in kW, energy in kWh. */
export interface PreparedSession {
  readonly problem: SessionProblem;
  /** kW for each unit of its limit. */
  readonly kwPerUnit: number;
  /** kW below which it does not charge. */
  readonly min: number;
  /** The first and the end slot (excluded) of its window. */
  readonly first: number;
  readonly end: number;
  /** For each slot of the grid: the highest kW, 0 outside its window. */
  readonly most: Float64Array;
  /** For each slot: the hours in which it may charge, fewer than the slot has at the edges of its window. */
  readonly hours: Float64Array;
  /** For each slot: the weighted cost of a kWh. */
  readonly cost: Float64Array;
  /** kWh from now on. */
  readonly need: number;
  /** kWh since its begin. */
  readonly delivered: number;
  /** kWh of `need` that are promised. */
  readonly promised: number;
  /** kW and kWh of discharging; undefined: it does not discharge. */
  readonly discharge: PreparedDischarge | undefined;
  /** For each slot: the mean and the highest kW of the profile sent last; undefined: none was sent. */
  readonly sent: { readonly mean: Float64Array; readonly most: Float64Array } | undefined;
  /** Epoch seconds at which it must be ready. */
  readonly deadline: number;
  /** A wish that cannot be followed. */
  readonly wish: string | undefined;
}

/** Discharging in kW and kWh. */
export interface PreparedDischarge extends Pick<DischargeData, 'efficiency' | 'wear'> {
  max: number;
  available: number;
  room: number;
}

/** One ceiling over time on a weighted sum of sessions: a phase of a node, the power of a node, or a sum limit. */
export interface Capacity {
  /** For people: `limit of panel A on L2`. */
  readonly name: string;
  readonly unit: 'A' | 'W' | '';
  /** The sessions below it, and what one kW of each adds. */
  readonly members: readonly number[];
  readonly loads: Float64Array;
  /** The ceiling in each slot, less what uncontrolled sessions may use; Infinity: no limit. */
  readonly ceiling: Float64Array;
}

/** A capacity above a session. */
export interface Above {
  readonly capacity: number;
  readonly perKw: number;
}

/** A tranche of the need: kWh that cost `price` each when they are not delivered. */
export interface Tranche {
  readonly size: number;
  readonly price: number;
}

/** A checked problem in numbers, with a note for each thing that was missing or wrong. */
export interface Prepared {
  readonly problem: SiteProblem;
  readonly slots: readonly GridSlot[];
  /** The steerable sessions, in the order of their keys. */
  readonly sessions: readonly PreparedSession[];
  readonly capacities: readonly Capacity[];
  /** For each session the capacities above it, by their number, and what one kW of it adds. */
  readonly above: readonly (readonly Above[])[];
  /** For each session its tranches, the dearest first. */
  readonly tranches: readonly (readonly Tranche[])[];
  /** What the weighted costs are divided by: currency for each kWh. */
  readonly priceScale: number;
  /** The weighted cost of one kW more than the peak so far; 0: no demand charge. */
  readonly peakPrice: number;
  /** kW. */
  readonly peakSoFar: number;
  readonly notes: readonly ProblemNote[];
  /** True: everybody charges as early as the limits allow. */
  readonly early?: boolean;
}

/** kWh of an energy in Wh. */
export const kwh = (energy: WattHours): number => energy / 1000;
