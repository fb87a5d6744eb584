import { type Decision, refuse } from '../../domain/effect.ts';
import type { Seconds } from '../../domain/units.ts';
import { type Answer, alreadyWaiting, obstacle, type RequestFacts } from './check-profile-request.ts';

/**
 * Asks the charge point for what it has calculated from all its inputs; anyone who may see the session may ask (CP-02). One that cannot
 * say is asked all the same, so that the question keeps its place behind what was asked before; the answer is computed then.
 */
export function decide(known: RequestFacts, duration: Seconds): Decision<Answer> {
  const hindered = obstacle(known) ?? alreadyWaiting(known, 'get');
  if (hindered || !known.session) return refuse(hindered ?? { result: 'UNKNOWN_SESSION' });
  const { key: session, profileId } = known.session;
  return { answer: { result: 'ACCEPTED' }, effects: [{ do: 'carry', session, station: known.station.id, profileId, ask: { kind: 'get', duration } }] };
}
