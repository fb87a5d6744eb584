import { type AcceptEffect, type Decision, refuse } from '../../domain/effect.ts';
import type { Seconds } from '../../domain/units.ts';
import { type Answer, alreadyWaiting, obstacle, type RequestFacts } from './check-profile-request.ts';

/**
 * Decides on a request for the active profile; every party that may see the session may send it (CP-02). It is dispatched also when
 * the charge point cannot report composite schedules: this keeps the order of requests, and the node computes the answer.
 */
export function decide(facts: RequestFacts, duration: Seconds): Decision<Answer, AcceptEffect> {
  const refusal = obstacle(facts) ?? alreadyWaiting(facts, 'get');
  if (refusal || !facts.session) return refuse(refusal ?? { result: 'UNKNOWN_SESSION' });
  const { key: session, profileId } = facts.session;
  return { answer: { result: 'ACCEPTED' }, effects: [{ do: 'dispatch', session, station: facts.station.id, profileId, ask: { kind: 'get', duration } }] };
}
