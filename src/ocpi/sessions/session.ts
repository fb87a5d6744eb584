import { Type } from 'typebox';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { nameMismatch } from '../name-mismatch.ts';
import { patchSchema } from '../patch-schema.ts';
import { NOT_AVAILABLE, reading } from '../patience/schema.ts';
import { CiString, Code, CountryCode, DateTime, Id, oneOf, oneOfWithAliases, PartyId, Text } from '../scalars.ts';
import { neutralSession } from './neutral-session.ts';

/** CdrDimension: one measured value of a charging period, in the unit of its type (OCPI 2.2.1 §10.4.2). */
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
  volume: Type.Number({ description: 'in the unit of its type: kWh, A, W, h or %' }),
});

/** ChargingPeriod: a part of a session with one set of dimensions; it ends where the next begins (OCPI 2.2.1 §10.4.6). */
export const ChargingPeriod = Type.Object({
  start_date_time: DateTime,
  dimensions: Type.Array(CdrDimension, { minItems: 1 }),
  tariff_id: Type.Optional(CiString(36)),
});

const cdrToken = (types: EditionTypes) =>
  Type.Object(
    { country_code: CountryCode, party_id: PartyId, uid: CiString(36), type: types.tokenType, contract_id: CiString(36) },
    reading({ uid: NOT_AVAILABLE, type: 'OTHER', contract_id: NOT_AVAILABLE }),
  );
/** CdrToken: the token that started a session, and the party that owns it (OCPI 2.2.1 §10.4.5). */
export const CdrToken = perEdition(cdrToken);

const AuthMethod = oneOf('AUTH_REQUEST', 'COMMAND', 'WHITELIST');
// OCPI 2.2.1 §9.1.4 writes RESERVED where its enum says RESERVATION.
const SessionStatus = oneOfWithAliases({ RESERVED: 'RESERVATION' }, 'ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION');

const fieldsOf = (types: EditionTypes) => ({
  country_code: CountryCode,
  party_id: PartyId,
  id: Id(36),
  start_date_time: DateTime,
  end_date_time: Type.Optional(DateTime),
  kwh: Type.Number({ description: 'kWh since the start of the session' }),
  cdr_token: cdrToken(types),
  auth_method: AuthMethod,
  authorization_reference: Type.Optional(CiString(36)),
  location_id: CiString(36),
  evse_uid: CiString(36),
  connector_id: CiString(36),
  meter_id: Type.Optional(Text(255)),
  currency: Code(3),
  charging_periods: Type.Optional(Type.Array(ChargingPeriod)),
  total_cost: Type.Optional(types.price),
  status: SessionStatus,
  last_updated: DateTime,
});

/** Session: one charging session; `kwh` since its start (OCPI 2.2.1 §9.3.1). */
export const Session = perEdition((types) => Type.Object(fieldsOf(types), reading(neutralSession)));
/** A session as it is sent over OCPI. */
export type WireSession = ValueOf<typeof Session>;

/** The changed fields of a session; absent fields keep their value (OCPI 2.2.1 §9.2.2.3). */
export const SessionPatch = patchSchema(fieldsOf);
/** The change of a session as it is sent over OCPI. */
export type WireSessionPatch = ValueOf<typeof SessionPatch>;

/** Says which name of a session in a body differs from its URL, case-insensitively (TRN-36, SES-33); undefined when none does. Absent names count as equal. */
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
