import { type Static, Type } from 'typebox';
import { fold } from '../../domain/ids.ts';
import { CONNECTION_STATES } from '../../domain/party.ts';
import { perEdition } from '../editions.ts';
import { CountryCode, DateTime, oneOf, PartyId } from '../scalars.ts';

/** How a party behind a hub can be reached, in one of its roles (OCPI 2.2.1 §15.3.1). */
export const ClientInfo = perEdition(({ role }) =>
  Type.Object({
    party_id: PartyId,
    country_code: CountryCode,
    role,
    status: oneOf(...CONNECTION_STATES),
    last_updated: DateTime,
  }),
);
export type WireClientInfo = Static<(typeof ClientInfo)['2.2.1']>;

/** The name in a ClientInfo that is not the one in its URL; case does not count (TRN-36). */
export function clientNameMismatch(params: { country_code: string; party_id: string }, body: WireClientInfo): string | undefined {
  const wrong = (['country_code', 'party_id'] as const).find((name) => fold(params[name]) !== fold(body[name]));
  return wrong && `${wrong}: found ${JSON.stringify(body[wrong])}, allowed: ${JSON.stringify(params[wrong])} as in the URL`;
}
