// Hides secrets and personal data in what the API shows (SEC-25).
import { type PartyKey, partyKey } from '../../domain/ids.ts';
import { isErased, maskUid } from '../../domain/personal-data.ts';
import type { OwnSession } from '../../roles/cpo/session.ts';
import type { Config } from '../config/config.ts';
import { hostedParties } from '../config/hosted-parties.ts';

/** A URL with its query hidden, which may hold a key. */
export const maskQuery = (url: string): string => (url.includes('?') ? `${url.slice(0, url.indexOf('?'))}?***` : url);

/** The parties whose own customers' card numbers the operator may see whole: the eMSPs of this node (F-75). */
export const ownIssuers = (config: Pick<Config, 'parties'>): readonly PartyKey[] => hostedParties(config, 'EMSP');

/** A session whose card number is masked, unless the card is of one of these parties. */
export function maskSession(session: OwnSession, issuers: readonly PartyKey[]): OwnSession {
  const { cdr_token: token } = session;
  if (!token || isErased(session) || issuers.includes(partyKey(token.country_code, token.party_id))) return session;
  return { ...session, cdr_token: { ...token, uid: maskUid(token.uid) } };
}
