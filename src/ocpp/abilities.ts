import type { Abilities } from './station.ts';

/** What a station is taken to be able to do while it has not said: whatever is asked of it, so that its own refusal decides. */
export const assumed: Abilities = {
  smartCharging: true,
  units: ['A', 'W'],
  unitsAssumed: true,
  maxStackLevel: 1,
  // The most that OCPP 2.x can carry in one schedule.
  maxPeriods: 1024,
  minProfileId: 1,
};

/** A whole number from 0 up in a station's text; undefined when it is none. */
export function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}
