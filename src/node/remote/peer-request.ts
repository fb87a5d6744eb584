import type { Ask, AskKind, ResponseType } from '../../domain/exchange.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import { callEndpoint, type Ids, type PeerClient } from '../../ocpi/call.ts';
import type { WireChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { clearChargingProfile, clearChargingProfileResult } from '../../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from '../../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from '../../ocpi/chargingprofiles/set-charging-profile.ts';
import { writeChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { Edition } from '../../ocpi/editions.ts';
import type { Outcome } from '../../ocpi/outcome.ts';
import { messagePath } from '../../ocpi/routes.ts';
import type { Answered } from '../../roles/emsp/take-answer.ts';

const RESULTS = { set: setChargingProfileResult, get: getActiveChargingProfileResult, clear: clearChargingProfileResult } as const;

/** Where the result of a question is to be posted: our own address for that kind of result, with a secret that is only good for this one (CP-43). */
export const responseUrlFor = (kind: AskKind, at: { publicUrl: string; edition: Edition; secret: string }): string =>
  at.publicUrl + messagePath(RESULTS[kind], at.edition).replace('{result_id}', at.secret);

/** What is asked, as it goes over the wire. */
export type WireAsk = { kind: 'set'; charging_profile: WireChargingProfile } | { kind: 'get'; duration: Seconds } | { kind: 'clear' };
export const wireAsk = (ask: Ask): WireAsk => (ask.kind === 'set' ? { kind: 'set', charging_profile: writeChargingProfile(ask.profile) } : ask);

/** One question about one session, addressed. */
export interface PeerRequest {
  ask: WireAsk;
  base: string;
  sessionId: string;
  responseUrl: string;
  ids: Ids;
}

/** Asks a CPO and reads what it answers at once; the result comes later, to the response_url. */
export async function sendToPeer(line: PeerClient, question: PeerRequest): Promise<Answered> {
  return readResponse(await callPeer(line, question));
}

export type WireProfileResponse = { result: ResponseType; timeout: number };

/** Sends a question; what comes back is the peer's own word, or why there is none. */
export function callPeer(line: PeerClient, { ask, base, sessionId, responseUrl: response_url, ids }: PeerRequest): Promise<Outcome<WireProfileResponse>> {
  const common = { base, params: { session_id: sessionId }, ids };
  switch (ask.kind) {
    case 'set':
      return callEndpoint(line, setChargingProfile, {
        ...common,
        query: undefined,
        body: { charging_profile: ask.charging_profile, response_url },
      });
    case 'get':
      return callEndpoint(line, getActiveChargingProfile, { ...common, query: { duration: ask.duration, response_url }, body: undefined });
    case 'clear':
      return callEndpoint(line, clearChargingProfile, { ...common, query: { response_url }, body: undefined });
    default:
      return ask satisfies never;
  }
}

/** What a hub says when it sent a request on, or may have: the party behind it may have got it (RTE-17). */
const HUB_DOUBTS = ['hub_timeout', 'hub_error', 'ocpi_4xxx'];

/** A 2xxx around a proper result is that result; what may have arrived without an answer is ambiguous. */
function readResponse(outcome: Outcome<WireProfileResponse>): Answered {
  if (outcome.data) {
    const { result, timeout } = outcome.data;
    const message = outcome.is === 'FAILED' ? outcome.message : undefined;
    return { is: 'ANSWERED', result, timeout: seconds(timeout), ...(message !== undefined && { message }) };
  }
  if (outcome.is === 'SUCCESS') return { is: 'AMBIGUOUS', reason: 'bad_body' };
  const reason = [outcome.because, outcome.message].filter(Boolean).join(': ');
  if (HUB_DOUBTS.includes(outcome.because)) return { is: 'AMBIGUOUS', reason };
  const answered = outcome.statusCode !== undefined || (outcome.httpStatus !== undefined && outcome.httpStatus >= 400 && outcome.httpStatus < 500);
  return !outcome.sent || answered ? { is: 'REFUSED', reason } : { is: 'AMBIGUOUS', reason };
}
