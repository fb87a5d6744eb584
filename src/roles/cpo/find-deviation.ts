import { type Evse, phasesOf } from '../../domain/evse.ts';
import type { ActiveChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { compareProfiles, type Difference, difference, EDGE_TOLERANCE, LIMIT_TOLERANCE, lastsLongerThan } from '../../domain/profile/compare.ts';
import type { Deviation, LimitAnnouncement } from '../../domain/station.ts';

/** A profile that the charge point may correctly report, and the tolerance of its steps in seconds. */
export interface Expectation {
  computed: ActiveChargingProfile;
  edge: number;
}

/** The tolerance in s for a profile relative to the start of charging, because that moment differs between charge points (ocpi-to-ocpp §3.6). */
export const RELATIVE_EDGE = 5;
/** The tolerance in s for a profile with an absolute start. */
export const ABSOLUTE_EDGE = EDGE_TOLERANCE;

/**
 * The deviation of a charge point whose reported profile matches none of the expected ones; undefined: no deviation. Less than one
 * ampere below is rounding to whole amperes, up to one ampere above is tolerated in another unit, and an announced limit explains its
 * direction.
 */
export function findDeviation(
  reported: ActiveChargingProfile,
  expected: readonly Expectation[],
  { evse, announced }: { evse: Evse; announced: LimitAnnouncement },
): Deviation | undefined {
  const found = expected.map(({ computed, edge }) => {
    const rounding = oneAmpere(evse, reported.unit === computed.unit ? reported.unit : 'A');
    // The voltage that the charge point converts with is unknown.
    const above = reported.unit === computed.unit ? LIMIT_TOLERANCE : rounding;
    return { computed, how: judge(difference(reported, computed, evse), { edge, above, below: rounding, announced }) };
  });
  if (found.some(({ how }) => how === undefined)) return undefined;
  const [first] = found;
  return first?.how && { how: first.how, computed: first.computed };
}

/** What is no deviation: the duration in s, the limit above and below, and announced limits. */
interface Tolerance {
  edge: number;
  above: number;
  below: number;
  announced: LimitAnnouncement;
}

function judge(found: Difference | undefined, { edge, above, below, announced }: Tolerance): Deviation['how'] | undefined {
  if (found === undefined) return undefined;
  if (!announced.raised && lastsLongerThan(found, (by) => by > above, edge)) return 'above';
  return !announced.lowered && lastsLongerThan(found, (by) => by <= -below, edge) ? 'below' : undefined;
}

/** One ampere on each phase, in A or W. */
const oneAmpere = ({ maxVoltage, powerType }: Evse, unit: RateUnit) => (unit === 'A' ? 1 : maxVoltage * phasesOf(powerType));

/** Whether a deviation began, ended or changed. */
export function isNewDeviation(known: Deviation | undefined, found: Deviation | undefined, evse: Evse): boolean {
  if (!known || !found) return known !== found;
  return known.how !== found.how || compareProfiles(known.computed, found.computed, evse) === 'different';
}
