import type { Prepared, Tranche } from '../prepare/prepared.ts';
import { type Draft, energyIn, energyOf, loadsOf } from './draft.ts';

/** A unit of load: less above a ceiling is a floating-point error. */
const TOLERANCE = 1e-6;

/** What a plan is worth. */
export interface Evaluation {
  /** The weighted cost, as the linear model counts it. */
  objective: number;
  /** Currency, and g of CO2. */
  cost: number;
  carbon: number;
  /** kW. */
  peak: number;
  /** kWh for each session. */
  energy: Float64Array;
  /** The names of the ceilings that it exceeds. */
  exceeded: readonly string[];
  loads: readonly Float64Array[];
}

/** Evaluates a plan by the costs, the shortfall and the peak of its problem. */
export function evaluate(prepared: Prepared, draft: Draft): Evaluation {
  const { sessions, slots, peakPrice, peakSoFar, priceScale } = prepared;
  const sums = { weighted: 0, cost: 0, carbon: 0 };
  const power = new Float64Array(slots.length);
  for (const [n, { first, end, cost, discharge }] of sessions.entries())
    for (let slot = first; slot < end; slot++) {
      const grid = energyIn(prepared, draft, [n, slot]) * ((draft.kw[n]?.[slot] ?? 0) < 0 ? (discharge?.efficiency ?? 1) : 1);
      const wear = grid < 0 ? -grid * (discharge?.wear ?? 0) : 0;
      sums.weighted += grid * (cost[slot] ?? 0) + wear / priceScale;
      sums.cost += grid * (slots[slot]?.price ?? 0) + wear;
      sums.carbon += grid * (slots[slot]?.carbon ?? 0);
      power[slot] = (power[slot] ?? 0) + (draft.kw[n]?.[slot] ?? 0);
    }
  const energy = energyOf(prepared, draft);
  const shortfall = sessions.reduce((sum, { need }, n) => sum + shortfallCost(prepared.tranches[n] ?? [], need - (energy[n] ?? 0)), 0);
  const peak = power.reduce((high, kw) => Math.max(high, kw), 0);
  const above = Math.max(0, peak - peakSoFar) * peakPrice;
  const loads = loadsOf(prepared, draft);
  const exceeded = prepared.capacities.filter(({ ceiling }, c) => ceiling.some((limit, slot) => (loads[c]?.[slot] ?? 0) > limit + TOLERANCE));
  return {
    objective: sums.weighted + shortfall + above,
    cost: sums.cost + above * priceScale,
    carbon: sums.carbon,
    peak,
    energy,
    exceeded: exceeded.map(({ name }) => name),
    loads,
  };
}

/** The cheapest tranches are given up first. */
function shortfallCost(tranches: readonly Tranche[], missing: number): number {
  let [cost, left] = [0, missing];
  for (let n = tranches.length - 1; n >= 0 && left > 0; n--) {
    const { size = 0, price = 0 } = tranches[n] ?? {};
    cost += Math.min(left, size) * price;
    left -= size;
  }
  return cost;
}
