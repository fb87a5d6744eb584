import { Type } from 'typebox';
import { fold } from '../../domain/ids.ts';
import { businessDetails } from '../business-details.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { CountryCode, HttpUrl, PartyId, Token } from '../scalars.ts';

/** One role that a party plays on a platform (OCPI 2.2.1 §7.4.1). */
const credentialsRole = (words: EditionTypes) =>
  Type.Object({
    role: words.role,
    business_details: businessDetails(words),
    party_id: PartyId,
    country_code: CountryCode,
  });

interface Named {
  role: string;
  country_code: string;
  party_id: string;
}
const nameOf = (it: Named) => fold(`${it.role} ${it.country_code}*${it.party_id}`);
/** The first role that stands there twice, whatever its spelling (CRE-26). */
function twice(roles: readonly Named[]): string | undefined {
  const names = roles.map(nameOf);
  return names.find((name, at) => names.indexOf(name) !== at);
}

/** How to reach a platform: the token to show, the versions endpoint, and the parties behind it (OCPI 2.2.1 §7.3.1). */
export const Credentials = perEdition((words) =>
  Type.Object({
    token: Token,
    url: HttpUrl,
    roles: Type.Refine(
      Type.Array(credentialsRole(words), { minItems: 1, maxItems: 1000 }),
      (roles) => twice(roles) === undefined,
      (roles) => `each role of each party once, but ${twice(roles)} stands there twice`,
    ),
    hub_party_id: Type.Optional(words.hubPartyId),
  }),
);
export type WireCredentials = ValueOf<typeof Credentials>;
