import { Type } from 'typebox';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { nameMismatch } from '../name-mismatch.ts';
import { CiString, CountryCode, DateTime, Id, Num, oneOf, oneOfWithAliases, PartyId, Text } from '../scalars.ts';

/** One thing measured during a charging period, in the unit that its type goes with (OCPI 2.2.1 §10.4.2). */
const CdrDimension = Type.Object({
  type: oneOf(
    'CURRENT',
    'ENERGY',
    'ENERGY_EXPORT',
    'ENERGY_IMPORT',
    'MAX_CURRENT',
    'MIN_CURRENT',
    'MAX_POWER',
    'MIN_POWER',
    'PARKING_TIME',
    'POWER',
    'RESERVATION_TIME',
    'STATE_OF_CHARGE',
    'TIME',
  ),
  volume: Num,
});

/** A part of a session in which nothing that matters for its price changed; ends where the next begins (OCPI 2.2.1 §10.4.6). */
export const ChargingPeriod = Type.Object({
  start_date_time: DateTime,
  dimensions: Type.Array(CdrDimension, { minItems: 1 }),
  tariff_id: Type.Optional(CiString(36)),
});

/** The token that started a session, with the party that it belongs to (OCPI 2.2.1 §10.4.5). */
const cdrToken = (words: EditionTypes) =>
  Type.Object({ country_code: CountryCode, party_id: PartyId, uid: CiString(36), type: words.tokenType, contract_id: CiString(36) });
export const CdrToken = perEdition(cdrToken);

const AuthMethod = oneOf('AUTH_REQUEST', 'COMMAND', 'WHITELIST');
// The text of OCPI 2.2.1 §9.1.4 says RESERVED where its own list of words says RESERVATION
const SessionStatus = oneOfWithAliases({ RESERVED: 'RESERVATION' }, 'ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION');

const fieldsOf = (words: EditionTypes) => ({
  country_code: CountryCode,
  party_id: PartyId,
  id: Id(36),
  start_date_time: DateTime,
  end_date_time: Type.Optional(DateTime),
  kwh: Num,
  cdr_token: cdrToken(words),
  auth_method: AuthMethod,
  authorization_reference: Type.Optional(CiString(36)),
  location_id: CiString(36),
  evse_uid: CiString(36),
  connector_id: CiString(36),
  meter_id: Type.Optional(Text(255)),
  currency: Text(3),
  charging_periods: Type.Optional(Type.Array(ChargingPeriod)),
  total_cost: Type.Optional(words.price),
  status: SessionStatus,
  last_updated: DateTime,
});

/** One charging session as its CPO tells it; kwh since its start (OCPI 2.2.1 §9.3.1). */
export const Session = perEdition((words) => Type.Object(fieldsOf(words)));
/** A session as it goes over the wire. */
export type WireSession = ValueOf<typeof Session>;

/** The fields of a session that changed, and when; what is absent stays as it was (OCPI 2.2.1 §9.2.2.3). */
export const SessionPatch = perEdition((words) => {
  const { last_updated, ...others } = fieldsOf(words);
  return Type.Object({ ...Type.Partial(Type.Object(others)).properties, last_updated });
});
export type WireSessionPatch = ValueOf<typeof SessionPatch>;

/** The first name of a session in a body that is not the one in the URL; case does not count (TRN-36, SES-33). Absent names agree. */
export function sessionNameMismatch(
  params: { country_code: string; party_id: string; session_id: string },
  body: { country_code?: string; party_id?: string; id?: string },
): string | undefined {
  return nameMismatch([
    ['country_code', params.country_code, body.country_code],
    ['party_id', params.party_id, body.party_id],
    ['id', params.session_id, body.id],
  ]);
}
