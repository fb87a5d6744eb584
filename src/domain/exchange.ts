import type { ExchangeId, MessageId, PartyKey, PeerId, SessionKey, StationId } from './ids.ts';
import type { ActiveChargingProfile, ChargingProfile } from './profile/charging-profile.ts';
import type { EpochMillis, Seconds } from './units.ts';

/** What one exchange is about; each is one use case of the ChargingProfiles module. */
export type Ask = { kind: 'set'; profile: ChargingProfile } | { kind: 'get'; duration: Seconds } | { kind: 'clear' };
export type AskKind = Ask['kind'];

/** ChargingProfileResultType (OCPI 2.2.1 §14.5.6). */
export const RESULTS = ['ACCEPTED', 'REJECTED', 'UNKNOWN'] as const;
export type ResultType = (typeof RESULTS)[number];
/** ChargingProfileResponseType (OCPI 2.2.1 §14.5.5). */
export const RESPONSES = ['ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'] as const;
export type ResponseType = (typeof RESPONSES)[number];

/** What an EVSE made of a request; the profile comes with an ACCEPTED get only. */
export interface Outcome {
  result: ResultType;
  profile?: ActiveChargingProfile;
  /** The profile is this node's own computation, as the charge point cannot say what it has calculated. */
  computed?: true;
}

/**
 * The life of a request that this node accepted and carries to a charge point.
 * ACCEPTED → SENDING → RESULT → DELIVERING → DELIVERED | UNDELIVERED; TIMED_OUT, CANCELLED and DELIVERY_UNKNOWN end it early.
 */
const CARRIED_STATES = ['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'DELIVERED', 'UNDELIVERED', 'DELIVERY_UNKNOWN', 'TIMED_OUT', 'CANCELLED'] as const;
/**
 * The life of a request that this node sends to a peer.
 * POSTING → AWAITING → CONFIRMED | REJECTED | UNKNOWN; REFUSED when the peer's answer was not ACCEPTED; UNCERTAIN when nothing tells.
 */
export const SENT_STATES = ['POSTING', 'AWAITING', 'CONFIRMED', 'REJECTED', 'UNKNOWN', 'REFUSED', 'UNCERTAIN'] as const;
export type SentState = (typeof SENT_STATES)[number];
export const EXCHANGE_STATES = [...CARRIED_STATES, ...SENT_STATES] as const;
export type ExchangeState = (typeof EXCHANGE_STATES)[number];

/** States in which something is still to happen. */
export const OPEN_STATES = ['ACCEPTED', 'SENDING', 'RESULT', 'DELIVERING', 'POSTING', 'AWAITING'] as const satisfies readonly ExchangeState[];
export const isOpen = (state: ExchangeState) => OPEN_STATES.some((open) => open === state);

/**
 * Who asked, and which way the exchange runs: `carried` to our charge point for a peer, `own` to our charge point for
 * the operator, `sent` to a peer for a party of ours, `relayed` from a peer to another. A relayed one is first
 * POSTING and AWAITING like a sent one, then RESULT and DELIVERING like a carried one.
 */
export const SIDES = ['carried', 'own', 'sent', 'relayed'] as const;
export type Side = (typeof SIDES)[number];

export interface Exchange {
  id: ExchangeId;
  side: Side;
  /** The peer at the other end, the one that asked; the node itself when `side` is `own`. */
  peer: PeerId;
  /** The party that asks; for it the peer speaks, or the node. */
  party: PartyKey;
  /** Where a relayed request went on to. */
  upstream: PeerId | undefined;
  session: SessionKey;
  edition: string;
  ask: Ask;
  requestId: string;
  correlationId: string;
  /** SHA-256 of what was asked, so that a repeat is told from a reuse of its X-Request-ID. */
  bodyHash: string;
  /** Where the result goes; ours when `side` is `sent`, none when it is `own`. */
  responseUrl: string | undefined;
  acceptedAt: EpochMillis;
  /** After it nobody waits any more. */
  deadline: EpochMillis;
  timeout: Seconds;
  state: ExchangeState;
  /** Why it is in this state, in the words of one list for logs, metrics and console. */
  reason: string | undefined;
  result: ResponseType | ResultType | undefined;
  outcome: Outcome | undefined;
  /** What was said to people with the immediate answer. */
  message: string | undefined;
  /** The result of a relayed request as it came, JSON: it goes on unchanged (CP-62). */
  relayedOutcome: string | undefined;
  station: StationId | undefined;
  profileId: number | undefined;
  messageId: MessageId | undefined;
  earlierMessageId: MessageId | undefined;
  sentAt: EpochMillis | undefined;
  endedAt: EpochMillis | undefined;
}
