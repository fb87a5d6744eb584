import { Type } from 'typebox';
import { image } from '../business-details.ts';
import type { EditionTypes } from '../editions.ts';
import { CiString, Id, Num, oneOf, openEnum, Text } from '../scalars.ts';

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

/** A space to park in while charging: centimetres, kilograms, minutes (OCPI 2.3.0 §8.3.4). */
export const parking = (words: EditionTypes) =>
  Type.Object({
    id: Id(36),
    physical_reference: Type.Optional(Text(12)),
    vehicle_types: Type.Array(VehicleType, { minItems: 1 }),
    max_vehicle_weight: Type.Optional(Num),
    max_vehicle_height: Type.Optional(Num),
    max_vehicle_length: Type.Optional(Num),
    max_vehicle_width: Type.Optional(Num),
    parking_space_length: Type.Optional(Num),
    parking_space_width: Type.Optional(Num),
    dangerous_goods_allowed: Type.Optional(Type.Boolean()),
    direction: Type.Optional(oneOf('ANGLE', 'PARALLEL', 'PERPENDICULAR')),
    drive_through: Type.Optional(Type.Boolean()),
    restricted_to_type: Type.Boolean(),
    reservation_required: Type.Boolean(),
    time_limit: Type.Optional(Num),
    roofed: Type.Optional(Type.Boolean()),
    images: Type.Optional(Type.Array(image(words))),
    lighting: Type.Optional(Type.Boolean()),
    refrigeration_outlet: Type.Optional(Type.Boolean()),
    standards: Type.Optional(Type.Array(CiString(36))),
    apds_reference: Type.Optional(CiString(255)),
  });

/** Which parking space belongs to an EVSE, and on which side of it the EVSE stands (OCPI 2.3.0 §8.4.12). */
export const EvseParking = Type.Object({ parking_id: CiString(36), evse_position: Type.Optional(oneOf('CENTER', 'LEFT', 'RIGHT')) });
