import { type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { callEndpoint, type PeerClient } from '../../ocpi/call.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { deleteCredentials } from '../../ocpi/credentials/delete-credentials.ts';
import { postCredentials } from '../../ocpi/credentials/post-credentials.ts';
import { presentedRoles } from '../../ocpi/credentials/presented-roles.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import {
  dropCredentials,
  dropPeer,
  ifCurrent,
  makeCredentialPermanent,
  moveCredentials,
  noteTold,
  peerById,
  peerOfParty,
  replaceParties,
  type StoredPeer,
  savePeer,
  savePeerUnlessRegistered,
} from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { prepareAdmission } from './admission.ts';
import { roleName, type SortedRoles, sortRolesOfHost } from './approve-roles.ts';
import { credentialsUrlOf, ourCredentials } from './credentials.ts';
import { discover, missingModules } from './discover.ts';
import { hashOfOffer } from './our-offer.ts';
import { countSent, editionOf, transportTo } from './peer-client.ts';
import { newPeerRecord } from './peer-record.ts';
import { provisionalToken } from './rotate-tokens.ts';

/** Where to register, and with which TOKEN_A; `placeholder`: the id of the peer until its credentials are read. */
interface Registering {
  versionsUrl: string;
  tokenA: string;
  placeholder: PeerId;
}

/** Registers at the platform with this versions URL, which gave us this TOKEN_A; a registration that fails leaves no trace in the store. */
export async function registerAtPeer(
  context: Context,
  registered: (peer: StoredPeer) => void,
  { versionsUrl, tokenA, placeholder }: Registering,
): Promise<Result<KnownPeer>> {
  const { store, clock, config } = context;
  const found = await discover(context, { peer: placeholder, versionsUrl, token: { text: tokenA, style: 'base64' } });
  if (!found.ok) return fail(found.problem.says);
  const pending: StoredPeer = { ...newPeerRecord(placeholder, 'REGISTERING'), ...found.value, versionsUrl };
  const base = credentialsUrlOf(pending);
  // CRE-20: modules that every platform needs are checked before the POST; those that depend on its roles only after it.
  const missing = missingModules([], pending.endpoints);
  if (missing || !base) return fail(missing?.says ?? 'endpoints: missing credentials');
  const token = newSecret();
  await store.commit([savePeer(pending, clock.now()), provisionalToken(context, token, placeholder)]);
  const client = clientWith(context, pending, { token: tokenA, withinMs: 30_000 });
  const answer = await callEndpoint(client, postCredentials, { base, params: undefined, query: undefined, body: ourCredentials(config, token) });
  if (answer.is === 'FAILED') {
    await dropPending(context, placeholder);
    return fail(`POST credentials: ${answer.because}${answer.message ? `: ${answer.message}` : ''}`);
  }
  const saved = await saveRegistered(context, { pending, credentials: answer.data, hash: fingerprint(token) });
  if (!saved.ok) return saved;
  context.patience.rename(placeholder, saved.value.id);
  registered(saved.value);
  const peer = await context.peers.find(saved.value.id);
  return peer ? ok(peer) : fail(`${saved.value.id} vanished from the store`);
}

/** Replaces the placeholder by the peer, whose id is known from its credentials; unregisters at the peer if its roles are not acceptable. */
async function saveRegistered(
  context: Context,
  { pending, credentials, hash }: { pending: StoredPeer; credentials: WireCredentials; hash: string },
): Promise<Result<StoredPeer>> {
  const { store, clock, encryption } = context;
  const { own, behind } = presentedRoles(editionOf(pending), credentials);
  const { approved, held } = await sortHostRoles(context, own);
  const [first] = approved;
  const next: StoredPeer = {
    ...pending,
    id: first ? peerId(keyOf(first)) : pending.id,
    status: 'REGISTERED',
    roles: approved,
    versionsUrl: credentials.url,
    registeredAt: clock.now(),
    encryptedToken: encryption.encrypt(credentials.token),
  };
  const problem = await problemOf(context, next, held);
  if (problem) {
    await unregisterAtHost(context, pending, credentials.token);
    return fail(problem);
  }
  const admission = await prepareAdmission(context, next, { held, behind });
  const [saved] = await store.commit([
    savePeerUnlessRegistered(next, clock.now()),
    ...[moveCredentials(pending.id, next.id), makeCredentialPermanent(hash), dropPeer(pending.id)].map((write) => ifCurrent(next, write)),
    ...replaceParties(next),
    noteTold(next, hashOfOffer(context.config)),
    ...admission.writes,
  ]);
  if (saved?.changed !== 1) {
    await unregisterAtHost(context, pending, credentials.token);
    return fail(isRegistered(next.id));
  }
  await admission.report();
  return ok(next);
}

/** Why a platform that has registered us cannot be our peer. */
async function problemOf({ store }: Context, next: StoredPeer, held: readonly PartyRole[]): Promise<string | undefined> {
  if (next.roles.length === 0) return `roles: ${held.map(roleName).join(', ')} belong to this node or to another platform`;
  const missing = missingModules(next.roles, next.endpoints);
  if (missing) return missing.says;
  const known = await store.first(peerById(next.id));
  return known?.status === 'REGISTERED' ? isRegistered(next.id) : undefined;
}
const isRegistered = (id: PeerId) => `${id} is registered already: evenkeel unregister --peer ${id} first`;

async function sortHostRoles({ store, config }: Context, presented: WireCredentials['roles']): Promise<SortedRoles> {
  const [first] = presented;
  const speakers = await Promise.all(presented.map((it) => store.first(peerOfParty(it.role, keyOf(it)))));
  const taken = new Set(presented.filter((_, n) => speakers[n] && first && speakers[n].id !== peerId(keyOf(first))).map(roleName));
  const ours = config.parties.map(({ name, ...it }) => ({ ...it, business_details: { name } }));
  return sortRolesOfHost(presented, { ours, isTaken: (it) => taken.has(roleName(it)) });
}

/** The platform has registered us, but cannot be our peer: it gets a DELETE with the token of its credentials. */
async function unregisterAtHost(context: Context, pending: StoredPeer, token: string): Promise<void> {
  const base = credentialsUrlOf(pending);
  if (base) await callEndpoint(clientWith(context, pending, { token }), deleteCredentials, { base, params: undefined, query: undefined, body: undefined });
  await dropPending(context, pending.id);
}

const clientWith = (context: Context, peer: StoredPeer, { token, ...limits }: { token: string; withinMs?: number }): PeerClient => ({
  transport: transportTo(context, { id: peer.id, originSet: new Set(peer.origins) }, limits),
  edition: editionOf(peer),
  token: { text: token, style: peer.tokenStyle },
  patience: context.patience.with(peer),
  count: countSent(context),
});

/** Removes the placeholder of a failed registration, with its provisional token. */
async function dropPending({ store, peers, patience }: Context, placeholder: PeerId): Promise<void> {
  patience.forget(placeholder);
  await store.commit([dropCredentials(placeholder), dropPeer(placeholder)]);
  peers.clearCache();
}
