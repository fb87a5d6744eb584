import { type Seconds, seconds } from '../units.ts';
import type { RateUnit } from './charging-profile.ts';
import { at, blame, counting, type Field, list, type Words, whole } from './read-field.ts';

/** OCPI and OCPP name the units alike. */
export const RATE_UNITS: Words<RateUnit, RateUnit> = [
  ['W', 'W'],
  ['A', 'A'],
];

/** A duration in whole seconds; one of no time at all would leave nothing of a profile. */
export const lasting = (it: Field): Seconds => seconds(counting(it));

/** Periods whose starts begin at 0 and grow (OCPI: CP-31; OCPP 2.0.1 K01.FR.31, K01.FR.35). */
export function risingPeriods<P>(it: Field, start: string, read: (period: Field) => P): (P & { start: Seconds })[] {
  let before = -1;
  return list(it, (period) => {
    const place = at(period, start);
    const from = whole(place);
    if (before < 0 && from !== 0) blame(place, '0 in the first period');
    else if (from <= before) blame(place, `more than ${before}, where the period before begins`);
    before = Math.max(before, from);
    return { start: seconds(from), ...read(period) };
  });
}
