import { Type } from 'typebox';
import { businessDetails, image } from '../business-details.ts';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { CiString, CountryCode, DateTime, Id, PartyId, Text } from '../scalars.ts';
import { DisplayText } from './display-text.ts';
import { energyMix } from './energy-mix.ts';
import { evse } from './evse.ts';
import { AdditionalGeoLocation, GeoLocation } from './geo-location.ts';
import { Hours } from './hours.ts';
import { parking } from './location-types.ts';

/** A token whose owner may see an unpublished location: `uid` with `type`, `visual_number` with `issuer`, or `group_id` (OCPI 2.2.1 §8.4.20). */
const publishToken = (words: EditionTypes) =>
  Type.Object({
    uid: Type.Optional(CiString(36)),
    type: Type.Optional(words.tokenType),
    visual_number: Type.Optional(Text(64)),
    issuer: Type.Optional(Text(64)),
    group_id: Type.Optional(CiString(36)),
  });

const fieldsOf = (words: EditionTypes) => ({
  country_code: CountryCode,
  party_id: PartyId,
  id: Id(36),
  publish: Type.Boolean(),
  publish_allowed_to: Type.Optional(Type.Array(publishToken(words))),
  name: Type.Optional(Text(255)),
  address: Text(255),
  city: Text(45),
  postal_code: Type.Optional(Text(10)),
  state: Type.Optional(Text(45)),
  country: Text(3),
  coordinates: GeoLocation,
  related_locations: Type.Optional(Type.Array(AdditionalGeoLocation)),
  parking_type: Type.Optional(words.parkingType),
  evses: Type.Optional(Type.Array(evse(words))),
  parking_places: Type.Optional(words.since230(Type.Array(parking(words)))),
  directions: Type.Optional(Type.Array(DisplayText)),
  operator: Type.Optional(businessDetails(words)),
  suboperator: Type.Optional(businessDetails(words)),
  owner: Type.Optional(businessDetails(words)),
  facilities: Type.Optional(Type.Array(words.facility)),
  time_zone: Text(255),
  opening_times: Type.Optional(Hours),
  charging_when_closed: Type.Optional(Type.Boolean()),
  images: Type.Optional(Type.Array(image(words))),
  energy_mix: Type.Optional(energyMix(words)),
  help_phone: Type.Optional(words.since230(CiString(25))),
  last_updated: DateTime,
});

/** A place with EVSEs, as its CPO tells it; `last_updated` counts its EVSEs and connectors too (OCPI 2.2.1 §8.3.1). */
export const Location = perEdition((words) => Type.Object(fieldsOf(words)));
/** A location as it goes over the wire. */
export type WireLocation = ValueOf<typeof Location>;

/** The fields of a location that changed, and when; what is absent stays as it was (OCPI 2.2.1 §8.2.2.3). */
export const LocationPatch = perEdition((words) => {
  const { last_updated, ...others } = fieldsOf(words);
  return Type.Object({ ...Type.Partial(Type.Object(others)).properties, last_updated });
});
export type WireLocationPatch = ValueOf<typeof LocationPatch>;
