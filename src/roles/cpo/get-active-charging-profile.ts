import { type AcceptEffect, type Decision, refuse } from '../../domain/effect.ts';
import type { Seconds } from '../../domain/units.ts';
import { type Answer, alreadyWaiting, obstacle, type RequestFacts, UNKNOWN_SESSION } from './check-profile-request.ts';

/**
 * Decides on a request for the active profile; every party that may see the session may send it (CP-02). It is dispatched also when
 * the charge point cannot report composite schedules: this keeps the order of requests, and the node computes the answer.
 */
export function decide(facts: RequestFacts, duration: Seconds): Decision<Answer, AcceptEffect> {
  if (!facts.session) return refuse(UNKNOWN_SESSION);
  const { key: session, profileId, status } = facts.session;
  const refusal = obstacle(status, facts) ?? alreadyWaiting(facts, 'get');
  if (refusal) return refuse(refusal);
  return { answer: { result: 'ACCEPTED' }, effects: [{ do: 'dispatch', session, station: facts.station.id, profileId, ask: { kind: 'get', duration } }] };
}
