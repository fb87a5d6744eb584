import { type Static, Type } from 'typebox';
import { image } from '../business-details.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { patchSchema } from '../patch-schema.ts';
import { inUrl, reading, receipt } from '../patience/schema.ts';
import { CiString, DateTime, Id, Label, oneOfOr, Text } from '../scalars.ts';
import { connector } from './connector.ts';
import { DisplayText, EvseParking, GeoLocation } from './location-types.ts';

/** Status of an EVSE (OCPI 2.2.1 §8.4.22). */
const Status = oneOfOr('UNKNOWN', 'AVAILABLE', 'BLOCKED', 'CHARGING', 'INOPERATIVE', 'OUTOFORDER', 'PLANNED', 'REMOVED', 'RESERVED', 'UNKNOWN');
/** The status of an EVSE, as it is sent over OCPI. */
export type EvseStatus = Static<typeof Status>;

const fieldsOf = (types: EditionTypes) => ({
  uid: Id(36),
  evse_id: Type.Optional(CiString(48)),
  status: Status,
  status_schedule: Type.Optional(Type.Array(Type.Object({ period_begin: DateTime, period_end: Type.Optional(DateTime), status: Status }))),
  capabilities: Type.Optional(Type.Array(types.capability)),
  connectors: Type.Array(connector(types), { minItems: 1 }),
  floor_level: Type.Optional(Label(4)),
  coordinates: Type.Optional(GeoLocation),
  physical_reference: Type.Optional(Label(16)),
  directions: Type.Optional(Type.Array(DisplayText)),
  parking_restrictions: Type.Optional(Type.Array(types.parkingRestriction)),
  parking: Type.Optional(types.since230(Type.Array(EvseParking))),
  images: Type.Optional(Type.Array(image(types))),
  accepted_service_providers: Type.Optional(types.since230(Type.Array(Text(50)))),
  last_updated: DateTime,
});

/** The schema of an EVSE in one edition. */
export const evse = (types: EditionTypes) =>
  Type.Object(fieldsOf(types), reading({ uid: inUrl('evse_uid'), status: 'UNKNOWN', connectors: [], last_updated: receipt }));
/** EVSE: the part of a charge point that charges one vehicle at a time (OCPI 2.2.1 §8.3.2). */
export const Evse = perEdition(evse);
/** An EVSE as it is sent over OCPI. */
export type WireEvse = ValueOf<typeof Evse>;

/** The changed fields of an EVSE; absent fields keep their value (OCPI 2.2.1 §8.2.2.3). */
export const EvsePatch = patchSchema(fieldsOf);
/** The change of an EVSE as it is sent over OCPI. */
export type WireEvsePatch = ValueOf<typeof EvsePatch>;
