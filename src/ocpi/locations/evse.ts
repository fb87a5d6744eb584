import { type Static, Type } from 'typebox';
import { image } from '../business-details.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { CiString, DateTime, Id, Label, oneOf, Text } from '../scalars.ts';
import { connector } from './connector.ts';
import { DisplayText } from './display-text.ts';
import { GeoLocation } from './geo-location.ts';
import { EvseParking } from './location-types.ts';

/** Whether an EVSE can be used now (OCPI 2.2.1 §8.4.22). */
const Status = oneOf('AVAILABLE', 'BLOCKED', 'CHARGING', 'INOPERATIVE', 'OUTOFORDER', 'PLANNED', 'REMOVED', 'RESERVED', 'UNKNOWN');
export type EvseStatus = Static<typeof Status>;

const fieldsOf = (words: EditionTypes) => ({
  uid: Id(36),
  evse_id: Type.Optional(CiString(48)),
  status: Status,
  status_schedule: Type.Optional(Type.Array(Type.Object({ period_begin: DateTime, period_end: Type.Optional(DateTime), status: Status }))),
  capabilities: Type.Optional(Type.Array(words.capability)),
  connectors: Type.Array(connector(words), { minItems: 1 }),
  floor_level: Type.Optional(Label(4)),
  coordinates: Type.Optional(GeoLocation),
  physical_reference: Type.Optional(Label(16)),
  directions: Type.Optional(Type.Array(DisplayText)),
  parking_restrictions: Type.Optional(Type.Array(words.parkingRestriction)),
  parking: Type.Optional(words.since230(Type.Array(EvseParking))),
  images: Type.Optional(Type.Array(image(words))),
  accepted_service_providers: Type.Optional(words.since230(Type.Array(Text(50)))),
  last_updated: DateTime,
});

export const evse = (words: EditionTypes) => Type.Object(fieldsOf(words));
/** What feeds one car at a time, by one of its connectors (OCPI 2.2.1 §8.3.2). */
export const Evse = perEdition(evse);
export type WireEvse = ValueOf<typeof Evse>;

/** The fields of an EVSE that changed, and when; what is absent stays as it was (OCPI 2.2.1 §8.2.2.3). */
export const EvsePatch = perEdition((words) => {
  const { last_updated, ...others } = fieldsOf(words);
  return Type.Object({ ...Type.Partial(Type.Object(others)).properties, last_updated });
});
export type WireEvsePatch = ValueOf<typeof EvsePatch>;
