import { composeIn, type InstalledProfile, type Limit, type RateUnit, type Schedule, type Span, type Wires } from '../../domain/profile/index.ts';
import { addProblem, at, type Field, list, moment, nonNegative, oneOf, optional } from '../../domain/profile/read-field.ts';
import { ocppProfile } from '../../domain/profile/read-ocpp.ts';
import { RATE_UNITS } from '../../domain/profile/read-periods.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { amperes, type EpochSeconds, watts } from '../../domain/units.ts';

/** What an EVSE holds, and when it is asked what it stays below: one line of test/vectors. */
export interface Case extends Span {
  transactionStarted: EpochSeconds;
  unit: RateUnit;
  evseMax: number;
  profiles: readonly InstalledProfile[];
}

/** A year: what recurs every day is written out for each. */
const LONGEST_CASE = 366 * 86_400;

/** A case from outside; its EVSE's own profiles go before its station's of equal stack level. */
export function readCase(it: Field): Case {
  const [from, to] = [moment(at(it, 'from')), moment(at(it, 'to'))];
  if (to <= from || to - from > LONGEST_CASE) addProblem(at(it, 'to'), 'a moment after from, within 366 days');
  return {
    from,
    to,
    transactionStarted: optional(at(it, 'transaction_started'), moment) ?? from,
    unit: oneOf(at(it, 'unit'), RATE_UNITS),
    evseMax: nonNegative(at(it, 'evse_max')),
    profiles: [...profilesIn(at(it, 'evse_profiles')), ...profilesIn(at(it, 'station_profiles'))],
  };
}

const profilesIn = (it: Field): InstalledProfile[] => optional(it, (there) => list(there, ocppProfile, 0)) ?? [];

/** What the EVSE of a case stays below from its beginning to its end. */
export function composeCase({ from, to, transactionStarted: chargingStarted, unit, evseMax, profiles }: Case, wires: Wires): Result<Schedule<Limit>> {
  const situation = { from, to, chargingStarted, wires };
  const made: Result<Schedule<Limit>> =
    unit === 'W' ? composeIn('W', profiles, { ...situation, maximum: watts(evseMax) }) : composeIn('A', profiles, { ...situation, maximum: amperes(evseMax) });
  return made.ok ? ok(made.value) : fail(`found limits in W and in A, allowed: one unit where they do not convert (${made.problem})`);
}
