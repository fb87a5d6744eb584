import { type Seconds, seconds } from '../units.ts';
import type { RateUnit } from './charging-profile.ts';
import { addProblem, at, type EnumMapping, type Field, list, positiveInteger, wholeNumber } from './read-field.ts';

/** OCPI and OCPP name the units alike. */
export const RATE_UNITS: EnumMapping<RateUnit, RateUnit> = [
  ['W', 'W'],
  ['A', 'A'],
];

/** A duration in whole seconds; one of no time at all would leave nothing of a profile. */
export const durationSeconds = (it: Field): Seconds => seconds(positiveInteger(it));

/** Periods whose starts begin at 0 and grow (OCPI: CP-31; OCPP 2.0.1 K01.FR.31, K01.FR.35). */
export function increasingPeriods<P>(it: Field, start: string, read: (period: Field) => P): (P & { start: Seconds })[] {
  let before = -1;
  return list(it, (period) => {
    const place = at(period, start);
    const from = wholeNumber(place);
    if (before < 0 && from !== 0) addProblem(place, '0 in the first period');
    else if (from <= before) addProblem(place, `more than ${before}, where the period before begins`);
    before = Math.max(before, from);
    return { start: seconds(from), ...read(period) };
  });
}
