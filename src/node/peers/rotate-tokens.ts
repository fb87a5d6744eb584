import type { PeerId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { epochMillis, later, type Seconds } from '../../domain/units.ts';
import { callEndpoint, type Outgoing, type PeerClient } from '../../ocpi/call.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { putCredentials } from '../../ocpi/credentials/put-credentials.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import {
  addCredential,
  expireOtherCredentials,
  ifCurrent,
  makeCredentialPermanent,
  noteTold,
  peerById,
  type StoredPeer,
  savePeerIfUnchanged,
} from '../../store/sql/peer.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { prepareAdmission } from './admission.ts';
import { sortRoles } from './approve-roles.ts';
import { credentialsUrlOf, ourCredentials, rolesPresentedBy } from './credentials.ts';
import { discover, otherStyle, refusesToken } from './discover.ts';
import { hashOfOffer } from './our-offer.ts';
import { clientTo } from './peer-client.ts';
import { notRegistered, recordOf } from './peer-record.ts';

/** The old token of a peer that rotates works until the new one is used, but not longer than this (A-28). */
export const TOKEN_GRACE_MS = 10 * 60_000;

/** A token that a peer may use already, but that becomes permanent only when the exchange of credentials succeeds (A-28, CRE-32). */
export const provisionalToken = ({ clock }: Pick<Context, 'clock'>, token: string, peer: PeerId): Write =>
  addCredential(fingerprint(token), peer, { kind: 'ACCESS', expiresAt: epochMillis(clock.now() + TOKEN_GRACE_MS) });

/** PUT of our credentials; a peer that was changed meanwhile may read its token in the other way (F-42). */
async function put(client: PeerClient, outgoing: Outgoing<typeof putCredentials>): Promise<PeerAnswer<WireCredentials>> {
  const answer = await callEndpoint(client, putCredentials, outgoing);
  if (!refusesToken(answer)) return answer;
  return callEndpoint({ ...client, token: { ...client.token, style: otherStyle(client.token.style) } }, putCredentials, outgoing);
}

/** The exchange of tokens with registered peers. */
export class TokenRotation {
  readonly #context: Context;
  readonly #registered: (peer: StoredPeer) => void;
  /** The hash of the new token of each peer that has not used it yet. */
  readonly #unused = new Map<PeerId, string>();

  /** `registered` is called after a rotation, because the peer may offer other endpoints now. */
  constructor(context: Context, registered: (peer: StoredPeer) => void) {
    this.#context = context;
    this.#registered = registered;
  }

  /** A peer got a new token, and its old one still works. */
  started(peer: PeerId, hash: string): void {
    this.#unused.set(peer, hash);
  }

  /** The registration of a peer has ended. */
  ended(peer: PeerId): void {
    this.#unused.delete(peer);
  }

  /** A peer used this token: if it is the new one, the old one ends. */
  async used(peer: PeerId, hash: string): Promise<void> {
    if (this.#unused.get(peer) !== hash) return;
    this.#unused.delete(peer);
    await this.#context.store.commit([expireOtherCredentials(peer, hash, this.#context.clock.now())]);
    this.#context.peers.clearCache();
  }

  /** Exchanges the tokens in both directions. The old ones work until then, and ours for at most `grace` after it (CRE-22). */
  async rotate(id: PeerId, grace: Seconds): Promise<Result<KnownPeer>> {
    const { store, clock, encryption, peers } = this.#context;
    const [peer, before] = await Promise.all([peers.find(id), store.first(peerById(id))]);
    const client = peer && clientTo(this.#context, peer, { withinMs: 30_000 });
    const base = peer && credentialsUrlOf(peer);
    if (!peer || !before || !client || !base) return fail(notRegistered(id));
    const token = newSecret();
    await store.commit([provisionalToken(this.#context, token, id)]);
    const body = ourCredentials(this.#context.config, token);
    const offer = hashOfOffer(this.#context.config);
    const answer = await put(client, { base, params: undefined, query: undefined, body });
    if (answer.is === 'FAILED') return fail(`PUT credentials: ${answer.because}${answer.message ? `: ${answer.message}` : ''}; the old tokens go on`);
    const { data: credentials } = answer;
    // CRE-13: both sides continue with the edition of the URL that the PUT went to.
    const found = await discover(this.#context, {
      peer: id,
      versionsUrl: credentials.url,
      token: { text: credentials.token, style: peer.tokenStyle },
      edition: client.edition,
    });
    // Roles that the operator approved in the meantime stay; other roles in the credentials are held.
    const roles = (await store.first(peerById(id)))?.roles ?? before.roles;
    const { own, behind } = rolesPresentedBy(peer, client.edition, credentials);
    const next: StoredPeer = {
      ...recordOf(peer),
      roles,
      ...(found.ok ? found.value : {}),
      versionsUrl: credentials.url,
      registeredAt: clock.now(),
      encryptedToken: encryption.encrypt(credentials.token),
    };
    const admission = await prepareAdmission(this.#context, next, { held: sortRoles(roles, own).held, behind });
    const hash = fingerprint(token);
    const [saved] = await store.commit([
      savePeerIfUnchanged(next, { ...before, roles }, clock.now()),
      noteTold(next, offer),
      ifCurrent(next, makeCredentialPermanent(hash)),
      ifCurrent(next, expireOtherCredentials(id, hash, later(clock.now(), grace))),
      ...admission.writes,
    ]);
    if (saved?.changed !== 1) return fail(`${id} was changed or unregistered at the same time: run the command again if it is still registered`);
    this.started(id, hash);
    await admission.report();
    this.#registered(next);
    const rotated = await peers.find(id);
    return rotated ? ok(rotated) : fail(notRegistered(id));
  }
}
