import { fold, type PeerId, peerId } from '../domain/ids.ts';
import { endpointOf, keyOf, type PartyRole } from '../domain/party.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { epochMillis } from '../domain/units.ts';
import { callEndpoint } from '../ocpi/call.ts';
import { deleteCredentials } from '../ocpi/credentials/delete-credentials.ts';
import { postCredentials } from '../ocpi/credentials/post-credentials.ts';
import { putCredentials } from '../ocpi/credentials/put-credentials.ts';
import type { WireCredentials } from '../ocpi/credentials/credentials.ts';
import { drawSecret, fingerprint } from '../store/seal.ts';
import {
  addAccess,
  addCredential,
  consumeInvite,
  dropCredentials,
  dropParties,
  dropPeer,
  expireOtherCredentials,
  moveCredentials,
  peerById,
  peerOfParty,
  replaceParties,
  savePeer,
  savePeerByInvite,
  type StoredPeer,
} from '../store/sql/peer.ts';
import { discover, type Hindrance, missingModules } from './discover.ts';
import type { Ground } from './ground.ts';
import { lineTo, transportTo } from './line.ts';
import type { KnownPeer } from './peers.ts';

/** A TOKEN_A is good for a week (SEC-10). */
const INVITE_MS = 7 * 86_400_000;
/** The old token of a peer that rotates goes on until the new one is used, but no longer than this (readings A-28). */
const GRACE_MS = 10 * 60_000;

export interface Invited {
  role: string;
  country_code: string;
  party_id: string;
}

/** Connecting with other platforms, as the one who asks and as the one who is asked (credentials module, CRE rows). */
export interface Registration {
  /** A TOKEN_A for one party to register with; shown once (CRE-01, CRE-02). */
  invite(party: Invited): Promise<Result<string>>;
  register(versionsUrl: string, tokenA: string): Promise<Result<KnownPeer>>;
  /** New tokens both ways (CRE-22); the old ones go on until they are in place. */
  rotate(id: PeerId): Promise<Result<KnownPeer>>;
  unregister(id: PeerId): Promise<Result<'told' | 'not told'>>;
  /** What the peer's POST or PUT gets back (CRE-05, CRE-06, CRE-13, CRE-14). */
  take(from: {
    peer: KnownPeer;
    credentials: WireCredentials;
    edition: KnownPeer['edition'] & string;
    invite?: string;
  }): Promise<Result<WireCredentials, Hindrance>>;
  /** The peer's DELETE. */
  leave(peer: KnownPeer): Promise<void>;
  /** What we call ourselves, with a token for the peer to use. */
  ourCredentials(token: string): WireCredentials;
  /** The new token was used: the one before it is over. */
  settle(peer: KnownPeer, hash: string): Promise<void>;
}

