import { parseTarget } from '../../delivery/guard/origin.ts';
import type { Ask, ResponseType } from '../../domain/exchange.ts';
import type { Request } from '../../ocpi/binding.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { invalid, type Reply } from '../../ocpi/envelope.ts';
import { fingerprint } from '../../store/encryption.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { reachOf } from '../core/outgoing.ts';

/** A request about a charging profile as it was received: what is asked, about which session, and where the result goes. */
export interface ProfileRequest {
  sessionId: string;
  ask: Ask;
  responseUrl: string;
}

/** ChargingProfileResponse (OCPI 2.2.1 §14.3.2): the immediate answer, with the seconds within which the result will be posted. */
export interface ProfileResponse {
  result: ResponseType;
  timeout: number;
}

/** Refuses a response_url that does not lead to the peer itself; undefined when it may be used. */
export function checkResponseUrl({ config }: Pick<Context, 'config'>, peer: KnownPeer, responseUrl: string): Reply<never> | undefined {
  const target = parseTarget(responseUrl, { allowedOrigins: peer.originSet, ...reachOf(config) });
  return target.ok ? undefined : invalid(`response_url: ${target.problem}`);
}

/** Hash of a request: a repeat has the same one, another request under the same X-Request-ID does not (SEC-13). */
export const bodyHashOf = ({ url, text }: Request<Endpoint, KnownPeer>, ask: Ask): string => fingerprint(`${ask.kind} ${url} ${text}`);

/** The X-Request-ID of an earlier request came with another body (SEC-13). */
export const requestIdReused: Reply<never> = invalid('X-Request-ID: was used for another request, allowed is a new one for each request');
