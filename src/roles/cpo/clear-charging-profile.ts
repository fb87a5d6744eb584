import { type Decision, refuse } from '../../domain/effect.ts';
import { type Answer, alreadyWaiting, notPermitted, obstacle, type RequestFacts } from './check-profile-request.ts';

/** Removes the profile at the charge point; one that was never set is asked for all the same, and the charge point says UNKNOWN. */
export function decide(known: RequestFacts): Decision<Answer> {
  const hindered = obstacle(known) ?? alreadyWaiting(known, 'clear') ?? notPermitted(known) ?? notItsOwn(known);
  if (hindered || !known.session) return refuse(hindered ?? { result: 'UNKNOWN_SESSION' });
  const { key: session, profileId } = known.session;
  return {
    answer: { result: 'ACCEPTED' },
    effects: [
      { do: 'carry', session, station: known.station.id, profileId, ask: { kind: 'clear' } },
      { do: 'supersede', session },
    ],
  };
}

/** Whoever shares a session takes back what is its own, and nothing of another party's. */
const notItsOwn = ({ inputs, asker }: RequestFacts): Answer | undefined =>
  inputs.length > 0 && !inputs.some(({ by }) => by === asker) ? { result: 'REJECTED', message: 'another party steers this session' } : undefined;
