import { type Evse, phasesOf } from '../../../domain/evse.ts';
import { evseMaximum } from '../../../domain/profile/convert.ts';
import type { WireSession } from '../../../ocpi/sessions/session.ts';
import type { PlannedEvse } from '../../../planner/problem.ts';
import type { Roles } from '../../compose/compose.ts';
import { plannedEvseOf } from '../../scsp/planned-evse.ts';
import type { AnySession } from './view-session.ts';

/** What is known of the supply of an EVSE: phases, V line to neutral, and its maximum in W and in A on each phase. Phases and voltage are of AC only. */
export interface Wires {
  phases?: number;
  voltage?: number;
  /** V; the maximum of a DC EVSE. */
  dcVoltage?: number;
  watts?: number;
  amperes?: number;
}

/** The supply of the EVSE of a session: from the configuration, or from the location that a peer sent. */
export async function wiresOf({ cpo, remote }: Pick<Roles, 'cpo' | 'remote'>, { peer, body, evseUid }: AnySession): Promise<Wires> {
  if (peer === undefined) {
    const found = cpo?.evses.byUid(evseUid ?? body.evse_uid);
    return found ? ownWires(found.evse) : {};
  }
  const wire: Pick<WireSession, 'country_code' | 'party_id' | 'location_id' | 'evse_uid' | 'connector_id'> = body;
  return remote ? remoteWires(await plannedEvseOf(remote.locations, wire)) : {};
}

const ownWires = (evse: Evse): Wires => ({
  ...(evse.powerType === 'DC'
    ? { dcVoltage: evse.maxVoltage }
    : { phases: phasesOf(evse.powerType), voltage: evse.maxVoltage, amperes: evseMaximum(evse, 'A') }),
  watts: evseMaximum(evse, 'W'),
});

function remoteWires(evse: PlannedEvse | undefined): Wires {
  if (!evse) return {};
  const power = evse.power === undefined ? {} : { watts: evse.power };
  if (evse.current === 'DC') return { ...power, ...(evse.voltage !== undefined && { dcVoltage: evse.voltage }) };
  const { phases, voltage, amperage } = evse;
  if (phases === undefined || voltage === undefined) return power;
  if (amperage === undefined) return { phases, voltage, ...power };
  return { phases, voltage, amperes: amperage, watts: Math.min(evse.power ?? Infinity, phases * voltage * amperage) };
}
