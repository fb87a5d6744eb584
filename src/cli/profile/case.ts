import { composeIn, type InstalledProfile, type Limit, type RateUnit, type Schedule, type Span, type Wires } from '../../domain/profile/index.ts';
import { addProblem, at, type Field, list, moment, nonNegative, oneOf, optional } from '../../domain/profile/read-field.ts';
import { ocppProfile } from '../../domain/profile/read-ocpp.ts';
import { RATE_UNITS } from '../../domain/profile/read-periods.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { amperes, type EpochSeconds, watts } from '../../domain/units.ts';

/** The profiles of one EVSE and the time span to compose them for: one line of the files in test/vectors. */
export interface Case extends Span {
  transactionStarted: EpochSeconds;
  unit: RateUnit;
  evseMax: number;
  profiles: readonly InstalledProfile[];
}

/** Seconds; limits the work, because a daily profile adds steps for each day. */
const MAX_SPAN = 366 * 86_400;

/** Reads a case. At equal stack level, profiles of the EVSE have priority over profiles of the station. */
export function readCase(it: Field): Case {
  const [from, to] = [moment(at(it, 'from')), moment(at(it, 'to'))];
  if (to <= from || to - from > MAX_SPAN) addProblem(at(it, 'to'), 'a moment after from, within 366 days');
  return {
    from,
    to,
    transactionStarted: optional(at(it, 'transaction_started'), moment) ?? from,
    unit: oneOf(at(it, 'unit'), RATE_UNITS),
    evseMax: nonNegative(at(it, 'evse_max')),
    profiles: [...readProfiles(at(it, 'evse_profiles')), ...readProfiles(at(it, 'station_profiles'))],
  };
}

const readProfiles = (it: Field): InstalledProfile[] => optional(it, (there) => list(there, ocppProfile, 0)) ?? [];

/** The composite schedule of a case. */
export function composeCase({ from, to, transactionStarted: chargingStarted, unit, evseMax, profiles }: Case, wires: Wires): Result<Schedule<Limit>> {
  const situation = { from, to, chargingStarted, wires };
  const composed: Result<Schedule<Limit>> =
    unit === 'W' ? composeIn('W', profiles, { ...situation, maximum: watts(evseMax) }) : composeIn('A', profiles, { ...situation, maximum: amperes(evseMax) });
  return composed.ok ? ok(composed.value) : fail(`found limits in W and in A, allowed: one unit, because they cannot be converted (${composed.problem})`);
}
