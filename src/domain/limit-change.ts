import { type Evse, phasesOf } from './evse.ts';
import type { RateUnit } from './profile/charging-profile.ts';

/** A limit in the units that are known: A on each phase, W over all phases. Neither: no limit is known. */
export interface LimitInBoth {
  a?: number;
  w?: number;
}

/** The limit of one EVSE as it is, and as it would be after an act. */
export interface LimitChange {
  evse: string;
  from: LimitInBoth;
  to: LimitInBoth;
}

/** How much the limits of several EVSEs would rise and fall together, in W. A car may draw less than its limit, so these are the most. */
export interface ChangeSums {
  rises: number;
  falls: number;
}

/** The sums of changes whose W are known. */
export function sumChanges(changes: readonly LimitChange[]): ChangeSums {
  let [rises, falls] = [0, 0];
  for (const { from, to } of changes) {
    const by = (to.w ?? 0) - (from.w ?? 0);
    if (from.w === undefined || to.w === undefined) continue;
    if (by > 0) rises += by;
    else falls -= by;
  }
  return { rises, falls };
}

/** Whether an EVSE would get another limit. */
export const isChange = ({ from, to }: LimitChange): boolean => from.a !== to.a || from.w !== to.w;

/** A limit in A and in W where the EVSE is known, and is not DC; else in its own unit. */
export function limitInBoth(limit: number | undefined, unit: RateUnit, evse: Evse | undefined): LimitInBoth {
  if (limit === undefined) return {};
  const perAmpere = evse && evse.powerType !== 'DC' && evse.maxVoltage > 0 ? evse.maxVoltage * phasesOf(evse.powerType) : undefined;
  if (unit === 'A') return { a: limit, ...(perAmpere !== undefined && { w: Math.round(limit * perAmpere) }) };
  return { ...(perAmpere !== undefined && { a: Math.floor((limit / perAmpere) * 10) / 10 }), w: limit };
}
