import type { Evse } from '../../domain/evse.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { convertProfile, evseMaximum } from '../../domain/profile/convert.ts';
import { strictest } from '../../domain/profile/strictest.ts';
import type { EpochSeconds } from '../../domain/units.ts';

/** One profile for an EVSE that stays below each of several; in the unit of the first; undefined when they do not compare, as watts and amperes on DC. */
export function lowestProfile(
  [one, ...others]: readonly [ChargingProfile, ...ChargingProfile[]],
  { evse, startedAt }: { evse: Evse; startedAt: EpochSeconds | undefined },
): ChargingProfile | undefined {
  if (others.length === 0 || startedAt === undefined) return one;
  const converted = others.map((it) => convertProfile(it, one.unit, evse)).flatMap((it) => (it.ok ? [it.value] : []));
  if (converted.length < others.length) return undefined;
  return strictest([one, ...converted], { from: startedAt, unlimited: { W: evseMaximum(evse, 'W'), A: evseMaximum(evse, 'A') } });
}
