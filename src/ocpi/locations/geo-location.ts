import { Type } from 'typebox';
import { Latitude, Longitude } from '../scalars.ts';
import { DisplayText } from './display-text.ts';

/** A point on the map, WGS 84 (OCPI 2.2.1 §8.4.13). */
export const GeoLocation = Type.Object({ latitude: Latitude, longitude: Longitude });
/** A point beside the location that matters to a driver, such as an entrance (OCPI 2.2.1 §8.4.1). */
export const AdditionalGeoLocation = Type.Object({ latitude: Latitude, longitude: Longitude, name: Type.Optional(DisplayText) });
