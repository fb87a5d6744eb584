import type { WireLocation } from '../../ocpi/locations/location.ts';

/** Who is told of an own location: all peers, only those with a contract that covers it, or nobody. */
export type LocationAudience = 'ALL' | 'CONTRACTS' | 'NOBODY';

/** The value of a required text that is not configured (TRN-45). */
export const NOT_CONFIGURED = '#NA';

/** Whether the operator described a location: each required text has a value. */
export const isDescribed = ({ address, city, country, coordinates, time_zone }: WireLocation): boolean =>
  ![address, city, country, coordinates.latitude, coordinates.longitude, time_zone].includes(NOT_CONFIGURED);

/**
 * Who is told of a location. Nobody until it is described (LOC-09, F-40). A private one, which is not published and names no tokens
 * that may see it, goes only to parties that control or see its sessions by contract (LOC-02).
 */
export function audienceOf(location: WireLocation): LocationAudience {
  if (!isDescribed(location)) return 'NOBODY';
  return location.publish || (location.publish_allowed_to ?? []).length > 0 ? 'ALL' : 'CONTRACTS';
}
