import type { Abilities } from './station.ts';

/** Abilities assumed until the station states its own. Everything is allowed, so that the station's refusal decides. */
export const assumedAbilities: Abilities = {
  smartCharging: true,
  units: ['A', 'W'],
  unitsAssumed: true,
  maxStackLevel: 1,
  // The maximum of OCPP 2.x for one schedule.
  maxPeriods: 1024,
  minProfileId: 1,
};

/** Parses a whole number of at most nine digits; undefined for any other text. */
export function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}
