import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { epochMillis, later, type Seconds, seconds } from '../../domain/units.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { deleteCredentials } from '../../ocpi/credentials/delete-credentials.ts';
import { presentedRoles } from '../../ocpi/credentials/presented-roles.ts';
import { putCredentials } from '../../ocpi/credentials/put-credentials.ts';
import type { Edition } from '../../ocpi/editions.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { dropClaims } from '../../store/sql/claim.ts';
import { dropHubParties } from '../../store/sql/hub-party.ts';
import {
  addAccessToken,
  addCredential,
  consumeInvite,
  dropCredentials,
  dropParties,
  expireOtherCredentials,
  makeCredentialPermanent,
  peerById,
  peerOfParty,
  replaceParties,
  type StoredPeer,
  savePeer,
  savePeerByInvite,
} from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { noneApproved, sortRoles } from './approve-roles.ts';
import { type DiscoveryError, discover, missingModules } from './discover.ts';
import { type HubAnnouncement, hubAnnouncement } from './hub-announcements.ts';
import { isHub } from './hub-parties.ts';
import { Claims } from './party-claims.ts';
import { clientTo } from './peer-client.ts';
import { Enrolment, provisionalToken, TOKEN_GRACE_MS } from './register-at-peer.ts';

/** A TOKEN_A is good for a week (SEC-10). */
const INVITE_MS = 7 * 86_400_000;

export interface InvitedParty {
  role: string;
  country_code: string;
  party_id: string;
}

/** What a peer's POST or PUT brings. */
export interface ReceivedCredentials {
  peer: KnownPeer;
  credentials: WireCredentials;
  edition: Edition;
  /** The hash of the TOKEN_A that it came with; absent: the peer is registered. */
  invite?: string;
}

/** How a peer is let in: with a token of this hash, by which invitation, with what it claims beyond that, and whom it announces as a hub. */
interface Admission {
  hash: string;
  invited: string | undefined;
  held: readonly PartyRole[];
  announced: HubAnnouncement | undefined;
}

/** What the rest of the node does when a peer comes or goes. */
export interface RegistrationListeners {
  ended(peer: PeerId): Promise<void>;
  registered(peer: PeerId): void;
}

/** Connecting with other platforms, as the one who asks and as the one who is asked (credentials module, CRE rows). */
export class Registration {
  readonly #context: Context;
  readonly #followers: RegistrationListeners;
  /** The new token of each peer that has not used it yet. */
  readonly #rotating = new Map<PeerId, string>();
  readonly #claims: Claims;

  constructor(context: Context, followers: RegistrationListeners) {
    this.#context = context;
    this.#followers = followers;
    this.#claims = new Claims(context);
  }

  /** What we call ourselves, with a token for the peer to use. */
  ourCredentials(token: string): WireCredentials {
    const roles = this.#context.config.parties.map(({ role, country_code, party_id, name }) => ({ role, country_code, party_id, business_details: { name } }));
    return { token, url: `${this.#context.config.public_url}/ocpi/versions`, roles };
  }

