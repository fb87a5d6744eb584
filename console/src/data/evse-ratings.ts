import { useMemo } from 'preact/hooks';
import { type EvseRating, phasesOf } from './quantity.ts';
import { useResource } from './resource.ts';
import type { Listed, LocationView, SessionView } from './api-types.ts';

/** What the EVSEs of all known locations can carry, by their uid: what makes W of A. */
export function useEvseRatings(): (session: SessionView) => EvseRating | undefined {
  const locations = useResource<Listed<LocationView>>('locations', { limit: 1000 });
  const ratings = useMemo(() => {
    const found = new Map<string, EvseRating>();
    for (const { location } of locations.value?.items ?? [])
      for (const evse of location.evses ?? []) {
        const [connector] = evse.connectors;
        if (connector)
          found.set(evse.uid, {
            phases: phasesOf(connector.power_type),
            volts: connector.max_voltage,
            amperes: connector.max_amperage,
            ...(connector.max_electric_power !== undefined && { watts: connector.max_electric_power }),
          });
      }
    return found;
  }, [locations.value]);
  return ({ session }) => ratings.get(session.evse_uid);
}
