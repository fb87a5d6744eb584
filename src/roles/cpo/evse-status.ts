import type { Evse } from '../../domain/evse.ts';
import type { EvseStatus } from '../../ocpi/locations/evse.ts';

/** What is known of one station at one moment. */
export interface StationSnapshot {
  online: boolean;
  /** What it last said of each of its connectors; connector 0 of OCPP 1.6 is the station itself. */
  heard: readonly { evseId: number; connectorId: number; status: string }[];
  /** Its sessions that have not ended. */
  sessions: readonly { evseUid: string | undefined; status: string }[];
}

/** The words of StatusNotification, OCPP 1.6 §7.7 and OCPP 2.0.1 §3.18. A car that stands there without charging blocks the EVSE. */
const WORDS: ReadonlyMap<string, EvseStatus> = new Map([
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

/** Whether an EVSE can be used: UNKNOWN while its station is away or has said nothing, CHARGING while a session runs (OCPI 2.2.1 §8.4.22). */
export function evseStatusOf(evse: Evse, { online, heard, sessions }: StationSnapshot): EvseStatus {
  if (!online) return 'UNKNOWN';
  const here = sessions.filter((it) => it.evseUid === evse.uid).map((it) => it.status);
  if (here.includes('ACTIVE') || here.includes('PENDING')) return 'CHARGING';
  const said = ofTheStation(heard) ?? ofTheEvse(evse, heard) ?? 'UNKNOWN';
  return said === 'AVAILABLE' && here.includes('RESERVATION') ? 'RESERVED' : said;
}

type Heard = StationSnapshot['heard'];
const wordOf = (it: Heard[number] | undefined): EvseStatus | undefined => it && WORDS.get(it.status);

/** A station that is out of order as a whole has no EVSE that works. */
function ofTheStation(heard: Heard): EvseStatus | undefined {
  const word = wordOf(heard.find((it) => it.evseId === 0));
  return word === 'OUTOFORDER' || word === 'INOPERATIVE' ? word : undefined;
}

/** A car at any of its connectors takes the whole EVSE; otherwise the connector that the operator named speaks for it. */
function ofTheEvse({ evseId, connectorId }: Evse, heard: Heard): EvseStatus | undefined {
  const own = heard.filter((it) => it.evseId === evseId);
  const taken = own.map(wordOf).find((it) => it === 'CHARGING' || it === 'BLOCKED');
  return taken ?? wordOf(own.find((it) => it.connectorId === connectorId) ?? own[0]);
}
