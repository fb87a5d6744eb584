import type { Evse } from '../../domain/evse.ts';
import type { ResponseType } from '../../domain/exchange.ts';
import type { PeerId, SessionKey, StationId } from '../../domain/ids.ts';
import type { RateUnit } from '../../domain/profile/charging-profile.ts';

/** All that the CPO must know before it can answer a request about a charging profile. */
export interface Known {
  /** Absent: none that this party may see. */
  session: { key: SessionKey; status: string; profileId: number } | undefined;
  station: { id: StationId; online: boolean; smartCharging: boolean; compositeSchedule: boolean; units: readonly RateUnit[]; pending: number };
  evse: Evse | undefined;
  /** Kinds of requests of this session that wait unsent. */
  waiting: readonly string[];
  /** Whose profile steers the session now. */
  controller: PeerId | undefined;
  asker: PeerId;
}

/** The immediate answer: only ACCEPTED promises a result (CP-11). `message` is for people. */
export interface Answer {
  result: ResponseType;
  message?: string;
}

/** Orders that one charge point may have waiting; one more is TOO_OFTEN. */
export const STATION_QUEUE = 8;

/** Why a request about this session cannot be forwarded at all, if so (CP-06, CP-07, CP-10, CP-34; readings A-13). */
export function obstacle(known: Known): Answer | undefined {
  const { session, station, evse } = known;
  if (!session) return { result: 'UNKNOWN_SESSION' };
  if (session.status !== 'ACTIVE') return { result: 'REJECTED', message: `the session is ${session.status}, only an ACTIVE one takes charging profiles` };
  if (!station.online || !evse) return { result: 'REJECTED', message: 'the charge point is not connected' };
  if (!station.smartCharging) return { result: 'NOT_SUPPORTED', message: 'the charge point has no smart charging' };
  if (station.pending >= STATION_QUEUE) return { result: 'TOO_OFTEN', message: 'the charge point has too many requests waiting' };
  return undefined;
}

/** At most one request of a kind waits unsent for a session (spec: one slot). */
export const alreadyWaiting = (known: Known, kind: 'get' | 'clear'): Answer | undefined =>
  known.waiting.includes(kind) ? { result: 'TOO_OFTEN', message: `another ${kind} of this session still waits` } : undefined;
