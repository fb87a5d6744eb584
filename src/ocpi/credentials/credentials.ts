import { Type } from 'typebox';
import { fold } from '../../domain/ids.ts';
import { businessDetails } from '../business-details.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { type Known, reading } from '../patience/schema.ts';
import { CountryCode, HttpUrl, PartyId, Token } from '../scalars.ts';

/** CredentialsRole: one role of one party on a platform (OCPI 2.2.1 §7.4.1). */
const credentialsRole = (types: EditionTypes) =>
  Type.Object(
    { role: types.role, business_details: businessDetails(types), party_id: PartyId, country_code: CountryCode },
    reading({ business_details: namedAsParty }),
  );
/** The business details of a party that has sent none it can be known by. */
const namedAsParty = ({ siblings: { country_code, party_id } }: Known) => ({ name: `${country_code}*${party_id}` });

interface RoleName {
  role: string;
  country_code: string;
  party_id: string;
}
const nameOf = (it: RoleName) => fold(`${it.role} ${it.country_code}*${it.party_id}`);
/** The first role that is listed twice, compared case-insensitively (CRE-26). */
function repeatedRole(roles: readonly RoleName[]): string | undefined {
  const names = roles.map(nameOf);
  return names.find((name, at) => names.indexOf(name) !== at);
}

/** Credentials: the token for a platform, its versions endpoint and its parties (OCPI 2.2.1 §7.3.1). */
export const Credentials = perEdition((types) =>
  Type.Object(
    {
      token: Token,
      url: HttpUrl,
      roles: Type.Refine(
        Type.Array(credentialsRole(types), { minItems: 1, maxItems: 1000 }),
        (roles) => repeatedRole(roles) === undefined,
        (roles) => `each role of each party once, but ${repeatedRole(roles)} is listed twice`,
      ),
      hub_party_id: Type.Optional(types.hubPartyId),
    },
    reading({}, ['hub_party_id']),
  ),
);
/** Credentials as they are sent over OCPI. */
export type WireCredentials = ValueOf<typeof Credentials>;
