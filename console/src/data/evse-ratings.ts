import { useMemo } from 'preact/hooks';
import type { Listed, LocationView, SessionView } from './api-types.ts';
import { type EvseRating, phasesOf } from './quantity.ts';
import { useResource } from './resource.ts';

/** Looks up the rating of a session's EVSE, by the uid of the EVSE in all known locations. */
export function useEvseRatings(): (session: SessionView) => EvseRating | undefined {
  const locations = useResource<Listed<LocationView>>('locations', { limit: 1000 });
  const ratings = useMemo(() => {
    const byUid = new Map<string, EvseRating>();
    for (const { location } of locations.value?.items ?? [])
      for (const evse of location.evses ?? []) {
        const [connector] = evse.connectors;
        if (connector)
          byUid.set(evse.uid, {
            phases: phasesOf(connector.power_type),
            volts: connector.max_voltage,
            amperes: connector.max_amperage,
            ...(connector.max_electric_power !== undefined && { watts: connector.max_electric_power }),
            ...(connector.power_type === 'DC' && { dc: true }),
          });
      }
    return byUid;
  }, [locations.value]);
  return ({ session }) => ratings.get(session.evse_uid);
}
