import { type AcceptEffect, type Decision, refuse } from '../../domain/effect.ts';
import { type Answer, alreadyWaiting, notPermitted, obstacle, type RequestFacts, STEERED, UNKNOWN_SESSION } from './check-profile-request.ts';

/** Decides on a request to clear the profile of a party. It is dispatched also when no profile is stored: the charge point answers UNKNOWN then. */
export function decide(facts: RequestFacts): Decision<Answer, AcceptEffect> {
  if (!facts.session) return refuse(UNKNOWN_SESSION);
  const { key: session, profileId, status } = facts.session;
  const refusal = obstacle(status, facts) ?? alreadyWaiting(facts, 'clear') ?? notPermitted(facts) ?? onlyOthers(facts);
  if (refusal) return refuse(refusal);
  return {
    answer: { result: 'ACCEPTED' },
    effects: [
      { do: 'dispatch', session, station: facts.station.id, profileId, ask: { kind: 'clear' } },
      { do: 'supersede', session },
    ],
  };
}

/** A party may clear only its own profile, also on a shared session. */
const onlyOthers = ({ inputs, asker }: RequestFacts): Answer | undefined =>
  inputs.length > 0 && !inputs.some(({ by }) => by === asker) ? { result: 'REJECTED', message: STEERED } : undefined;
