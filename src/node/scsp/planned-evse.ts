import { phasesOf } from '../../domain/evse.ts';
import { partyKey } from '../../domain/ids.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import type { PlannedEvse } from '../../planner/problem.ts';
import type { RemoteLocations } from '../remote/remote-locations.ts';

/** What of a session says where it charges. */
type Charging = Pick<WireSession, 'country_code' | 'party_id' | 'location_id' | 'evse_uid' | 'connector_id'>;

/** What its CPO told of the place where a session charges: the connector in use, or the only one there is; undefined when nobody told, as for sessions whose place is veiled. */
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
