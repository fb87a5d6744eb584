import type { Sharing } from '../../domain/contract.ts';
import type { Evse } from '../../domain/evse.ts';
import type { ResponseType } from '../../domain/exchange.ts';
import { asPartyKey, type PartyKey, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { RateUnit } from '../../domain/profile/charging-profile.ts';

/** The party key of the operator's own requests; no party of OCPI can have it. */
export const OPERATOR: PartyKey = asPartyKey('operator');

/** The profile of one party for a session; without a unit, it is on its way to the charge point. */
export interface Input {
  by: PartyKey;
  unit?: RateUnit;
  /** The profile of the operator only lowers those of other parties. */
  keepsOthers?: true;
}

/** The facts that decide the immediate answer to a request about a charging profile. */
export interface RequestFacts {
  /** Undefined: no session that this party may see. `mayControl`: it owns the session or has a contract to control it (CP-35). */
  session: { key: SessionKey; status: string; profileId: number; mayControl: boolean } | undefined;
  station: { id: StationId; online: boolean; smartCharging: boolean; units: readonly RateUnit[]; pending: number };
  evse: Evse | undefined;
  /** The kinds of requests of this session that are not sent yet. */
  waiting: readonly string[];
  /** The profiles of all parties on the session now, the asker's own included. */
  inputs: readonly Input[];
  asker: PartyKey;
  /** How the asker and another party share a session, as configured by the operator. */
  sharingWith(other: PartyKey): Sharing;
  /** The operator has withdrawn the right to control from this party. */
  halted: boolean;
  /** Why this party or this charge point has reached its rate limit; undefined: it has not. */
  tooOften: string | undefined;
}

/** The immediate answer; only ACCEPTED promises a result (CP-11). `message` is the status message for people. */
export interface Answer {
  result: ResponseType;
  message?: string;
}

/** The number of requests that may wait for one charge point; the next one is TOO_OFTEN. */
export const STATION_QUEUE = 8;

/** The refusal of a request about a session that this party may not see (CP-07). */
export const UNKNOWN_SESSION: Answer = { result: 'UNKNOWN_SESSION' };

/** The refusal of a request that a session with this status or the charge point cannot take; undefined: it can (CP-06, CP-09, CP-10, CP-34; A-13). */
export function obstacle(status: string, { station, evse, tooOften }: RequestFacts): Answer | undefined {
  if (status !== 'ACTIVE') return { result: 'REJECTED', message: `the session is ${status}, only an ACTIVE one takes charging profiles` };
  if (!station.online || !evse) return { result: 'REJECTED', message: 'the charge point is not connected' };
  if (!station.smartCharging) return { result: 'NOT_SUPPORTED', message: 'the charge point has no smart charging' };
  if (station.pending >= STATION_QUEUE) return { result: 'TOO_OFTEN', message: 'the charge point has too many requests waiting' };
  return tooOften === undefined ? undefined : { result: 'TOO_OFTEN', message: tooOften };
}

/** Names nobody: the owner of the token must not learn that there is an SCSP (CP-71, A-32). */
export const STEERED = 'this session is steered already';

/** The refusal of a party without the right to control the session, or while another party controls it; undefined: permitted (CP-08, CP-35, CP-36). */
export function notPermitted({ session, inputs, asker, sharingWith, halted }: RequestFacts): Answer | undefined {
  if (halted) return { result: 'REJECTED', message: `the operator has taken the right to steer from ${asker}` };
  if (session?.mayControl === false) return { result: 'REJECTED', message: `no contract lets ${asker} control this session` };
  const other = inputs.find(({ by, keepsOthers }) => by !== asker && !keepsOthers && sharingWith(by) === 'one');
  return other && { result: 'REJECTED', message: other.by === OPERATOR ? 'the operator steers this session' : STEERED };
}

/** Whether a profile in this unit can be merged with the profiles of other parties: on DC only in the same unit. */
export const unitsComparable = ({ inputs, asker, evse }: RequestFacts, unit: RateUnit): boolean =>
  evse?.powerType !== 'DC' || inputs.every((it) => it.by === asker || it.unit === undefined || it.unit === unit);

/** The refusal of a second request of one kind while the first is not sent yet; undefined: none waits. */
export const alreadyWaiting = (facts: RequestFacts, kind: 'get' | 'clear'): Answer | undefined =>
  facts.waiting.includes(kind) ? { result: 'TOO_OFTEN', message: `another ${kind} of this session still waits` } : undefined;
