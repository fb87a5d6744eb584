import { type AcceptEffect, type Decision, refuse } from '../../domain/effect.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { type Answer, notPermitted, obstacle, type RequestFacts, STEERED, UNKNOWN_SESSION, unitsComparable } from './check-profile-request.ts';

/** Decides on a request to set a profile: ACCEPTED only when the profile can be dispatched, and then always with that work (CP-06, CP-11, CP-36). */
export function decide(facts: RequestFacts, profile: ChargingProfile): Decision<Answer, AcceptEffect> {
  if (!facts.session) return refuse(UNKNOWN_SESSION);
  const { key: session, profileId, status } = facts.session;
  const refusal = obstacle(status, facts) ?? notPermitted(facts);
  if (refusal) return refuse(refusal);
  if (!unitSupported(facts, profile))
    return refuse({
      result: 'NOT_SUPPORTED',
      message: `the charge point takes ${facts.station.units.join()}, and ${profile.unit} cannot be converted on a DC connector`,
    });
  if (!unitsComparable(facts, profile.unit)) return refuse({ result: 'REJECTED', message: `${STEERED}, in another unit` });
  return {
    answer: { result: 'ACCEPTED' },
    effects: [
      { do: 'dispatch', session, station: facts.station.id, profileId, ask: { kind: 'set', profile } },
      { do: 'supersede', session },
    ],
  };
}

/** On AC the units convert; on DC they do not, because the voltage is unknown. */
const unitSupported = ({ station, evse }: RequestFacts, profile: ChargingProfile): boolean => station.units.includes(profile.unit) || evse?.powerType !== 'DC';
