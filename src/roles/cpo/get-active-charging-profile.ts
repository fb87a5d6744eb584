import { type Decision, refuse } from '../../domain/effect.ts';
import type { Seconds } from '../../domain/units.ts';
import { type Answer, alreadyWaiting, type Known, obstacle } from './known.ts';

/** Asks the charge point for what it has calculated from all its inputs; anyone who may see the session may ask (CP-02). */
export function decide(known: Known, duration: Seconds): Decision<Answer> {
  const hindered = obstacle(known) ?? blind(known) ?? alreadyWaiting(known, 'get');
  if (hindered || !known.session) return refuse(hindered ?? { result: 'UNKNOWN_SESSION' });
  const { key: session, profileId } = known.session;
  return { answer: { result: 'ACCEPTED' }, effects: [{ do: 'carry', session, station: known.station.id, profileId, ask: { kind: 'get', duration } }] };
}

/** A charge point that cannot say what it has calculated may still take profiles (CP-10). */
const blind = ({ station }: Known): Answer | undefined =>
  station.compositeSchedule ? undefined : { result: 'NOT_SUPPORTED', message: 'the charge point cannot say what it has calculated' };
