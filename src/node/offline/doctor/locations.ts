import { fold } from '../../../domain/ids.ts';
import type { Config } from '../../config/config.ts';
import { advised, type Finding, passed } from './finding.ts';

/** Names the locations of charge points that `locations` does not describe: peers are not told of them (LOC-09, F-40). */
export function checkLocations({ charge_points, locations }: Config): readonly Finding[] {
  if (charge_points.length === 0) return [];
  const described = new Set(locations.map((it) => fold(it.id)));
  const used = [...new Map(charge_points.map((it) => [fold(it.location_id), it.location_id])).entries()];
  const undescribed = used.filter(([id]) => !described.has(id)).map(([, id]) => id);
  if (undescribed.length === 0) return [passed('locations', `${used.length} described`)];
  const names = undescribed.length > 5 ? `${undescribed.slice(0, 5).join(', ')} and ${undescribed.length - 5} more` : undescribed.join(', ');
  return [advised('locations', `${names}: not described, so peers are told of no EVSE there; add under locations: ${exampleOf(undescribed[0] ?? '')}`)];
}

/** An entry to copy and fill in. */
const exampleOf = (id: string) =>
  `- { id: ${id}, address: STREET AND NUMBER, city: CITY, country: NLD, coordinates: { latitude: "52.37403", longitude: "4.88969" }, time_zone: Europe/Amsterdam }`;
