import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { epochMillis, type Seconds, seconds } from '../../domain/units.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { deleteCredentials } from '../../ocpi/credentials/delete-credentials.ts';
import type { Edition } from '../../ocpi/editions.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { dropClaims } from '../../store/sql/claim.ts';
import { dropHubParties } from '../../store/sql/hub-party.ts';
import {
  addAccessToken,
  consumeInvite,
  dropCredentials,
  dropParties,
  expireOtherCredentials,
  ifCurrent,
  noteTold,
  peerById,
  peerOfParty,
  replaceParties,
  type StoredPeer,
  savePeer,
  savePeerByInvite,
  savePeerIfUnchanged,
} from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { type AdmittedRoles, prepareAdmission } from './admission.ts';
import { approveBehindHub } from './approve-behind-hub.ts';
import { noneApproved, roleName, sortRoles } from './approve-roles.ts';
import { credentialsUrlOf, ourCredentials, rolesPresentedBy } from './credentials.ts';
import { type DiscoveryError, discover, missingModules } from './discover.ts';
import { type InvitedParty, invitePeer } from './invite-peer.ts';
import { hashOfOffer } from './our-offer.ts';
import { approveClaim, claimWrites, reportHeldClaims } from './party-claims.ts';
import { clientTo } from './peer-client.ts';
import { notRegistered, recordOf } from './peer-record.ts';
import { PendingRegistrations } from './pending-registrations.ts';
import { registerAtPeer } from './register-at-peer.ts';
import { TOKEN_GRACE_MS, TokenRotation } from './rotate-tokens.ts';

/** The credentials that a peer sends by POST or PUT. */
export interface ReceivedCredentials {
  peer: KnownPeer;
  credentials: WireCredentials;
  edition: Edition;
  /** The hash of the TOKEN_A of a POST; absent: the peer is registered already. */
  invite?: string;
}

/** Our answer to the credentials of a peer, and what begins when the peer has it: requests to the peer before that would come too early (F-77). */
export interface AcceptedCredentials {
  credentials: WireCredentials;
  afterwards(): void;
}

/** What a registration is saved with. */
interface Saving {
  /** The peer as it was when the credentials were checked. */
  before: StoredPeer;
  hash: string;
  invite: string | undefined;
}

/** What the rest of the node does when a registration begins or ends. */
export interface RegistrationListeners {
  ended(peer: PeerId): Promise<void>;
  /** Called after a registration, and after each change of its credentials. */
  registered(peer: PeerId): void;
}

/** Registrations with other platforms, in both directions (credentials module, CRE requirements). */
export class Registration {
  readonly #context: Context;
  readonly #listeners: RegistrationListeners;
  readonly #rotation: TokenRotation;
  /** Our registrations at other platforms that have not ended. */
  readonly pending = new PendingRegistrations();

  constructor(context: Context, listeners: RegistrationListeners) {
    this.#context = context;
    this.#listeners = listeners;
    this.#rotation = new TokenRotation(context, (peer) => this.#registered(peer));
  }

