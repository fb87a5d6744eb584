import { randomBytes } from 'node:crypto';
import type { Ask, AskKind, ResponseType } from '../../domain/exchange.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import { callEndpoint, type Ids, type PeerClient } from '../../ocpi/call.ts';
import type { WireChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { clearChargingProfile, clearChargingProfileResult } from '../../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from '../../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from '../../ocpi/chargingprofiles/set-charging-profile.ts';
import { writeChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { messagePath } from '../../ocpi/routes.ts';
import type { ImmediateAnswer } from '../../roles/emsp/sent-request-state.ts';
import { fingerprint } from '../../store/encryption.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { editionOf } from '../peers/peer-client.ts';

/** Set, get or clear in the form of OCPI. */
export type WireAsk = { kind: 'set'; charging_profile: WireChargingProfile } | { kind: 'get'; duration: Seconds } | { kind: 'clear' };
/** Writes what is asked in the form of OCPI. */
export const wireAsk = (ask: Ask): WireAsk => (ask.kind === 'set' ? { kind: 'set', charging_profile: writeChargingProfile(ask.profile) } : ask);

/** One request about the profile of one session, addressed to a peer. */
export interface PeerRequest {
  ask: WireAsk;
  /** The URL of the peer's chargingprofiles module. */
  base: string;
  sessionId: string;
  responseUrl: string;
  ids: Ids;
}

const RESULTS = { set: setChargingProfileResult, get: getActiveChargingProfileResult, clear: clearChargingProfileResult } as const;

/** A new address of ours for one result (CP-43). It holds a secret; the store gets the hash only. */
export function newResponseUrl({ config }: Pick<Context, 'config'>, peer: KnownPeer, kind: AskKind): { responseUrl: string; resultHash: string } {
  const secret = randomBytes(16).toString('base64url');
  const path = messagePath(RESULTS[kind], editionOf(peer));
  return { responseUrl: config.public_url + path.replace('{result_id}', secret), resultHash: fingerprint(secret) };
}

/** ChargingProfileResponse of OCPI; `timeout` in seconds. */
export type WireProfileResponse = { result: ResponseType; timeout: number };

/** Sends a request to a peer; resolves with its immediate answer. The result comes later, to the response_url. */
export function callPeer(client: PeerClient, { ask, base, sessionId, responseUrl: response_url, ids }: PeerRequest): Promise<PeerAnswer<WireProfileResponse>> {
  const call = { base, params: { session_id: sessionId }, ids };
  switch (ask.kind) {
    case 'set':
      return callEndpoint(client, setChargingProfile, { ...call, query: undefined, body: { charging_profile: ask.charging_profile, response_url } });
    case 'get':
      return callEndpoint(client, getActiveChargingProfile, { ...call, query: { duration: ask.duration, response_url }, body: undefined });
    case 'clear':
      return callEndpoint(client, clearChargingProfile, { ...call, query: { response_url }, body: undefined });
    default:
      return ask satisfies never;
  }
}

type Failure = Extract<PeerAnswer<unknown>, { is: 'FAILED' }>;
type ReadableAnswer = Exclude<ImmediateAnswer, { is: 'REFUSED' }>;

/** A status_message that adds nothing to the result (F-71). */
const isPlain = (message: string, result: ResponseType): boolean =>
  message.trim() === '' || /^(generic )?(ok|success|success code|successful(ly)?)[.!]?$/i.test(message.trim()) || message.trim().toUpperCase() === result;

/** Reads the immediate answer. A result counts also when it stands in a 2xxx answer; a success without a result is ambiguous. */
export function readProfileResponse<T>(outcome: PeerAnswer<WireProfileResponse>, readFailure: (failure: Failure) => T): ReadableAnswer | T {
  if (outcome.data) {
    const { result, timeout } = outcome.data;
    const { message } = outcome;
    return { is: 'ANSWERED', result, timeout: seconds(timeout), ...(message !== undefined && !isPlain(message, result) && { message }) };
  }
  return outcome.is === 'SUCCESS' ? { is: 'AMBIGUOUS', reason: 'bad_body' } : readFailure(outcome);
}

/** Errors of a hub that leave open whether the party behind it has received the request (RTE-17). */
const AMBIGUOUS_AT_HUB = ['hub_timeout', 'hub_error', 'ocpi_4xxx'];

/** Sends a request of our own and reads the immediate answer. A request that may have arrived, but was not answered, is ambiguous. */
export async function sendToPeer(client: PeerClient, request: PeerRequest): Promise<ImmediateAnswer> {
  return readProfileResponse(await callPeer(client, request), ({ because, message, statusCode, httpStatus, sent }): ImmediateAnswer => {
    const reason = [because, message].filter(Boolean).join(': ');
    if (AMBIGUOUS_AT_HUB.includes(because)) return { is: 'AMBIGUOUS', reason };
    const answered = statusCode !== undefined || isClientError(httpStatus);
    return !sent || answered ? { is: 'REFUSED', reason } : { is: 'AMBIGUOUS', reason };
  });
}

/** HTTP 4xx: the peer has read the request and refused it. */
export const isClientError = (httpStatus: number | undefined): boolean => httpStatus !== undefined && httpStatus >= 400 && httpStatus < 500;
