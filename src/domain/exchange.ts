import type { ExchangeId, MessageId, PartyKey, PeerId, SessionKey, StationId } from './ids.ts';
import type { ActiveChargingProfile, ChargingProfile } from './profile/charging-profile.ts';
import type { EpochMillis, Seconds } from './units.ts';

/**
 * The content of one request; each kind is one use case of the ChargingProfiles module. `keepsOthers`, only of the operator: the profiles
 * of other parties stay. A set then stands beside them, and the lowest limit applies; a clear removes the operator's own profile.
 * `because`: the reason that the operator wrote; it stays at this node.
 */
export type Ask =
  | { kind: 'set'; profile: ChargingProfile; keepsOthers?: true; because?: string }
  | { kind: 'get'; duration: Seconds }
  | { kind: 'clear'; keepsOthers?: true; because?: string };
/** The kind of a request: `set`, `get` or `clear`. */
export type AskKind = Ask['kind'];

/** ChargingProfileResultType (OCPI 2.2.1 §14.5.6). */
export const RESULTS = ['ACCEPTED', 'REJECTED', 'UNKNOWN'] as const;
/** One entry of `RESULTS`. */
export type ResultType = (typeof RESULTS)[number];
/** ChargingProfileResponseType (OCPI 2.2.1 §14.5.5). */
export const RESPONSES = ['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'] as const;
/** One entry of `RESPONSES`. */
export type ResponseType = (typeof RESPONSES)[number];

/** The result of a request at the EVSE. Only an ACCEPTED get has a profile. */
export interface Outcome {
  result: ResultType;
  profile?: ActiveChargingProfile;
  /** This node computed the profile, because the charge point does not report its own. */
  computed?: true;
}

/**
 * States of a request that this node accepted and dispatches to a charge point.
 * ACCEPTED → SENDING → RESULT → DELIVERING → DELIVERED | UNDELIVERED; TIMED_OUT, CANCELLED and DELIVERY_UNKNOWN end it early.
 */
const CARRIED_STATES = ['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'] as const;
/**
 * States of a request that this node sends to a peer.
 * POSTING → AWAITING → CONFIRMED | REJECTED | UNKNOWN. REFUSED: the immediate answer was not ACCEPTED. UNCERTAIN: no answer or no result arrived.
 */
export const SENT_STATES = ['POSTING', 'AWAITING', 'CONFIRMED', 'REJECTED', 'UNKNOWN', 'REFUSED', 'UNCERTAIN'] as const;
/** One entry of `SENT_STATES`. */
export type SentState = (typeof SENT_STATES)[number];
/** All states of an exchange. */
export const EXCHANGE_STATES = [...CARRIED_STATES, ...SENT_STATES] as const;
/** One entry of `EXCHANGE_STATES`. */
export type ExchangeState = (typeof EXCHANGE_STATES)[number];

/** The states in which an exchange has not ended. */
export const OPEN_STATES = ['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'POSTING', 'AWAITING'] as const satisfies readonly ExchangeState[];
/** Whether an exchange in this state has not ended. */
export const isOpen = (state: ExchangeState) => OPEN_STATES.some((open) => open === state);

/** The outcomes of exchanges; OPEN: it has not ended. */
export const OUTCOMES_OR_OPEN = ['OPEN', ...RESPONSES, 'UNKNOWN', 'UNCERTAIN', 'CANCELLED'] as const;
/** One entry of `OUTCOMES_OR_OPEN`. */
export type OutcomeOrOpen = (typeof OUTCOMES_OR_OPEN)[number];

/**
 * The direction of an exchange: `carried`: from a peer to a charge point of this node; `own`: from the operator to a charge point
 * of this node; `sent`: from a party of this node to a peer; `relayed`: from one peer to another. A relayed exchange is first
 * POSTING and AWAITING like a sent one, then RESULT and DELIVERING like a carried one.
 */
export const SIDES = ['carried', 'own', 'sent', 'relayed'] as const;
/** One entry of `SIDES`. */
export type Side = (typeof SIDES)[number];

/** One request about a profile with all that belongs to it, from the request to its outcome. */
export interface Exchange {
  id: ExchangeId;
  side: Side;
  /** The peer that sent the request, or that it was sent to when `side` is `sent`; `operator` when it is `own`. */
  peer: PeerId;
  /** The party that makes the request, through the peer or through this node. */
  party: PartyKey;
  /** The peer to which a relayed request is forwarded. */
  upstream: PeerId | undefined;
  session: SessionKey;
  edition: string;
  ask: Ask;
  requestId: string;
  correlationId: string;
  /** SHA-256 of the request. It distinguishes a repeated request from another request under the same X-Request-ID. */
  bodyHash: string;
  /** The URL for the result: a URL of this node when `side` is `sent`, undefined when it is `own`. */
  responseUrl: string | undefined;
  acceptedAt: EpochMillis;
  /** The moment until which the sender waits for the result. */
  deadline: EpochMillis;
  timeout: Seconds;
  state: ExchangeState;
  /** Why it is in this state: the same code in logs, metrics and console. */
  reason: string | undefined;
  result: ResponseType | ResultType | undefined;
  outcome: Outcome | undefined;
  /** The status message of the immediate answer, for people. */
  message: string | undefined;
  /** The result of a relayed request as received, JSON; it is forwarded unchanged (CP-62). */
  relayedOutcome: string | undefined;
  station: StationId | undefined;
  profileId: number | undefined;
  messageId: MessageId | undefined;
  earlierMessageId: MessageId | undefined;
  sentAt: EpochMillis | undefined;
  endedAt: EpochMillis | undefined;
}
