import { type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { epochMillis } from '../../domain/units.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { deleteCredentials } from '../../ocpi/credentials/delete-credentials.ts';
import { postCredentials } from '../../ocpi/credentials/post-credentials.ts';
import { presentedRoles } from '../../ocpi/credentials/presented-roles.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import {
  addCredential,
  dropCredentials,
  dropPeer,
  makeCredentialPermanent,
  moveCredentials,
  peerById,
  peerOfParty,
  replaceParties,
  type StoredPeer,
  savePeer,
} from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { roleName, type SortedRoles, sortEnrolled } from './approve-roles.ts';
import { discover, missingModules } from './discover.ts';
import { hubAnnouncement } from './hub-announcements.ts';
import type { Claims } from './party-claims.ts';
import { editionOf, transportTo } from './peer-client.ts';

/** The old token of a peer that rotates goes on until the new one is used, but no longer than this (A-28). */
export const TOKEN_GRACE_MS = 10 * 60_000;

/** A token that the peer may use already, but that lasts only when the exchange succeeds (A-28, CRE-32). */
export const provisionalToken = ({ clock }: Context, token: string, peer: PeerId) =>
  addCredential(fingerprint(token), peer, { kind: 'ACCESS', expiresAt: epochMillis(clock.now() + TOKEN_GRACE_MS) });

/** What registering here and registering elsewhere have in common. */
interface InCommon {
  ourCredentials(token: string): WireCredentials;
  claims: Claims;
  arrived(peer: StoredPeer): void;
}

/** Registering at another platform with the TOKEN_A that it gave us; nothing is left of one that comes to nothing. */
export class Enrolment {
  readonly #context: Context;
  readonly #registration: InCommon;

  constructor(context: Context, registration: InCommon) {
    this.#context = context;
    this.#registration = registration;
  }

  async register(versionsUrl: string, tokenA: string): Promise<Result<KnownPeer>> {
    const placeholder = peerId(`registering-${this.#context.newId()}`);
    const found = await discover(this.#context, { peer: placeholder, versionsUrl, token: { text: tokenA, style: 'base64' } });
    if (!found.ok) return fail(found.problem.says);
    const { edition, endpoints, origins } = found.value;
    const base = endpoints.find((it) => it.identifier === 'credentials')?.url;
    // CRE-20: what no platform may lack is known before anything is posted; what its roles ask for, only when it has named them.
    const missing = missingModules([], endpoints);
    if (missing || !base) return fail(missing?.says ?? 'endpoints: missing credentials');
    const token = newSecret();
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
      encryptedToken: undefined,
    };
    await this.#context.store.commit([savePeer(blank, this.#context.clock.now()), provisionalToken(this.#context, token, placeholder)]);
    const line = {
      transport: transportTo(this.#context, { id: placeholder, originSet: new Set(origins) }, { withinMs: 30_000 }),
      edition,
      token: { text: tokenA, style: 'base64' },
    } as const;
    const answered = await callEndpoint(line, postCredentials, { base, params: undefined, query: undefined, body: this.#registration.ourCredentials(token) });
    if (answered.is === 'FAILED') {
      await this.#drop(placeholder);
      return fail(`POST credentials: ${answered.because}${answered.message ? `: ${answered.message}` : ''}`);
    }
    return this.#adopt(blank, answered.data, fingerprint(token));
  }

  /** The platform answered with its credentials: from now on it has a name. */
  async #adopt(blank: StoredPeer, credentials: WireCredentials, hash: string): Promise<Result<KnownPeer>> {
    const { own, behind } = presentedRoles(editionOf(blank), credentials);
    const { approved, held } = await this.#sort(own);
    const [first] = approved;
    const next: StoredPeer = {
      ...blank,
      id: first ? peerId(keyOf(first)) : blank.id,
      status: 'REGISTERED',
      roles: approved,
      versionsUrl: credentials.url,
      registeredAt: this.#context.clock.now(),
      encryptedToken: this.#context.encryption.encrypt(credentials.token),
    };
    const clash =
      (first ? undefined : `roles: ${held.map(roleName).join(', ')} belong to this node or to another platform`) ??
      missingModules(approved, blank.endpoints)?.says ??
      ((await this.#context.store.first(peerById(next.id)))?.status === 'REGISTERED'
        ? `${next.id} is registered already: evenkeel unregister --peer ${next.id} first`
        : undefined);
    if (clash) {
      await this.#undo(blank, credentials.token);
      return fail(clash);
    }
    const announced = behind && hubAnnouncement(this.#context, next, behind);
    await this.#context.store.commit([
      savePeer(next, this.#context.clock.now()),
      moveCredentials(blank.id, next.id),
      makeCredentialPermanent(hash),
      dropPeer(blank.id),
      ...replaceParties(next),
      ...(announced?.writes ?? []),
      ...(await this.#registration.claims.writes(next.id, held)),
    ]);
    await announced?.check();
    this.#registration.claims.note(next.id, held);
    this.#registration.arrived(next);
    const peer = await this.#context.peers.find(next.id);
    return peer ? ok(peer) : fail(`${next.id} vanished from the store`);
  }

  /** It registered us, but we cannot have it: it is told so. */
  async #undo(blank: StoredPeer, token: string): Promise<void> {
    const base = blank.endpoints.find((it) => it.identifier === 'credentials')?.url;
    const line = {
      transport: transportTo(this.#context, { id: blank.id, originSet: new Set(blank.origins) }),
      edition: blank.edition === '2.3.0' ? '2.3.0' : '2.2.1',
      token: { text: token, style: 'base64' },
    } as const;
    if (base) await callEndpoint(line, deleteCredentials, { base, params: undefined, query: undefined, body: undefined });
    await this.#drop(blank.id);
  }

  /** Takes back what a registration that came to nothing had begun, its provisional token too. */
  /** Of those that the platform names, all count but what is ours or another's. */
  async #sort(told: WireCredentials['roles']): Promise<SortedRoles> {
    const { store, config } = this.#context;
    const [own] = told;
    const speakers = await Promise.all(told.map((it) => store.first(peerOfParty(it.role, keyOf(it)))));
    const taken = new Set(told.filter((_, n) => speakers[n] && own && speakers[n].id !== peerId(keyOf(own))).map(roleName));
    const ours = config.parties.map(({ name, ...it }) => ({ ...it, business_details: { name } }));
    return sortEnrolled(told, { ours, taken: (it) => taken.has(roleName(it)) });
  }

  async #drop(placeholder: PeerId): Promise<void> {
    await this.#context.store.commit([dropCredentials(placeholder), dropPeer(placeholder)]);
    this.#context.peers.clearCache();
  }
}
