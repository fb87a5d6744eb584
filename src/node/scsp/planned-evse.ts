import { phasesOf } from '../../domain/evse.ts';
import { partyKey } from '../../domain/ids.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { PlannedEvse } from '../../planner/problem.ts';
import type { RemoteLocations } from '../remote/remote-locations.ts';

/** The fields of a session that say where it charges. */
type Charging = Pick<WireSession, 'country_code' | 'party_id' | 'location_id' | 'evse_uid' | 'connector_id'>;

/**
 * The EVSE of a session as its CPO describes it: the connector in use, or the only connector of the EVSE. Undefined when no CPO has sent
 * the EVSE, as for sessions with a pseudonymised location.
 */
export async function plannedEvseOf(locations: RemoteLocations, session: Charging): Promise<PlannedEvse | undefined> {
  const evse = await locations.evseOf(partyKey(session.country_code, session.party_id), session.location_id, session.evse_uid);
  const connector = evse?.connectors.find(({ id }) => id === session.connector_id) ?? (evse?.connectors.length === 1 ? evse.connectors[0] : undefined);
  if (!connector) return undefined;
  const { powerType, maxVoltage, maxAmperage, maxPower } = connector;
  const power = maxPower !== undefined && { power: maxPower };
  return powerType === 'DC'
    ? { current: 'DC', ...power }
    : { current: 'AC', phases: phasesOf(powerType), voltage: maxVoltage, amperage: maxAmperage, ...power };
}
