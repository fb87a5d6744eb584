import { type Edition, inEdition } from '../editions.ts';
import { problemWith } from '../problem.ts';
import { priceIn } from './price.ts';
import { CdrToken, type WireSession } from './session.ts';

/** A session in the words of an edition, whichever it was told in. */
export function writeSession(edition: Edition, session: WireSession): WireSession {
  const { total_cost, cdr_token } = session;
  const isKnown = problemWith(inEdition(CdrToken, edition), cdr_token) === undefined;
  return {
    ...session,
    ...(total_cost && { total_cost: priceIn(edition, total_cost) }),
    ...(isKnown ? {} : { cdr_token: { ...cdr_token, type: 'OTHER' } }),
  };
}
