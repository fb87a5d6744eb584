import { fold, type PartyKey, partyOfSession } from '../../domain/ids.ts';
import type { Role } from '../../domain/party.ts';
import { keyOf } from '../../domain/party.ts';
import type { Request } from '../../ocpi/binding.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { fingerprint } from '../../store/encryption.ts';
import { exchangeByResult } from '../../store/sql/exchange.ts';
import { relayedById } from '../../store/sql/relayed.ts';
import { sessionByKey, sessionsByFoldedId } from '../../store/sql/session.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** The roles that answer requests to each interface of the modules that are about sessions. */
const ANSWERING: Readonly<Record<string, readonly Role[]>> = {
  'sessions SENDER': ['CPO', 'EMSP'],
  'sessions RECEIVER': ['EMSP', 'SCSP'],
  'chargingprofiles RECEIVER': ['CPO', 'EMSP'],
  'chargingprofiles SENDER': ['EMSP', 'SCSP'],
};

/**
 * Our party that a request without OCPI-to headers is for (open routing, RTE-07): the only possible one, or the party that the session
 * of the request belongs to. Undefined when neither is known.
 */
export async function receivingPartyOf({ config, store }: Pick<Context, 'config' | 'store'>, endpoint: Endpoint, request: Request<Endpoint, KnownPeer>) {
  const roles = ANSWERING[`${endpoint.module} ${endpoint.interface}`] ?? [];
  const hosted = roles.length === 0 ? [] : hostedParties(config, ...roles);
  if (hosted.length < 2) return hosted[0];
  return (await ownersIn(store, request)).find((it) => it !== undefined && hosted.includes(it));
}

async function ownersIn(store: Context['store'], { params, body }: Request<Endpoint, KnownPeer>): Promise<readonly (PartyKey | undefined)[]> {
  const { session_id: id, result_id: result } = params;
  if (result !== undefined) return [(await store.first(exchangeByResult(fingerprint(result))))?.party];
  if (id === undefined) return [];
  const sessions = await store.all(sessionsByFoldedId(fold(id)));
  const relayed = await store.first(relayedById(id));
  const relayedSession = relayed && (await store.first(sessionByKey(relayed.session)));
  return [
    tokenPartyIn(body),
    ...sessions.flatMap((it) => (it.peer === undefined ? [partyOfSession(it.key)] : [it.receiver, it.tokenParty])),
    relayedSession?.tokenParty,
  ];
}

/** The eMSP in the body of a session that is pushed for the first time. */
function tokenPartyIn(body: unknown): PartyKey | undefined {
  const token: unknown = typeof body === 'object' && body !== null && 'cdr_token' in body ? body.cdr_token : undefined;
  if (typeof token !== 'object' || token === null || !('country_code' in token) || !('party_id' in token)) return undefined;
  const { country_code, party_id } = token;
  return typeof country_code === 'string' && typeof party_id === 'string' ? keyOf({ country_code, party_id }) : undefined;
}