  /** The credentials of this node, with a token for the peer to use. */
  ourCredentials(token: string): WireCredentials {
    return ourCredentials(this.#context.config, token);
  }

  /** A TOKEN_A for one party to register with; it is shown once (CRE-01, CRE-02). */
  invite(party: InvitedParty): Promise<Result<string>> {
    return invitePeer(this.#context, party);
  }

  /** Answers the POST or PUT of a peer with our credentials; a refusal changes nothing (CRE-05, CRE-06, CRE-13, CRE-14, CRE-19). */
  async receiveCredentials({ peer, credentials, edition, invite }: ReceivedCredentials): Promise<Result<AcceptedCredentials, DiscoveryError>> {
    const { store, clock, encryption } = this.#context;
    const { own, behind } = rolesPresentedBy(peer, edition, credentials);
    const before = await store.first(peerById(peer.id));
    if (!before) return fail({ code: 2001, says: notRegistered(peer.id) });
    const allowed = before.roles;
    const { approved, held } = sortRoles(allowed, own);
    if (approved.length === 0) {
      await store.commit(await claimWrites(this.#context, { peer: peer.id, held }));
      reportHeldClaims(this.#context, peer.id, held);
      return fail({ code: 2001, says: noneApproved({ allowed, held, invited: invite !== undefined }) });
    }
    const conflict = await this.#conflictOf(approved, peer.id);
    if (conflict) return fail({ code: 2001, says: conflict });
    const presented = { text: credentials.token, style: peer.tokenStyle };
    const found = await discover(this.#context, { peer: peer.id, versionsUrl: credentials.url, token: presented, edition });
    if (!found.ok) return found;
    const missing = missingModules(approved, found.value.endpoints);
    if (missing) return fail(missing);
    const next: StoredPeer = {
      id: peer.id,
      status: 'REGISTERED',
      ...found.value,
      roles: approved,
      versionsUrl: credentials.url,
      registeredAt: clock.now(),
      encryptedToken: encryption.encrypt(credentials.token),
    };
    const token = newSecret();
    if (await this.#save(next, { before, hash: fingerprint(token), invite, held, behind }))
      return ok({ credentials: this.ourCredentials(token), afterwards: () => this.#listeners.registered(next.id) });
    const says =
      invite === undefined
        ? 'credentials: this registration was changed or ended meanwhile, send them again'
        : 'token: this TOKEN_A was used up by another registration meanwhile';
    return fail({ code: 2001, says });
  }

  /** Saves a registration with a token of this hash; false when the TOKEN_A was used, or the registration changed or ended, after `before` was read. */
  async #save(next: StoredPeer, { before, hash, invite, ...roles }: AdmittedRoles & Saving): Promise<boolean> {
    const { store, clock } = this.#context;
    const now = clock.now();
    const admission = await prepareAdmission(this.#context, next, roles);
    const [saved] = await store.commit([
      invite === undefined ? savePeerIfUnchanged(next, before, now) : savePeerByInvite(next, { ...before, invite }, now),
      ...replaceParties(next),
      noteTold(next, hashOfOffer(this.#context.config)),
      addAccessToken(hash, next),
      invite === undefined ? ifCurrent(next, expireOtherCredentials(next.id, hash, epochMillis(now + TOKEN_GRACE_MS))) : ifCurrent(next, consumeInvite(invite)),
      ...admission.writes,
    ]);
    if (saved?.changed !== 1) return false;
    if (invite === undefined) this.#rotation.started(next.id, hash);
    await admission.report();
    this.#noteRegistered(next);
    return true;
  }

  async #conflictOf(roles: readonly PartyRole[], own: PeerId): Promise<string | undefined> {
    for (const role of roles) {
      const other = await this.#context.store.first(peerOfParty(role.role, keyOf(role)));
      if (other && other.id !== own) return `roles: ${roleName(role)} is registered by another platform`;
    }
    return undefined;
  }

  #registered(peer: StoredPeer): void {
    this.#noteRegistered(peer);
    this.#listeners.registered(peer.id);
  }

  #noteRegistered(peer: StoredPeer): void {
    this.#context.peers.clearCache();
    this.#context.journal.note({ step: 'peer-registered', peer: peer.id, edition: peer.edition, roles: peer.roles.map(roleName).join(', ') });
  }

  /** Approves the claims of a peer to one party; with a role, lets that party in behind a hub. */
  async approve(id: PeerId, party: PartyKey, role?: string): Promise<Result<KnownPeer>> {
    const approved = await (role === undefined ? approveClaim(this.#context, id, party) : approveBehindHub(this.#context, { hub: id, party, role }));
    if (!approved.ok) return approved;
    const peer = await this.#context.peers.find(id);
    return peer ? ok(peer) : fail(notRegistered(id));
  }

  /** Registers at a platform that gave us a TOKEN_A (CRE-03, CRE-04, CRE-07). */
  register(versionsUrl: string, tokenA: string): Promise<Result<KnownPeer>> {
    const placeholder = peerId(`registering-${this.#context.newId()}`);
    return this.pending.run(
      placeholder,
      registerAtPeer(this.#context, (peer) => this.#registered(peer), { versionsUrl, tokenA, placeholder }),
    );
  }

  /** Exchanges the tokens in both directions; the old token of the peer works for at most `grace` after that (CRE-22). */
  rotate(id: PeerId, grace: Seconds = seconds(60)): Promise<Result<KnownPeer>> {
    return this.#rotation.rotate(id, grace);
  }

  /** A peer used this token: if it is its newest one, older tokens end. */
  tokenUsed(peer: KnownPeer, hash: string): Promise<void> {
    return this.#rotation.used(peer.id, hash);
  }

  /** Sends the peer a DELETE and ends its registration, even if the DELETE fails (`not told`) (CRE-16). */
  async unregister(id: PeerId): Promise<Result<'told' | 'not told'>> {
    const peer = await this.#context.peers.find(id);
    if (!peer || peer.status === 'UNREGISTERED') return fail(notRegistered(id));
    const client = clientTo(this.#context, peer);
    const base = credentialsUrlOf(peer);
    const answer = client && base ? await callEndpoint(client, deleteCredentials, { base, params: undefined, query: undefined, body: undefined }) : undefined;
    await this.end(peer);
    return ok(answer?.is === 'SUCCESS' ? 'told' : 'not told');
  }

  /** Ends a registration here; also the answer to a DELETE of the peer. */
  async end(peer: KnownPeer): Promise<void> {
    const { store, clock, peers, journal, patience } = this.#context;
    await store.commit([
      savePeer({ ...recordOf(peer), status: 'UNREGISTERED', encryptedToken: undefined }, clock.now()),
      dropCredentials(peer.id),
      dropParties(peer.id),
      dropHubParties(peer.id),
      dropClaims(peer.id),
    ]);
    peers.clearCache();
    patience.forget(peer.id);
    this.#rotation.ended(peer.id);
    journal.note({ step: 'peer-gone', peer: peer.id });
    await this.#listeners.ended(peer.id);
  }
}
