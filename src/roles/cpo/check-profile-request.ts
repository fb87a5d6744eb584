import type { Sharing } from '../../domain/contract.ts';
import type { Evse } from '../../domain/evse.ts';
import type { ResponseType } from '../../domain/exchange.ts';
import { asPartyKey, type PartyKey, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { RateUnit } from '../../domain/profile/charging-profile.ts';

/** What the operator's own requests are kept under; no party can be called so. */
export const OPERATOR: PartyKey = asPartyKey('operator');

/** One party's profile for a session; without a unit: it is on its way to the charge point. */
export interface Input {
  by: PartyKey;
  unit?: RateUnit;
}

/** All that the CPO must know before it can answer a request about a charging profile. */
export interface RequestFacts {
  /** Absent: none that this party may see. `mayControl`: it owns the session, or has a contract for it (CP-35). */
  session: { key: SessionKey; status: string; profileId: number; mayControl: boolean } | undefined;
  station: { id: StationId; online: boolean; smartCharging: boolean; units: readonly RateUnit[]; pending: number };
  evse: Evse | undefined;
  /** Kinds of requests of this session that wait unsent. */
  waiting: readonly string[];
  /** The profiles that steer the session now, the asker's own among them. */
  inputs: readonly Input[];
  asker: PartyKey;
  /** How the asker shares a session with another party, as the operator has it. */
  sharingWith(other: PartyKey): Sharing;
  /** The operator has taken the right to steer from this party. */
  halted: boolean;
  /** Why this party, or this charge point, must wait. */
  tooOften: string | undefined;
}

/** The immediate answer: only ACCEPTED promises a result (CP-11). `message` is for people. */
export interface Answer {
  result: ResponseType;
  message?: string;
}

/** Orders that one charge point may have waiting; one more is TOO_OFTEN. */
export const STATION_QUEUE = 8;

/** Why a request about this session cannot be forwarded at all, if so (CP-06, CP-07, CP-09, CP-10, CP-34; A-13). */
export function obstacle(known: RequestFacts): Answer | undefined {
  const { session, station, evse } = known;
  if (!session) return { result: 'UNKNOWN_SESSION' };
  if (session.status !== 'ACTIVE') return { result: 'REJECTED', message: `the session is ${session.status}, only an ACTIVE one takes charging profiles` };
  if (!station.online || !evse) return { result: 'REJECTED', message: 'the charge point is not connected' };
  if (!station.smartCharging) return { result: 'NOT_SUPPORTED', message: 'the charge point has no smart charging' };
  if (station.pending >= STATION_QUEUE) return { result: 'TOO_OFTEN', message: 'the charge point has too many requests waiting' };
  return known.tooOften === undefined ? undefined : { result: 'TOO_OFTEN', message: known.tooOften };
}

/** Why this party may not steer the session, if so: it has no right to, or another party does already (CP-08, CP-35, CP-36). */
export function notPermitted({ session, inputs, asker, sharingWith, halted }: RequestFacts): Answer | undefined {
  if (halted) return { result: 'REJECTED', message: `the operator has taken the right to steer from ${asker}` };
  if (session?.mayControl === false) return { result: 'REJECTED', message: `no contract lets ${asker} control this session` };
  const other = inputs.find(({ by }) => by !== asker && sharingWith(by) === 'one');
  return other && { result: 'REJECTED', message: other.by === OPERATOR ? 'the operator steers this session' : 'another party steers this session' };
}

/** Whether the lower of a profile and those beside it can be told: watts and amperes compare on AC alone. */
export const unitsComparable = ({ inputs, asker, evse }: RequestFacts, unit: RateUnit): boolean =>
  evse?.powerType !== 'DC' || inputs.every((it) => it.by === asker || it.unit === undefined || it.unit === unit);

/** At most one request of a kind waits unsent for a session (spec: one slot). */
export const alreadyWaiting = (known: RequestFacts, kind: 'get' | 'clear'): Answer | undefined =>
  known.waiting.includes(kind) ? { result: 'TOO_OFTEN', message: `another ${kind} of this session still waits` } : undefined;
