import { fold, type PartyKey, partyOfSession } from '../domain/ids.ts';
import { keyOf } from '../domain/party.ts';
import type { Request } from '../ocpi/binding.ts';
import type { Endpoint } from '../ocpi/endpoint.ts';
import { fingerprint } from '../store/seal.ts';
import { exchangeByResult } from '../store/sql/exchange.ts';
import { relayedById } from '../store/sql/relayed.ts';
import { sessionByKey, sessionsByFoldedId } from '../store/sql/session.ts';
import type { Ground } from './ground.ts';
import type { KnownPeer } from './peers.ts';

/** The roles that answer on each side of the modules that are about sessions. */
const ANSWERING: Readonly<Record<string, readonly string[]>> = {
  'sessions SENDER': ['CPO', 'EMSP'],
  'sessions RECEIVER': ['EMSP', 'SCSP'],
  'chargingprofiles RECEIVER': ['CPO', 'EMSP'],
  'chargingprofiles SENDER': ['EMSP', 'SCSP'],
};

/**
 * The party of ours that a request is for which names none (open routing, RTE-07): the only one that it can be for, or the one whose
 * session it is about. Undefined when that cannot be told.
 */
export async function addresseeOf({ config, store }: Pick<Ground, 'config' | 'store'>, endpoint: Endpoint, request: Request<Endpoint, KnownPeer>) {
  const roles = ANSWERING[`${endpoint.module} ${endpoint.interface}`] ?? [];
  const hosted = [...new Set(config.parties.filter(({ role }) => roles.includes(role)).map(keyOf))];
  if (hosted.length < 2) return hosted[0];
  return (await ownersIn(store, request)).find((it) => it !== undefined && hosted.includes(it));
}

async function ownersIn(store: Ground['store'], { params, body }: Request<Endpoint, KnownPeer>): Promise<readonly (PartyKey | undefined)[]> {
  const { session_id: id, result_id: result } = params;
  if (result !== undefined) return [(await store.first(exchangeByResult(fingerprint(result))))?.party];
  if (id === undefined) return [];
  const sessions = await store.all(sessionsByFoldedId(fold(id)));
  const relayed = await store.first(relayedById(id));
  const behind = relayed && (await store.first(sessionByKey(relayed.session)));
  return [
    tokenPartyIn(body),
    ...sessions.flatMap((it) => (it.peer === undefined ? [partyOfSession(it.key)] : [it.receiver, it.tokenParty])),
    behind?.tokenParty,
  ];
}

/** Whose customer a session is that is told for the first time. */
function tokenPartyIn(body: unknown): PartyKey | undefined {
  const token: unknown = typeof body === 'object' && body !== null && 'cdr_token' in body ? body.cdr_token : undefined;
  if (typeof token !== 'object' || token === null || !('country_code' in token) || !('party_id' in token)) return undefined;
  const { country_code, party_id } = token;
  return typeof country_code === 'string' && typeof party_id === 'string' ? keyOf({ country_code, party_id }) : undefined;
}
