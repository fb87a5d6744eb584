import { type Decision, refuse } from '../../domain/effect.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type Answer, notPermitted, obstacle, type RequestFacts, unitsComparable } from './check-profile-request.ts';

/** Accepts a profile only when it can be sent on, and then always with the work to send it (CP-06, CP-11, CP-36). */
export function decide(known: RequestFacts, profile: ChargingProfile): Decision<Answer> {
  const hindered = obstacle(known) ?? notPermitted(known);
  if (hindered || !known.session) return refuse(hindered ?? { result: 'UNKNOWN_SESSION' });
  if (!sendable(known, profile))
    return refuse({
      result: 'NOT_SUPPORTED',
      message: `the charge point takes ${known.station.units.join(' and ')}, and ${profile.unit} cannot be converted on a DC connector`,
    });
  if (!unitsComparable(known, profile.unit)) return refuse({ result: 'REJECTED', message: 'another party steers this session in another unit' });
  const { key: session, profileId } = known.session;
  return {
    answer: { result: 'ACCEPTED' },
    effects: [
      { do: 'carry', session, station: known.station.id, profileId, ask: { kind: 'set', profile } },
      { do: 'supersede', session },
    ],
  };
}

/** Watts and amperes convert by phases and voltage on AC; on DC nobody knows the voltage beforehand. */
const sendable = ({ station, evse }: RequestFacts, profile: ChargingProfile): boolean => station.units.includes(profile.unit) || evse?.powerType !== 'DC';
