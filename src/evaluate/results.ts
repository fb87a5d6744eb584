/** What one planner did with one scenario. */
export interface EvaluationResult {
  scenario: string;
  planner: string;
  sessions: number;
  /** Parts of the energy that the cars took when nothing limited them; `full`: of the sessions. From 0 to 1. */
  served: number;
  full: number;
  worst: number;
  /** kWh. */
  energy: number;
  /** In the currency: for energy, and with the demand charge. */
  energyCost: number;
  cost: number;
  /** g CO2/kWh; absent: no carbon intensity is known. */
  carbon?: number;
  /** kW over a slot of 5 minutes. */
  peak: number;
  /** Messages for each session. */
  messages: number;
  /** ms for one plan. */
  p50: number;
  p99: number;
  /** Slots of 5 minutes in which the cars exceeded a limit. */
  violations: number;
  /** Plans that another method made, because the optimiser was late or failed. */
  fallbacks: number;
}

/** The value below which a part of the values is. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
