import type { ProfileType } from '../../domain/preferences.ts';
import type { GridSlot } from './prepared.ts';

/** What a kWh costs in the planner's unit, where 1 is the mean price or the mean carbon intensity of the horizon. */
interface Weights {
  price: number;
  carbon: number;
  /** For each hour that the energy comes later. */
  delay: number;
}

/** The weight of a delay of one hour when there is plenty of time: enough to prefer the earlier of two slots with equal prices. */
const SLIGHT = 0.0164;

const WEIGHTS: Readonly<Record<ProfileType, Weights>> = {
  CHEAP: { price: 1, carbon: 0, delay: SLIGHT },
  GREEN: { price: 0.1, carbon: 1, delay: SLIGHT },
  REGULAR: { price: 0.5, carbon: 0.5, delay: 2 * SLIGHT },
  FAST: { price: 0.01, carbon: 0, delay: 1 },
};

/** The gain of a kWh in a slot that the profile sent last uses, so that small gains do not change profiles. */
const INERTIA = 0.04;
/** The cost of a kWh after the usual departure of the driver. */
const AFTER_USUAL = 0.25;

/** The scale of the costs: the mean absolute price and the mean carbon intensity over the horizon. */
export interface CostScale {
  price: number;
  carbon: number;
}

/** The scale for a grid; 1 where nothing is known. */
export function costScale(slots: readonly GridSlot[]): CostScale {
  const hours = slots.reduce((sum, slot) => sum + slot.hours, 0);
  const mean = (of: (slot: GridSlot) => number) => slots.reduce((sum, slot) => sum + Math.abs(of(slot)) * slot.hours, 0) / hours || 1;
  return { price: mean(({ price }) => price), carbon: mean(({ carbon }) => carbon) };
}

/** What decides the costs of one session. */
export interface CostInput {
  type: ProfileType;
  /** h of its window that it does not need at full power. */
  laxity: number;
  /** Epoch seconds; Infinity: not known. */
  usualDeparture: number;
  sent: Float64Array | undefined;
  /** Epoch seconds from which a delay counts. */
  begins: number;
}

/**
 * The weighted cost of a kWh in each slot. A delay weighs more when there is little time to spare: a hedge against cars that are
 * not there yet.
 */
export function weighCosts(slots: readonly GridSlot[], scale: CostScale, { type, laxity, usualDeparture, sent, begins }: CostInput): Float64Array {
  const { price, carbon, delay } = WEIGHTS[type];
  const perHour = delay * (1 + 4 / (1 + Math.max(0, laxity)));
  return Float64Array.from(slots, (slot, n) => {
    const late = slot.from >= usualDeparture ? AFTER_USUAL : 0;
    const kept = (sent?.[n] ?? 0) > 0 ? INERTIA : 0;
    return (price * slot.price) / scale.price + (carbon * slot.carbon) / scale.carbon + (perHour * Math.max(0, slot.from - begins)) / 3_600 + late - kept;
  });
}
