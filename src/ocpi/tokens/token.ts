import { Type } from 'typebox';
import { fold } from '../../domain/ids.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { CiString, CountryCode, DateTime, Id, oneOf, PartyId, Text } from '../scalars.ts';

/** How a driver would have a session charged (OCPI 2.2.1 §9.4.3). */
const ProfileType = oneOf('CHEAP', 'FAST', 'GREEN', 'REGULAR');
/** When a CPO may let a token charge without asking its eMSP (OCPI 2.2.1 §12.4.5). */
const WhitelistType = oneOf('ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER');
/** Whose electricity the owner of a token buys (OCPI 2.2.1 §12.4.2). */
const EnergyContract = Type.Object({ supplier_name: Text(64), contract_id: Type.Optional(Text(64)) });

const fieldsOf = (words: EditionTypes) => ({
  country_code: CountryCode,
  party_id: PartyId,
  uid: Id(36),
  type: words.tokenType,
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

/** What a driver identifies himself with, as its eMSP tells it; it is never deleted, only made invalid (OCPI 2.2.1 §12.3.2). */
export const Token = perEdition((words) => Type.Object(fieldsOf(words)));
/** A token as it goes over the wire. */
export type WireToken = ValueOf<typeof Token>;

/** The fields of a token that changed, and when; what is absent stays as it was (OCPI 2.2.1 §12.2.1.3). */
export const TokenPatch = perEdition((words) => {
  const { last_updated, ...others } = fieldsOf(words);
  return Type.Object({ ...Type.Partial(Type.Object(others)).properties, last_updated });
});
/** The change of a token as it goes over the wire. */
export type WireTokenPatch = ValueOf<typeof TokenPatch>;

/** Which type of token the uid in the URL is one of; absent: RFID (OCPI 2.2.1 §12.2.1.1). */
export const TokenQuery = perEdition((words) => Type.Object({ type: Type.Optional(words.tokenType) }));
/** The type that a query means which names none. */
export const DEFAULT_TOKEN_TYPE = 'RFID';

/** A place, and those of its EVSEs that are meant; none named: all of them (OCPI 2.2.1 §12.4.3). */
export const LocationReferences = Type.Object({ location_id: CiString(36), evse_uids: Type.Optional(Type.Array(CiString(36))) });

/** What an eMSP makes of a token at this moment (OCPI 2.2.1 §12.3.1). */
export const AuthorizationInfo = perEdition((words) =>
  Type.Object({
    allowed: oneOf('ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED'),
    token: Type.Object(fieldsOf(words)),
    location: Type.Optional(LocationReferences),
    authorization_reference: Type.Optional(CiString(36)),
    info: Type.Optional(Type.Object({ language: Text(2), text: Text(512) })),
  }),
);
/** An answer to a real-time authorization as it goes over the wire. */
export type WireAuthorizationInfo = ValueOf<typeof AuthorizationInfo>;

/** What a token is called in URLs; `type` absent: RFID. */
export interface TokenName {
  country_code: string;
  party_id: string;
  token_uid: string;
  type: string | undefined;
}

/** The first name of a token in a body that is not the one in the URL; case does not count, absent names agree. A uid is personal, so it is not repeated. */
export function tokenNameMismatch(url: TokenName, body: { country_code?: string; party_id?: string; uid?: string; type?: string }): string | undefined {
  const pairs = [
    ['country_code', url.country_code, body.country_code],
    ['party_id', url.party_id, body.party_id],
    ['uid', url.token_uid, body.uid],
    ['type', url.type ?? DEFAULT_TOKEN_TYPE, body.type],
  ] as const;
  for (const [name, inUrl, inBody] of pairs) {
    if (inBody === undefined || fold(inBody) === fold(inUrl)) continue;
    if (name === 'uid') return 'uid: found another one, allowed: the one in the URL';
    const because = name === 'type' && url.type === undefined ? ', since the URL has no type=' : ' as in the URL';
    return `${name}: found ${JSON.stringify(inBody.slice(0, 40))}, allowed: ${JSON.stringify(inUrl)}${because}`;
  }
  return undefined;
}
