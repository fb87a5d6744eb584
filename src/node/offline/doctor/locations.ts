import { fold } from '../../../domain/ids.ts';
import type { Config } from '../../config/config.ts';
import { type Finding, passed } from './finding.ts';

/** Whether every place where charge points stand is described; one that is not is told to peers all the same (TRN-45). */
export function checkLocations({ charge_points, locations }: Config): readonly Finding[] {
  if (charge_points.length === 0) return [];
  const described = new Set(locations.map((it) => fold(it.id)));
  const named = [...new Map(charge_points.map((it) => [fold(it.location_id), it.location_id])).entries()];
  const bare = named.filter(([id]) => !described.has(id)).map(([, id]) => id);
  if (bare.length === 0) return [passed('locations', `${named.length} described`)];
  const which = bare.length > 5 ? `${bare.slice(0, 5).join(', ')} and ${bare.length - 5} more` : bare.join(', ');
  const says = `${which}: not described, so told to peers unpublished and without an address; add under locations: id, address, city, country, coordinates, time_zone`;
  return [passed('locations', says)];
}