  /** A TOKEN_A for one party to register with; shown once (CRE-01, CRE-02). */
  async invite(party: InvitedParty): Promise<Result<string>> {
    const id = peerId(keyOf(party));
    const [known, owner] = [await this.#context.store.first(peerById(id)), await this.#context.store.first(peerOfParty(party.role, keyOf(party)))];
    if (known?.status === 'REGISTERED' || owner) return fail(`${keyOf(party)} is registered already: evenkeel unregister --peer ${owner?.id ?? id} first`);
    const token = newSecret();
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
      encryptedToken: undefined,
    };
    await this.#context.store.commit([
      savePeer(blank, this.#context.clock.now()),
      dropCredentials(id),
      dropClaims(id),
      addCredential(fingerprint(token), id, { kind: 'INVITE', expiresAt: epochMillis(this.#context.clock.now() + INVITE_MS) }),
    ]);
    this.#context.peers.clearCache();
    return ok(token);
  }

  /** What the peer's POST or PUT gets back; nothing changed when it is refused (CRE-05, CRE-06, CRE-13, CRE-14, CRE-19). */
  async receiveCredentials({ peer, credentials, edition, invite: invited }: ReceivedCredentials): Promise<Result<WireCredentials, DiscoveryError>> {
    const { own, behind } = isHub(peer) ? presentedRoles(edition, credentials) : { own: credentials.roles };
    const allowed = (await this.#context.store.first(peerById(peer.id)))?.roles ?? peer.roles;
    const { approved, held } = sortRoles(allowed, own);
    if (approved.length === 0) {
      await this.#context.store.commit(await this.#claims.writes(peer.id, held));
      this.#claims.note(peer.id, held);
      return fail({ code: 2001, says: noneApproved({ allowed, held, invited: invited !== undefined }) });
    }
    const clash = await this.#clashing(approved, peer.id);
    if (clash) return fail({ code: 2001, says: clash });
    const found = await discover(this.#context, {
      peer: peer.id,
      versionsUrl: credentials.url,
      token: { text: credentials.token, style: peer.tokenStyle },
      edition,
    });
    if (!found.ok) return found;
    const missing = missingModules(approved, found.value.endpoints);
    if (missing) return fail(missing);
    const token = newSecret();
    const next: StoredPeer = {
      id: peer.id,
      status: 'REGISTERED',
      ...found.value,
      roles: approved,
      versionsUrl: credentials.url,
      tokenStyle: peer.tokenStyle,
      registeredAt: this.#context.clock.now(),
      encryptedToken: this.#context.encryption.encrypt(credentials.token),
    };
    const announced = behind && hubAnnouncement(this.#context, next, behind);
    return (await this.#commit(next, { hash: fingerprint(token), invited, held, announced }))
      ? ok(this.ourCredentials(token))
      : fail({ code: 2001, says: 'token: this TOKEN_A was used up by another registration meanwhile' });
  }

  /** Lets a peer speak for a party that it claims. */
  async approve(id: PeerId, party: PartyKey): Promise<Result<KnownPeer>> {
    const approved = await this.#claims.approve(id, party);
    const peer = approved.ok ? await this.#context.peers.find(id) : undefined;
    if (!approved.ok) return approved;
    return peer ? ok(peer) : fail(notThere(id));
  }

  async #commit(next: StoredPeer, by: Admission): Promise<boolean> {
    const { hash, invited, held, announced } = by;
    const now = this.#context.clock.now();
    const save = invited === undefined ? savePeer(next, now) : savePeerByInvite(next, invited, now);
    const after = invited === undefined ? expireOtherCredentials(next.id, hash, epochMillis(now + TOKEN_GRACE_MS)) : consumeInvite(invited);
    const [saved] = await this.#context.store.commit([
      save,
      ...replaceParties(next),
      ...(announced?.writes ?? []),
      addAccessToken(hash, next),
      after,
      ...(await this.#claims.writes(next.id, held)),
    ]);
    if (saved?.changed !== 1) return false;
    if (invited === undefined) this.#rotating.set(next.id, hash);
    await announced?.check();
    this.#claims.note(next.id, held);
    this.#arrived(next);
    return true;
  }

  #arrived(peer: StoredPeer): void {
    this.#context.peers.clearCache();
    this.#context.journal.note({
      step: 'peer-registered',
      peer: peer.id,
      edition: peer.edition,
      roles: peer.roles.map((it) => `${it.role} ${keyOf(it)}`).join(', '),
    });
    this.#followers.registered(peer.id);
  }

  async #clashing(roles: readonly PartyRole[], own: PeerId): Promise<string | undefined> {
    for (const role of roles) {
      const other = await this.#context.store.first(peerOfParty(role.role, keyOf(role)));
      if (other && other.id !== own) return `roles: ${role.role} ${keyOf(role)} is registered by another platform`;
    }
    return undefined;
  }

  /** Registers at a platform that gave us a TOKEN_A (CRE-03, CRE-04, CRE-07). */
  register(versionsUrl: string, tokenA: string): Promise<Result<KnownPeer>> {
    const registration = {
      ourCredentials: (token: string) => this.ourCredentials(token),
      claims: this.#claims,
      arrived: (peer: StoredPeer) => this.#arrived(peer),
    };
    return new Enrolment(this.#context, registration).register(versionsUrl, tokenA);
  }

  /** New tokens both ways; the old ones go on until these are in place, and then for `grace` at most (CRE-22). */
  async rotate(id: PeerId, grace: Seconds = seconds(60)): Promise<Result<KnownPeer>> {
    const peer = await this.#context.peers.find(id);
    const line = peer && clientTo(this.#context, peer, { withinMs: 30_000 });
    const base = peer?.endpoints.find((it) => it.identifier === 'credentials')?.url;
    if (!peer || !line || !base) return fail(notThere(id));
    const token = newSecret();
    await this.#context.store.commit([provisionalToken(this.#context, token, id)]);
    const answered = await callEndpoint(line, putCredentials, { base, params: undefined, query: undefined, body: this.ourCredentials(token) });
    if (answered.is === 'FAILED') return fail(`PUT credentials: ${answered.because}${answered.message ? `: ${answered.message}` : ''}; the old tokens go on`);
    const renewed = { text: answered.data.token, style: peer.tokenStyle };
    // CRE-13: the PUT went to one edition, and that is the one that both go on with.
    const found = await discover(this.#context, { peer: id, versionsUrl: answered.data.url, token: renewed, edition: line.edition });
    // What the operator approved meanwhile stays; what the peer claims beyond it is held.
    const roles = (await this.#context.store.first(peerById(id)))?.roles ?? peer.roles;
    const { own, behind } = isHub(peer) ? presentedRoles(line.edition, answered.data) : { own: answered.data.roles };
    const { held } = sortRoles(roles, own);
    const next: StoredPeer = {
      ...stored(peer),
      roles,
      ...(found.ok ? found.value : {}),
      versionsUrl: answered.data.url,
      registeredAt: this.#context.clock.now(),
      encryptedToken: this.#context.encryption.encrypt(answered.data.token),
    };
    const announced = behind && hubAnnouncement(this.#context, next, behind);
    await this.#context.store.commit([
      savePeer(next, this.#context.clock.now()),
      ...(announced?.writes ?? []),
      makeCredentialPermanent(fingerprint(token)),
      expireOtherCredentials(id, fingerprint(token), later(this.#context.clock.now(), grace)),
      ...(await this.#claims.writes(id, held)),
    ]);
    this.#claims.note(id, held);
    this.#rotating.set(id, fingerprint(token));
    await announced?.check();
    this.#arrived(next);
    const now = await this.#context.peers.find(id);
    return now ? ok(now) : fail(notThere(id));
  }

  /** Ends a registration, whether or not the peer can be told (CRE-16). */
  async unregister(id: PeerId): Promise<Result<'told' | 'not told'>> {
    const peer = await this.#context.peers.find(id);
    if (!peer || peer.status === 'UNREGISTERED') return fail(notThere(id));
    const line = clientTo(this.#context, peer);
    const base = peer.endpoints.find((it) => it.identifier === 'credentials')?.url;
    const told =
      line && base ? (await callEndpoint(line, deleteCredentials, { base, params: undefined, query: undefined, body: undefined })).is === 'SUCCESS' : false;
    await this.end(peer);
    return ok(told ? 'told' : 'not told');
  }

  /** The peer's DELETE. */
  async end(peer: KnownPeer): Promise<void> {
    await this.#context.store.commit([
      savePeer({ ...stored(peer), status: 'UNREGISTERED', encryptedToken: undefined }, this.#context.clock.now()),
      dropCredentials(peer.id),
      dropParties(peer.id),
      dropHubParties(peer.id),
      dropClaims(peer.id),
    ]);
    this.#context.peers.clearCache();
    this.#context.journal.note({ step: 'peer-gone', peer: peer.id });
    await this.#followers.ended(peer.id);
  }

  /** The new token was used: the one before it is over. */
  async tokenUsed(peer: KnownPeer, hash: string): Promise<void> {
    if (this.#rotating.get(peer.id) !== hash) return;
    this.#rotating.delete(peer.id);
    await this.#context.store.commit([expireOtherCredentials(peer.id, hash, this.#context.clock.now())]);
    this.#context.peers.clearCache();
  }
}

const stored = ({
  originSet: _,
  token: __,
  behind: ___,
  ownRoles,
  ...peer
}: KnownPeer): Omit<StoredPeer, 'encryptedToken'> & {
  encryptedToken: string | undefined;
} => ({ encryptedToken: undefined, ...peer, roles: ownRoles });
const notThere = (id: PeerId) => `${id} is not registered: evenkeel peers lists those that are`;
