import { Type } from 'typebox';
import { image } from '../business-details.ts';
import type { EditionTypes } from '../editions.ts';
import { CiString, ClockTime, DateTime, Id, Latitude, Longitude, oneOf, openEnum, Text } from '../scalars.ts';

/** DisplayText: a text for people and its language (OCPI 2.2.1 §16.3). */
export const DisplayText = Type.Object({ language: Text(2), text: Text(512) });

/** GeoLocation: a position in WGS 84 (OCPI 2.2.1 §8.4.13). */
export const GeoLocation = Type.Object({ latitude: Latitude, longitude: Longitude });
/** AdditionalGeoLocation: a further position that matters to a driver, such as an entrance (OCPI 2.2.1 §8.4.1). */
export const AdditionalGeoLocation = Type.Object({ latitude: Latitude, longitude: Longitude, name: Type.Optional(DisplayText) });

const RegularHours = Type.Object({ weekday: Type.Integer({ minimum: 1, maximum: 7 }), period_begin: ClockTime, period_end: ClockTime });
const ExceptionalPeriod = Type.Object({ period_begin: DateTime, period_end: DateTime });

/** Hours: opening times for each weekday in the location's time zone, and exceptions in UTC (OCPI 2.2.1 §8.4.14). */
export const Hours = Type.Object({
  twentyfourseven: Type.Boolean(),
  regular_hours: Type.Optional(Type.Array(RegularHours)),
  exceptional_openings: Type.Optional(Type.Array(ExceptionalPeriod)),
  exceptional_closings: Type.Optional(Type.Array(ExceptionalPeriod)),
});

const EnergySource = Type.Object({
  source: oneOf('COAL', 'GAS', 'GENERAL_FOSSIL', 'GENERAL_GREEN', 'NUCLEAR', 'SOLAR', 'WATER', 'WIND'),
  percentage: Type.Number({ description: '%' }),
});

/** EnergyMix: the sources of a location's energy in percent, and its environmental impact in g/kWh (OCPI 2.2.1 §8.4.6). */
export const energyMix = (types: EditionTypes) =>
  Type.Object({
    is_green_energy: Type.Boolean(),
    energy_sources: Type.Optional(Type.Array(EnergySource)),
    environ_impact: Type.Optional(Type.Array(Type.Object({ category: types.environmentalImpact, amount: Type.Number({ description: 'g per kWh' }) }))),
    supplier_name: Type.Optional(Text(64)),
    energy_product_name: Type.Optional(Text(64)),
  });

const VehicleType = openEnum(
  'BUS',
  'DISABLED',
  'MOTORCYCLE',
  'PERSONAL_VEHICLE',
  'PERSONAL_VEHICLE_WITH_TRAILER',
  'RIGID',
  'SEMI_TRACTOR',
  'TRUCK_WITH_TRAILER',
  'VAN',
);

/** Parking: a parking space at an EVSE; lengths in cm, weight in kg, time in minutes (OCPI 2.3.0 §8.3.4). */
export const parking = (types: EditionTypes) =>
  Type.Object({
    id: Id(36),
    physical_reference: Type.Optional(Text(12)),
    vehicle_types: Type.Array(VehicleType, { minItems: 1 }),
    max_vehicle_weight: Type.Optional(Type.Number({ description: 'kg' })),
    max_vehicle_height: Type.Optional(Type.Number({ description: 'cm' })),
    max_vehicle_length: Type.Optional(Type.Number({ description: 'cm' })),
    max_vehicle_width: Type.Optional(Type.Number({ description: 'cm' })),
    parking_space_length: Type.Optional(Type.Number({ description: 'cm' })),
    parking_space_width: Type.Optional(Type.Number({ description: 'cm' })),
    dangerous_goods_allowed: Type.Optional(Type.Boolean()),
    direction: Type.Optional(oneOf('ANGLE', 'PARALLEL', 'PERPENDICULAR')),
    drive_through: Type.Optional(Type.Boolean()),
    restricted_to_type: Type.Boolean(),
    reservation_required: Type.Boolean(),
    time_limit: Type.Optional(Type.Number({ description: 'min' })),
    roofed: Type.Optional(Type.Boolean()),
    images: Type.Optional(Type.Array(image(types))),
    lighting: Type.Optional(Type.Boolean()),
    refrigeration_outlet: Type.Optional(Type.Boolean()),
    standards: Type.Optional(Type.Array(CiString(36))),
    apds_reference: Type.Optional(CiString(255)),
  });

/** EVSEParking: a parking space of an EVSE, and the EVSE's position at it (OCPI 2.3.0 §8.4.12). */
export const EvseParking = Type.Object({ parking_id: CiString(36), evse_position: Type.Optional(oneOf('CENTER', 'LEFT', 'RIGHT')) });
