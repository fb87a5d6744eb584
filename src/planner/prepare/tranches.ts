import type { PreparedSession, Tranche } from './prepared.ts';

/** The parts of a need. The more parts, the more equal the served fractions of sessions when there is not enough. */
const PARTS = 10;
/** The price of a kWh that is promised, beside one that is not: freeing one kWh on a single phase may cost three of another session. */
const PROMISE = 20;

/** All sessions of the plan: no cost of energy may outweigh a shortfall. */
export interface PriceLevel {
  sessions: readonly PreparedSession[];
  peakPrice: number;
}

/**
 * What not delivering a session costs, in tranches of its need: the first kWh since its begin are the dearest, so that nobody
 * starves, and promised energy is dearer than all.
 */
export function tranchesOf({ need, delivered, promised }: PreparedSession, level: PriceLevel): readonly Tranche[] {
  const base = basePrice(level);
  const tranches: Tranche[] = promised > 0 ? [{ size: promised, price: base * 2 * PROMISE }] : [];
  const part = (delivered + need) / PARTS;
  for (let n = 0; n < PARTS; n++) {
    const size = (n + 1) * part - Math.max(n * part, delivered + promised);
    if (size > 1e-9) tranches.push({ size: Math.min(size, part), price: base * (2 - (n + 1) / PARTS) });
  }
  return tranches;
}

const levels = new WeakMap<readonly PreparedSession[], number>();

/** More than any kWh may cost, so that energy is delivered whenever it can be; with a demand charge, a kWh within 15 min raises the peak by 4 kW. */
function basePrice({ sessions, peakPrice }: PriceLevel): number {
  const known = levels.get(sessions);
  if (known !== undefined) return known;
  let [low, high] = [0, 0];
  for (const { cost } of sessions) for (const value of cost) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const price = 20 + 2 * (high - low) + 4 * peakPrice;
  levels.set(sessions, price);
  return price;
}
