import { Type } from 'typebox';
import { fold } from '../../domain/ids.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { patchSchema } from '../patch-schema.ts';
import { EXACT, inUrl, type Known, NAMED_BY_URL, NOT_AVAILABLE, reading, receipt } from '../patience/schema.ts';
import { CiString, Code, CountryCode, DateTime, Id, oneOf, PartyId, Text } from '../scalars.ts';

/** ProfileType: a driver's preferred kind of charging (OCPI 2.2.1 §9.4.3). */
const ProfileType = oneOf('CHEAP', 'FAST', 'GREEN', 'REGULAR');
/** WhitelistType: when a CPO may authorize a token without its eMSP (OCPI 2.2.1 §12.4.5). */
const WhitelistType = oneOf('ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER');
/** EnergyContract: the energy supplier of a token's owner (OCPI 2.2.1 §12.4.2). */
const EnergyContract = Type.Object({ supplier_name: Text(64), contract_id: Type.Optional(Code(64)) });

const fieldsOf = (types: EditionTypes) => ({
  country_code: CountryCode,
  party_id: PartyId,
  uid: Id(36),
  type: types.tokenType,
  contract_id: CiString(36),
  visual_number: Type.Optional(Text(64)),
  issuer: Text(64),
  group_id: Type.Optional(CiString(36)),
  valid: Type.Boolean(),
  whitelist: WhitelistType,
  language: Type.Optional(Text(2)),
  default_profile_type: Type.Optional(ProfileType),
  energy_contract: Type.Optional(EnergyContract),
  last_updated: DateTime,
});

/** The token type of a URL without `type=`. */
export const DEFAULT_TOKEN_TYPE = 'RFID';

/** Whether the token may charge has no neutral value; without a whitelist type its eMSP is asked each time. */
const neutralToken = {
  country_code: inUrl('country_code'),
  party_id: inUrl('party_id'),
  uid: inUrl('token_uid'),
  type: ({ url }: Known): unknown => url.type ?? DEFAULT_TOKEN_TYPE,
  contract_id: NOT_AVAILABLE,
  issuer: NOT_AVAILABLE,
  whitelist: 'NEVER',
  last_updated: receipt,
};

/** Token: what a driver identifies with; it is never deleted, only made invalid (OCPI 2.2.1 §12.3.2). */
export const Token = perEdition((types) => Type.Object(fieldsOf(types), reading(neutralToken)));
/** A token as it is sent over OCPI. */
export type WireToken = ValueOf<typeof Token>;

/** The changed fields of a token; absent fields keep their value (OCPI 2.2.1 §12.2.1.3). */
export const TokenPatch = patchSchema(fieldsOf);
/** The change of a token as it is sent over OCPI. */
export type WireTokenPatch = ValueOf<typeof TokenPatch>;

/** The query with the type of the token that the URL names; absent: RFID (OCPI 2.2.1 §12.2.1.1). */
export const TokenQuery = perEdition((types) => Type.Object({ type: Type.Optional(types.tokenType) }));

/** LocationReferences: a location and some of its EVSEs; no `evse_uids`: all of them (OCPI 2.2.1 §12.4.3). */
export const LocationReferences = Type.Object({ location_id: CiString(36), evse_uids: Type.Optional(Type.Array(CiString(36))) }, EXACT);

/** AuthorizationInfo: an eMSP's answer to a real-time authorization (OCPI 2.2.1 §12.3.1). */
export const AuthorizationInfo = perEdition((types) =>
  Type.Object(
    {
      allowed: oneOf('ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'),
      token: Type.Object(fieldsOf(types), { ...reading(neutralToken), ...NAMED_BY_URL }),
      location: Type.Optional(LocationReferences),
      authorization_reference: Type.Optional(CiString(36)),
      info: Type.Optional(Type.Object({ language: Text(2), text: Text(512) })),
    },
    reading({}, ['location']),
  ),
);
/** An AuthorizationInfo as it is sent over OCPI. */
export type WireAuthorizationInfo = ValueOf<typeof AuthorizationInfo>;

/** The parts of a URL that name a token; `type` undefined: that of the body, else RFID. */
export interface TokenName {
  country_code: string;
  party_id: string;
  token_uid: string;
  type: string | undefined;
}

/** Says which name of a token in a body differs from its URL, case-insensitively; undefined when none does. A uid is personal, so it is not quoted (SEC-25). */
export function tokenNameMismatch(url: TokenName, body: { country_code?: string; party_id?: string; uid?: string; type?: string }): string | undefined {
  const pairs = [
    ['country_code', url.country_code, body.country_code],
    ['party_id', url.party_id, body.party_id],
    ['uid', url.token_uid, body.uid],
    // A body says its type by itself: many eMSPs leave it out of the URL also where it is not RFID (F-53).
    ['type', url.type ?? body.type ?? DEFAULT_TOKEN_TYPE, body.type],
  ] as const;
  for (const [name, inUrl, inBody] of pairs) {
    if (inBody === undefined || fold(inBody) === fold(inUrl)) continue;
    if (name === 'uid') return 'uid: found another one, allowed: the one in the URL';
    return `${name}: found ${JSON.stringify(inBody.slice(0, 40))}, allowed: ${JSON.stringify(inUrl)} as in the URL`;
  }
  return undefined;
}
