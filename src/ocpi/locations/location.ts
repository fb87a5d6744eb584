import { Type } from 'typebox';
import { businessDetails, image } from '../business-details.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { patchSchema } from '../patch-schema.ts';
import { inUrl, NOT_AVAILABLE, reading, receipt } from '../patience/schema.ts';
import { CiString, Code, CountryCode, DateTime, Id, PartyId, Text } from '../scalars.ts';
import { evse } from './evse.ts';
import { AdditionalGeoLocation, DisplayText, energyMix, GeoLocation, Hours, parking } from './location-types.ts';

/** PublishTokenType: a token whose owner may see an unpublished location, by `uid` and `type`, `visual_number` and `issuer`, or `group_id` (OCPI 2.2.1 §8.4.20). */
const publishToken = (types: EditionTypes) =>
  Type.Object({
    uid: Type.Optional(CiString(36)),
    type: Type.Optional(types.tokenType),
    visual_number: Type.Optional(Text(64)),
    issuer: Type.Optional(Text(64)),
    group_id: Type.Optional(CiString(36)),
  });

const fieldsOf = (types: EditionTypes) => ({
  country_code: CountryCode,
  party_id: PartyId,
  id: Id(36),
  publish: Type.Boolean(),
  publish_allowed_to: Type.Optional(Type.Array(publishToken(types))),
  name: Type.Optional(Text(255)),
  address: Text(255),
  city: Text(45),
  postal_code: Type.Optional(Text(10)),
  state: Type.Optional(Text(45)),
  country: Code(3),
  coordinates: GeoLocation,
  related_locations: Type.Optional(Type.Array(AdditionalGeoLocation)),
  parking_type: Type.Optional(types.parkingType),
  evses: Type.Optional(Type.Array(evse(types))),
  parking_places: Type.Optional(types.since230(Type.Array(parking(types)))),
  directions: Type.Optional(Type.Array(DisplayText)),
  operator: Type.Optional(businessDetails(types)),
  suboperator: Type.Optional(businessDetails(types)),
  owner: Type.Optional(businessDetails(types)),
  facilities: Type.Optional(Type.Array(types.facility)),
  time_zone: Text(255),
  opening_times: Type.Optional(Hours),
  charging_when_closed: Type.Optional(Type.Boolean()),
  images: Type.Optional(Type.Array(image(types))),
  energy_mix: Type.Optional(energyMix(types)),
  help_phone: Type.Optional(types.since230(CiString(25))),
  last_updated: DateTime,
});

const neutralLocation = {
  country_code: inUrl('country_code'),
  party_id: inUrl('party_id'),
  id: inUrl('location_id'),
  publish: false,
  address: NOT_AVAILABLE,
  city: NOT_AVAILABLE,
  country: NOT_AVAILABLE,
  coordinates: { latitude: NOT_AVAILABLE, longitude: NOT_AVAILABLE },
  time_zone: NOT_AVAILABLE,
  last_updated: receipt,
};

/** Location: a group of EVSEs at one address; `last_updated` also covers its EVSEs and connectors (OCPI 2.2.1 §8.3.1). */
export const Location = perEdition((types) => Type.Object(fieldsOf(types), reading(neutralLocation)));
/** A location as it is sent over OCPI. */
export type WireLocation = ValueOf<typeof Location>;

/** The changed fields of a location; absent fields keep their value (OCPI 2.2.1 §8.2.2.3). */
export const LocationPatch = patchSchema(fieldsOf);
/** The change of a location as it is sent over OCPI. */
export type WireLocationPatch = ValueOf<typeof LocationPatch>;
