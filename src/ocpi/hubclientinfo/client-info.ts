import { type Static, Type } from 'typebox';
import { CONNECTION_STATES } from '../../domain/party.ts';
import { perEdition } from '../editions.ts';
import { nameMismatch } from '../name-mismatch.ts';
import { inUrl, reading, receipt } from '../patience/schema.ts';
import { CountryCode, DateTime, oneOf, PartyId } from '../scalars.ts';

/** ClientInfo: the connection status of one role of a party behind a hub (OCPI 2.2.1 §15.3.1). */
export const ClientInfo = perEdition(({ role }) =>
  Type.Object(
    {
      party_id: PartyId,
      country_code: CountryCode,
      role,
      status: oneOf(...CONNECTION_STATES),
      last_updated: DateTime,
    },
    // Nothing is sent to a party whose state cannot be understood.
    reading({ party_id: inUrl('party_id'), country_code: inUrl('country_code'), role: 'OTHER', status: 'OFFLINE', last_updated: receipt }),
  ),
);
/** A ClientInfo as it is sent over OCPI. */
export type WireClientInfo = Static<(typeof ClientInfo)['2.2.1']>;

/** Says which name in a ClientInfo differs from its URL, case-insensitively (TRN-36); undefined when both are equal. */
export function clientNameMismatch(params: { country_code: string; party_id: string }, body: WireClientInfo): string | undefined {
  return nameMismatch([
    ['country_code', params.country_code, body.country_code],
    ['party_id', params.party_id, body.party_id],
  ]);
}
