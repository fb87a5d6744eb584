import { fold, type PartyKey } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import type { IdToken } from '../../domain/station.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';

/** What sessions say of their token. */
export type CdrToken = WireSession['cdr_token'];
/** What a CPO must know of a token to judge it. */
export type KnownToken = CdrToken & Pick<WireToken, 'valid' | 'whitelist'>;

/** Whose token was shown: one that is known; nobody's; or one that several parties claim, and so nobody's. */
export type IdentifiedToken = { is: 'KNOWN'; token: KnownToken } | { is: 'UNKNOWN' } | { is: 'DISPUTED'; parties: readonly PartyKey[] };

/** What OCPP calls a kind of token, in OCPI's words; other kinds may be of any type. */
const KINDS = new Map([
  ['RFID', 'RFID'],
  ['ISO14443', 'RFID'],
  ['ISO15693', 'RFID'],
  ['EMAID', 'EMAID'],
]);

/**
 * Finds the token that was shown among those with its uid: the operator's own list decides; else those that count, which are
 * the valid ones, or if there are none those whose eMSP must be asked whatever their state (OCPI 2.2.1 §12.4.5). OCPP 1.6
 * calls everything a card, so the kind only decides between several.
 */
export function identifyToken(shown: IdToken, listed: KnownToken | undefined, held: readonly KnownToken[]): IdentifiedToken {
  if (listed) return { is: 'KNOWN', token: listed };
  const valid = held.filter((it) => it.valid);
  const candidates = valid.length > 0 ? valid : held.filter((it) => decideLocally(it) !== 'NO');
  const alike = candidates.filter((it) => fold(it.type) === KINDS.get(fold(shown.type)));
  const chosen = alike.length > 0 ? alike : candidates;
  const parties = [...new Set(chosen.map(keyOf))];
  const [token] = chosen;
  if (!token) return { is: 'UNKNOWN' };
  return parties.length === 1 ? { is: 'KNOWN', token } : { is: 'DISPUTED', parties };
}

/** The part of a token that goes into sessions. */
export const cdrTokenOf = ({ country_code, party_id, uid, type, contract_id }: CdrToken): CdrToken => ({ country_code, party_id, uid, type, contract_id });

/** What to do when a token is shown: let it charge, refuse it, or ask its eMSP; `ASK_FIRST`: if the eMSP is silent, its validity decides (OCPI 2.2.1 §12.4.5). */
export function decideLocally({ valid, whitelist }: Pick<KnownToken, 'valid' | 'whitelist'>): 'YES' | 'NO' | 'ASK' | 'ASK_FIRST' {
  switch (whitelist) {
    case 'ALWAYS':
    case 'ALLOWED':
      return valid ? 'YES' : 'NO';
    case 'ALLOWED_OFFLINE':
      return 'ASK_FIRST';
    case 'NEVER':
      return 'ASK';
    default:
      return whitelist satisfies never;
  }
}
