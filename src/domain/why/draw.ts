import { acPhases, inUnit, type LimitNow, type Supply } from '../limit/limit-source.ts';
import type { Measured, SessionKnowledge } from './known.ts';

/** The lowest current at which a car can charge on AC, in A (IEC 61851-1). */
const LEAST_CURRENT = 6;
/** From this part of the allowed power on, a car uses its limit. */
const USED = 0.9;
/** A meter may read 5 % too much. */
const TOO_MUCH = 1.05;
/** W: less is standby. */
const STANDBY = 100;

/** How the power of a car compares with its limit. */
export type Draw = 'unknown' | 'nothing' | 'less' | 'fewer-phases' | 'all' | 'above';

/** W over all phases; undefined: not known. A current in A is that of all phases together. */
export function powerOf({ power, current }: Measured, supply: Supply | undefined): number | undefined {
  return power ?? (current !== undefined && acPhases(supply) !== undefined && supply ? current * supply.maxVoltage : undefined);
}

/** The power that a limit allows, in W; undefined: it cannot be converted. */
export const allowedPower = (limit: LimitNow | undefined, supply: Supply | undefined): number | undefined => limit && inUnit(limit, 'W', supply);

/** Compares what a car draws with its limit, or with the maximum of its EVSE when no limit is known. */
export function drawOf({ measured, limit, supply }: Pick<SessionKnowledge, 'measured' | 'limit' | 'supply'>): Draw {
  const power = powerOf(measured, supply);
  if (power === undefined) return measured.charging === false ? 'nothing' : 'unknown';
  if (power < STANDBY) return 'nothing';
  const allowed = allowedPower(limit, supply) ?? supply?.watts;
  if (allowed === undefined) return 'unknown';
  // A power from before the limit says nothing: only the node's own finding counts.
  if (measured.aboveLimit) return 'above';
  if (power >= allowed * USED) return 'all';
  return fewerPhases(power, { allowed, supply }) === undefined ? 'less' : 'fewer-phases';
}

/** The phases that a car uses at its limit when these are fewer than the EVSE has; undefined: its power does not show that. */
export function fewerPhases(power: number, { allowed, supply }: { allowed: number; supply: Supply | undefined }): 1 | 2 | undefined {
  const phases = acPhases(supply) ?? 1;
  return ([1, 2] as const).find((used) => used < phases && isNear(power / allowed, used / phases));
}
const isNear = (ratio: number, expected: number) => ratio >= expected * USED && ratio <= expected * TOO_MUCH;

/** Whether a limit is too low for a car to charge. */
export function isPause(limit: LimitNow | undefined, supply: Supply | undefined): boolean {
  if (!limit) return false;
  if (limit.limit <= 0) return true;
  const current = supply && supply.powerType !== 'DC' ? inUnit(limit, 'A', supply) : undefined;
  return current !== undefined && current < LEAST_CURRENT;
}

/** Whether a limit is the maximum of the EVSE or above it. */
export function isMaximum(limit: LimitNow, supply: Supply | undefined): boolean {
  const most = limit.unit === 'A' ? supply?.amperes : supply?.watts;
  return most !== undefined && limit.limit >= most * 0.99;
}
