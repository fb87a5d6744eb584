import { fold, type PartyKey } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import type { IdToken, TokenStatus } from '../../domain/station.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { WireAuthorizationInfo, WireToken } from '../../ocpi/tokens/token.ts';

/** The token of a session. */
export type CdrToken = WireSession['cdr_token'];
/** The fields of a token that decide whether it may charge. */
export type KnownToken = CdrToken & Pick<WireToken, 'valid' | 'whitelist' | 'group_id'>;

/** The result of identifying a presented token: one known token, none, or DISPUTED when tokens of several parties match. */
export type IdentifiedToken = { is: 'KNOWN'; token: KnownToken } | { is: 'UNKNOWN' } | { is: 'DISPUTED'; parties: readonly PartyKey[] };

/** OCPI TokenType by the token type of OCPP; a type that is not listed matches every TokenType. */
const TOKEN_TYPES = new Map([
  ['RFID', 'RFID'],
  ['ISO14443', 'RFID'],
  ['ISO15693', 'RFID'],
  ['EMAID', 'EMAID'],
]);

/** Whether a reader of cards read the token. In OCPP 1.6 every token is a card. */
export const isCard = ({ type }: IdToken): boolean => TOKEN_TYPES.get(fold(type)) === 'RFID';

/**
 * Identifies a presented token among those with its uid. A token in the operator's list takes precedence. Otherwise the valid ones
 * count, or without any, those whose whitelist requires real-time authorization (OCPI 2.2.1 §12.4.5), or at last an invalid one. The type
 * only decides between several candidates, because in OCPP 1.6 every token is a card.
 */
export function identifyToken(shown: IdToken, listed: KnownToken | undefined, stored: readonly KnownToken[]): IdentifiedToken {
  if (listed) return { is: 'KNOWN', token: listed };
  const valid = stored.filter((it) => it.valid);
  const candidates = valid.length > 0 ? valid : stored.filter((it) => decideLocally(it) !== 'NO');
  const sameType = candidates.filter((it) => fold(it.type) === TOKEN_TYPES.get(fold(shown.type)));
  const chosen = sameType.length > 0 ? sameType : candidates;
  const parties = [...new Set(chosen.map(keyOf))];
  const [token] = chosen;
  if (!token) return stored[0] ? { is: 'KNOWN', token: stored[0] } : { is: 'UNKNOWN' };
  return parties.length === 1 ? { is: 'KNOWN', token } : { is: 'DISPUTED', parties };
}

/** The fields of a token that a session contains. */
export const cdrTokenOf = ({ country_code, party_id, uid, type, contract_id }: CdrToken): CdrToken => ({ country_code, party_id, uid, type, contract_id });

/** The decision on a presented token: charge, refuse, or ask its eMSP. ASK_FIRST: without an answer of the eMSP, `valid` decides (OCPI 2.2.1 §12.4.5). */
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

/** The answer of an eMSP to an authorization request. SILENT: no answer, or an invalid one. */
export type Authorization = { is: 'ANSWERED'; info: WireAuthorizationInfo } | { is: 'UNKNOWN_TOKEN' } | { is: 'SILENT' };

/** Where a token is presented; with several EVSEs it is not known at which of them. */
export interface PresentedAt {
  locationId: string | undefined;
  evseUids: readonly string[];
}

const REFUSALS: Readonly<Record<Exclude<WireAuthorizationInfo['allowed'], 'ALLOWED'>, TokenStatus>> = {
  BLOCKED: 'Blocked',
  EXPIRED: 'Expired',
  NO_CREDIT: 'NoCredit',
  NOT_ALLOWED: 'NotAtThisLocation',
};

/**
 * The status of a token after the answer of its eMSP. An answer without a location is for every location, one with a location only for
 * that, and one with EVSEs only for those (TOK-08).
 */
export function statusFrom({ allowed, location }: WireAuthorizationInfo, at: PresentedAt): TokenStatus {
  if (allowed !== 'ALLOWED') return REFUSALS[allowed];
  return location ? statusAt(location, at) : 'Accepted';
}

/** Whether a token that may charge at one location, or at some of its EVSEs, may charge where it is presented. */
export function statusAt(location: NonNullable<WireAuthorizationInfo['location']>, { locationId, evseUids }: PresentedAt): TokenStatus {
  const isElsewhere = locationId !== undefined && fold(location.location_id) !== fold(locationId);
  const permitted = location.evse_uids?.map(fold) ?? [];
  const isPermitted = permitted.length === 0 || evseUids.length === 0 || evseUids.some((uid) => permitted.includes(fold(uid)));
  return !isElsewhere && isPermitted ? 'Accepted' : 'NotAtThisLocation';
}

/** A driver without a card, as at a free charge point with a start button: it may charge, and the session is nobody's (OCPP 2.0.1 C02). */
export const needsNoAuthorization = ({ type }: IdToken): boolean => fold(type) === fold('NoAuthorization');
