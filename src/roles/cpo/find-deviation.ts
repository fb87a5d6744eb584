import { type Evse, phasesOf } from '../../domain/evse.ts';
import type { ActiveChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { compareProfiles, type Difference, difference, EDGE_TOLERANCE, LIMIT_TOLERANCE, lastsLongerThan } from '../../domain/profile/compare.ts';
import type { Deviation, LimitAnnouncement } from '../../domain/station.ts';

/** One way in which the profile may be meant at the charge point, and how exactly its edges can be known (seconds). */
export interface Expectation {
  computed: ActiveChargingProfile;
  edge: number;
}

/** "The start of charging" is not one moment for all charge points: their relays close within seconds of what they tell (ocpi-to-ocpp §3.6). */
export const RELATIVE_EDGE = 5;
export const ABSOLUTE_EDGE = EDGE_TOLERANCE;

/**
 * Whether a charge point deviates: what it said fits none of the ways in which the profile may be meant. Charge points that count in whole
 * amperes are less than one below, and those that answer in another unit may be one above; that is no deviation, and neither is what
 * somebody else's limit explains.
 */
export function findDeviation(
  said: ActiveChargingProfile,
  ways: readonly Expectation[],
  { evse, announced }: { evse: Evse; announced: LimitAnnouncement },
): Deviation | undefined {
  const found = ways.map(({ computed, edge }) => {
    const rounding = oneAmpere(evse, said.unit === computed.unit ? said.unit : 'A');
    // Nobody knows what voltage the charge point has converted by.
    const above = said.unit === computed.unit ? LIMIT_TOLERANCE : rounding;
    return { computed, how: judge(difference(said, computed, evse), { edge, above, below: rounding, announced }) };
  });
  if (found.some(({ how }) => how === undefined)) return undefined;
  const [first] = found;
  return first?.how && { how: first.how, computed: first.computed };
}

/** What is let pass: seconds, and limits above and below. */
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

/** One ampere on each phase, in either unit. */
const oneAmpere = ({ maxVoltage, powerType }: Evse, unit: RateUnit) => (unit === 'A' ? 1 : maxVoltage * phasesOf(powerType));

/** Whether a deviation is another than the one that is known. */
export const isNewDeviation = (known: Deviation | undefined, found: Deviation | undefined, evse: Evse): boolean =>
  known?.how !== found?.how || (known !== undefined && found !== undefined && compareProfiles(known.computed, found.computed, evse) === 'different');
