import type { Evse } from '../../domain/evse.ts';
import type { EvseStatus } from '../../ocpi/locations/evse.ts';

/** The state of one station at one moment. */
export interface StationSnapshot {
  online: boolean;
  /** The last status of each connector; connector 0 of OCPP 1.6 is the station itself. */
  statuses: readonly { evseId: number; connectorId: number; status: string }[];
  /** The sessions of the station that have not ended. */
  sessions: readonly { evseUid: string | undefined; status: string }[];
}

/** EvseStatus by the status of StatusNotification (OCPP 1.6 §7.7, OCPP 2.0.1 §3.18). A connected car that does not charge blocks the EVSE. */
const STATUSES: ReadonlyMap<string, EvseStatus> = new Map([
  ['Available', 'AVAILABLE'],
  ['Preparing', 'BLOCKED'],
  ['Charging', 'CHARGING'],
  ['SuspendedEV', 'CHARGING'],
  ['SuspendedEVSE', 'CHARGING'],
  ['Finishing', 'BLOCKED'],
  ['Occupied', 'BLOCKED'],
  ['Reserved', 'RESERVED'],
  ['Unavailable', 'INOPERATIVE'],
  ['Faulted', 'OUTOFORDER'],
]);

/**
 * The status of an EVSE: UNKNOWN while its station is offline or has sent none, OUTOFORDER while it has a fault, also during a session
 * (F-53), CHARGING while a session runs (OCPI 2.2.1 §8.4.22).
 */
export function evseStatusOf(evse: Evse, { online, statuses, sessions }: StationSnapshot): EvseStatus {
  if (!online) return 'UNKNOWN';
  const own = sessions.filter((it) => it.evseUid === evse.uid).map((it) => it.status);
  const [fault, atEvse] = [stationFault(statuses), reportedStatus(evse, statuses)];
  const isFaulted = atEvse === 'OUTOFORDER' || (fault === 'OUTOFORDER' && atEvse !== 'CHARGING');
  if (!isFaulted && (own.includes('ACTIVE') || own.includes('PENDING'))) return 'CHARGING';
  const reported = fault ?? atEvse ?? 'UNKNOWN';
  return reported === 'AVAILABLE' && own.includes('RESERVATION') ? 'RESERVED' : reported;
}

type Reported = StationSnapshot['statuses'];
const toOcpi = (it: Reported[number] | undefined): EvseStatus | undefined => it && STATUSES.get(it.status);

/** A fault of the whole station applies to each of its EVSEs. */
function stationFault(reported: Reported): EvseStatus | undefined {
  const status = toOcpi(reported.find((it) => it.evseId === 0));
  return status === 'OUTOFORDER' || status === 'INOPERATIVE' ? status : undefined;
}

/** A car at any connector occupies the whole EVSE; otherwise the status of the configured connector applies. */
function reportedStatus({ evseId, connectorId }: Evse, reported: Reported): EvseStatus | undefined {
  const own = reported.filter((it) => it.evseId === evseId);
  const occupied = own.map(toOcpi).find((it) => it === 'CHARGING' || it === 'BLOCKED');
  return occupied ?? toOcpi(own.find((it) => it.connectorId === connectorId) ?? own[0]);
}