export function createRegistration(ground: Ground, followers: { gone(peer: PeerId): Promise<void>; arrived(peer: PeerId): void }): Registration {
  const { store, clock, seal, peers, config, journal } = ground;
  const rotating = new Set<PeerId>();

  const ourRoles: WireCredentials['roles'] = config.parties.map(({ role, country_code, party_id, name }) => ({
    role,
    country_code,
    party_id,
    business_details: { name },
  }));
  const ourCredentials = (token: string): WireCredentials => ({ token, url: `${config.public_url}/ocpi/versions`, roles: ourRoles });

  async function invite(party: Invited): Promise<Result<string>> {
    const id = peerId(keyOf(party));
    const [known, owner] = [await store.first(peerById(id)), await store.first(peerOfParty(party.role, keyOf(party)))];
    if (known?.status === 'REGISTERED' || owner) return fail(`${keyOf(party)} is registered already: evenkeel unregister --peer ${owner?.id ?? id} first`);
    const token = drawSecret();
    const blank: StoredPeer = {
      id,
      status: 'INVITED',
      edition: undefined,
      roles: [{ ...party, business_details: { name: keyOf(party) } }],
      endpoints: [],
      origins: [],
      versionsUrl: undefined,
      tokenStyle: 'base64',
      registeredAt: undefined,
      sealedToken: undefined,
    };
    await store.commit([
      savePeer(blank, clock.now()),
      dropCredentials(id),
      addCredential(fingerprint(token), id, { kind: 'INVITE', expiresAt: epochMillis(clock.now() + INVITE_MS) }),
    ]);
    peers.forget();
    return ok(token);
  }

  const take: Registration['take'] = async ({ peer, credentials, edition, invite: invited }) => {
    const approved = approvedRoles(peer, credentials.roles, invited !== undefined);
    if (!approved.ok) return fail({ code: 2001, says: approved.problem });
    const clash = await clashing(approved.value, peer.id);
    if (clash) return fail({ code: 2001, says: clash });
    const found = await discover(ground, {
      peer: peer.id,
      versionsUrl: credentials.url,
      token: { text: credentials.token, style: peer.tokenStyle },
      ...(edition === '2.2.1' || edition === '2.3.0' ? { edition } : {}),
    });
    if (!found.ok) return found;
    const missing = missingModules(approved.value, found.value.endpoints);
    if (missing) return fail(missing);
    const token = drawSecret();
    const next: StoredPeer = {
      id: peer.id,
      status: 'REGISTERED',
      ...found.value,
      roles: approved.value,
      versionsUrl: credentials.url,
      tokenStyle: peer.tokenStyle,
      registeredAt: clock.now(),
      sealedToken: seal.seal(credentials.token),
    };
    return (await commit(next, fingerprint(token), invited))
      ? ok(ourCredentials(token))
      : fail({ code: 2001, says: 'token: this TOKEN_A was used up by another registration meanwhile' });
  };

  async function commit(next: StoredPeer, hash: string, invited: string | undefined): Promise<boolean> {
    const now = clock.now();
    const save = invited === undefined ? savePeer(next, now) : savePeerByInvite(next, invited, now);
    const after = invited === undefined ? expireOtherCredentials(next.id, hash, epochMillis(now + GRACE_MS)) : consumeInvite(invited);
    const [saved] = await store.commit([save, ...replaceParties(next), addAccess(hash, next), after]);
    if (saved?.changed !== 1) return false;
    if (invited === undefined) rotating.add(next.id);
    arrived(next);
    return true;
  }

  function arrived(peer: StoredPeer): void {
    peers.forget();
    journal.note({ step: 'peer-registered', peer: peer.id, edition: peer.edition, roles: peer.roles.map((it) => `${it.role} ${keyOf(it)}`).join(', ') });
    followers.arrived(peer.id);
  }

  async function clashing(roles: readonly PartyRole[], own: PeerId): Promise<string | undefined> {
    for (const role of roles) {
      const other = await store.first(peerOfParty(role.role, keyOf(role)));
      if (other && other.id !== own) return `roles: ${role.role} ${keyOf(role)} is registered by another platform`;
    }
    return undefined;
  }

  async function register(versionsUrl: string, tokenA: string): Promise<Result<KnownPeer>> {
    const placeholder = peerId(`registering-${ground.draw()}`);
    const found = await discover(ground, { peer: placeholder, versionsUrl, token: { text: tokenA, style: 'base64' } });
    if (!found.ok) return fail(found.problem.says);
    const { edition, endpoints, origins } = found.value;
    const base = endpoints.find((it) => it.identifier === 'credentials')?.url;
    if (!base) return fail('endpoints: missing credentials');
    const token = drawSecret();
    const blank: StoredPeer = {
      id: placeholder,
      status: 'REGISTERING',
      edition,
      roles: [],
      endpoints,
      origins,
      versionsUrl,
      tokenStyle: 'base64',
      registeredAt: undefined,
      sealedToken: undefined,
    };
    await store.commit([savePeer(blank, clock.now()), addCredential(fingerprint(token), placeholder, { kind: 'ACCESS' })]);
    const line = {
      transport: transportTo(ground, { id: placeholder, originSet: new Set(origins) }, { withinMs: 30_000 }),
      edition,
      token: { text: tokenA, style: 'base64' },
    } as const;
    const answered = await callEndpoint(line, postCredentials, { base, params: undefined, query: undefined, body: ourCredentials(token) });
    if (answered.is === 'FAILED') {
      await store.commit([dropCredentials(placeholder), dropPeer(placeholder)]);
      return fail(`POST credentials: ${answered.because}${answered.message ? `: ${answered.message}` : ''}`);
    }
    return adopt(blank, answered.data);
  }

  /** The platform answered with its credentials: from now on it has a name. */
  async function adopt(blank: StoredPeer, credentials: WireCredentials): Promise<Result<KnownPeer>> {
    const first = credentials.roles[0];
    const next: StoredPeer = {
      ...blank,
      id: first ? peerId(keyOf(first)) : blank.id,
      status: 'REGISTERED',
      roles: credentials.roles,
      versionsUrl: credentials.url,
      registeredAt: clock.now(),
      sealedToken: seal.seal(credentials.token),
    };
    const clash =
      (await clashing(credentials.roles, next.id)) ??
      missingModules(credentials.roles, blank.endpoints)?.says ??
      ((await store.first(peerById(next.id)))?.status === 'REGISTERED'
        ? `${next.id} is registered already: evenkeel unregister --peer ${next.id} first`
        : undefined);
    if (clash) {
      await undo(blank, credentials.token);
      return fail(clash);
    }
    await store.commit([savePeer(next, clock.now()), moveCredentials(blank.id, next.id), dropPeer(blank.id), ...replaceParties(next)]);
    arrived(next);
    const peer = await peers.find(next.id);
    return peer ? ok(peer) : fail(`${next.id} vanished from the store`);
  }

  async function undo(blank: StoredPeer, token: string): Promise<void> {
    const base = endpointOf({ ...blank }, 'credentials', 'SENDER') ?? blank.endpoints.find((it) => it.identifier === 'credentials')?.url;
    const line = {
      transport: transportTo(ground, { id: blank.id, originSet: new Set(blank.origins) }),
      edition: blank.edition === '2.3.0' ? '2.3.0' : '2.2.1',
      token: { text: token, style: 'base64' },
    } as const;
    if (base) await callEndpoint(line, deleteCredentials, { base, params: undefined, query: undefined, body: undefined });
    await store.commit([dropCredentials(blank.id), dropPeer(blank.id)]);
  }

  async function rotate(id: PeerId): Promise<Result<KnownPeer>> {
    const peer = await peers.find(id);
    const line = peer && lineTo(ground, peer, { withinMs: 30_000 });
    const base = peer?.endpoints.find((it) => it.identifier === 'credentials')?.url;
    if (!peer || !line || !base) return fail(notThere(id));
    const token = drawSecret();
    await store.commit([addCredential(fingerprint(token), id, { kind: 'ACCESS' })]);
    const answered = await callEndpoint(line, putCredentials, { base, params: undefined, query: undefined, body: ourCredentials(token) });
    if (answered.is === 'FAILED') return fail(`PUT credentials: ${answered.because}${answered.message ? `: ${answered.message}` : ''}; the old tokens go on`);
    const found = await discover(ground, { peer: id, versionsUrl: answered.data.url, token: { text: answered.data.token, style: peer.tokenStyle } });
    const next: StoredPeer = {
      ...stored(peer),
      ...(found.ok ? found.value : {}),
      versionsUrl: answered.data.url,
      registeredAt: clock.now(),
      sealedToken: seal.seal(answered.data.token),
    };
    await store.commit([savePeer(next, clock.now()), expireOtherCredentials(id, fingerprint(token), epochMillis(clock.now() + 60_000))]);
    rotating.add(id);
    arrived(next);
    const renewed = await peers.find(id);
    return renewed ? ok(renewed) : fail(notThere(id));
  }

  async function unregister(id: PeerId): Promise<Result<'told' | 'not told'>> {
    const peer = await peers.find(id);
    if (!peer || peer.status === 'UNREGISTERED') return fail(notThere(id));
    const line = lineTo(ground, peer);
    const base = peer.endpoints.find((it) => it.identifier === 'credentials')?.url;
    const told =
      line && base ? (await callEndpoint(line, deleteCredentials, { base, params: undefined, query: undefined, body: undefined })).is === 'SUCCESS' : false;
    await leave(peer);
    return ok(told ? 'told' : 'not told');
  }

  async function leave(peer: KnownPeer): Promise<void> {
    await store.commit([
      savePeer({ ...stored(peer), status: 'UNREGISTERED', sealedToken: undefined }, clock.now()),
      dropCredentials(peer.id),
      dropParties(peer.id),
    ]);
    peers.forget();
    journal.note({ step: 'peer-gone', peer: peer.id });
    await followers.gone(peer.id);
  }

  const settle = async (peer: KnownPeer, hash: string): Promise<void> => {
    if (!rotating.delete(peer.id)) return;
    await store.commit([expireOtherCredentials(peer.id, hash, clock.now())]);
    peers.forget();
  };

  return { invite, register, rotate, unregister, take, leave, ourCredentials, settle };
}

const stored = ({ originSet: _, token: __, ...peer }: KnownPeer): Omit<StoredPeer, 'sealedToken'> & { sealedToken: string | undefined } => ({
  sealedToken: undefined,
  ...peer,
});
const notThere = (id: PeerId) => `${id} is not registered: evenkeel peers lists those that are`;

/** Only the invited party counts: a platform cannot make itself speak for others (CRE-33). Later it keeps the parties it had. */
function approvedRoles(peer: KnownPeer, told: WireCredentials['roles'], invited: boolean): Result<readonly PartyRole[]> {
  const expected = new Set(peer.roles.map((it) => `${it.role} ${keyOf(it)}`));
  const approved = told.filter((it) => expected.has(`${it.role} ${fold(keyOf(it))}`));
  if (approved.length > 0)
    return ok(
      approved.map(({ role, country_code, party_id, business_details }) => ({
        role,
        country_code,
        party_id,
        business_details: { name: business_details.name },
      })),
    );
  return fail(
    `roles: found ${told.map((it) => `${it.role} ${keyOf(it)}`).join(', ')}, ${invited ? 'invited was' : 'registered is'} ${[...expected].join(', ')}`,
  );
}
