import { type Seconds, seconds } from '../units.ts';
import type { RateUnit } from './charging-profile.ts';
import { addProblem, at, type EnumMapping, type Field, list, positiveInteger, wholeNumber } from './read-field.ts';

/** The rate units on the wire, the same in OCPI and OCPP. */
export const RATE_UNITS: EnumMapping<RateUnit, RateUnit> = [
  ['W', 'W'],
  ['A', 'A'],
];

/** Reads a duration of at least one whole second. */
export const durationSeconds = (it: Field): Seconds => seconds(positiveInteger(it));

/** Reads periods with the start field `start`: the first starts at 0, each later one after the one before (CP-31; OCPP 2.0.1 K01.FR.31, K01.FR.35). */
export function increasingPeriods<P>(it: Field, start: string, read: (period: Field) => P): (P & { start: Seconds })[] {
  let before = -1;
  return list(it, (period) => {
    const startField = at(period, start);
    const from = wholeNumber(startField);
    if (before < 0 && from !== 0) addProblem(startField, '0 in the first period');
    else if (from <= before) addProblem(startField, `more than ${before}, the start of the period before`);
    before = Math.max(before, from);
    return { start: seconds(from), ...read(period) };
  });
}

/** Reads periods as they come: none, in any order, from any start on; of two with the same start the last counts. */
export function sortedPeriods<P>(it: Field, start: string, read: (period: Field) => P): (P & { start: Seconds })[] {
  const periods = list(it, (period) => ({ start: seconds(wholeNumber(at(period, start))), ...read(period) }), 0);
  return [...new Map(periods.map((period) => [period.start, period])).values()].sort((a, b) => a.start - b.start);
}
