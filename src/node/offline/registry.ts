import { describeSeveral, pickById } from '../../domain/id-prefix.ts';
import { asPartyKey, fold, type PeerId, peerId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { seconds } from '../../domain/units.ts';
import type { Page, PageRequest } from '../api/lists.ts';
import { approveTokenClaim, type TokenClaimView, viewTokenClaims } from '../api/token-claims.ts';
import type { Config } from '../config/config.ts';
import { Audit } from '../core/audit.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { machineClock } from '../core/machine-clock.ts';
import { openContext } from '../core/open-context.ts';
import type { InvitedParty } from '../peers/invite-peer.ts';
import { type ClaimDetails, viewClaims } from '../peers/party-claims.ts';
import { Registration } from '../peers/registration.ts';

/** A peer as an operator sees it, without its tokens. */
export interface PeerSummary {
  /** Country and party of its first role, such as `NL*MSP`. */
  id: string;
  status: KnownPeer['status'];
  /** Version of OCPI, such as 2.2.1; absent before the registration. */
  edition?: string;
  roles: KnownPeer['roles'];
  versions_url?: string;
  /** RFC 3339; absent when it has never registered. */
  registered_at?: string;
  /** Parties that it claims beyond its roles; they have no effect until the operator approves them. */
  held?: readonly Omit<ClaimDetails, 'peer'>[];
}

/** The peers of a node and their claims, for commands that run beside it. A running node sees their changes within a second. */
export interface Registry extends AsyncDisposable {
  /** Makes a TOKEN_A; `versions_url` is the URL to use it at. */
  invite(party: InvitedParty): Promise<Result<{ token: string; versions_url: string }>>;
  register(versionsUrl: string, tokenA: string): Promise<Result<PeerSummary>>;
  /** Exchanges the tokens. The old token of the peer stays valid for a minute; with `now` it ends with the peer's answer (CRE-22). */
  rotate(id: string, when: 'soon' | 'now'): Promise<Result<PeerSummary>>;
  /** Approves a claim: the peer may speak for the party, such as `NL*XYZ` (CRE-33). With a role: lets the party in behind a hub (F-41). */
  approve(id: string, party: string, role?: string): Promise<Result<PeerSummary>>;
  /** Ends the registration; the result says whether the peer could be told. */
  unregister(id: string): ReturnType<Registration['unregister']>;
  peers(): Promise<readonly PeerSummary[]>;
  /** Tokens that wait for an approval, because another party sent them first; newest first. */
  tokenClaims(page: PageRequest): Promise<Page<TokenClaimView>>;
  /** Puts the token of a claim into force, and holds that of the party that had it. */
  approveToken(claim: number): Promise<Result<TokenClaimView>>;
}

/** Opens the peers in the store of a configuration; opens no ports. */
export async function openRegistry(config: Config): Promise<Registry> {
  await using stack = new AsyncDisposableStack();
  const context = await openContext(config, { clock: machineClock, log: () => undefined, stack, beside: true });
  // The listeners do nothing: the running node finds new and unregistered peers in the store and does what follows.
  const registration = new Registration(context, { ended: async () => undefined, registered: () => undefined });
  const audit = new Audit(context);
  // The audit entry is written before the action (SEC-39).
  const note = (act: string, more: { subject?: string; says?: string }) => audit.note({ kind: 'command' }, { act, ...more });
  /** The id of the peer that a person means; an id that no peer has is refused by the command itself. */
  const idOf = async (typed: string): Promise<Result<PeerId>> => {
    const picked = pickById(await context.peers.all(), ({ id }) => id, typed);
    if (picked.is === 'SEVERAL') return fail(describeSeveral('peers', typed, picked.ids));
    return ok(picked.is === 'ONE' ? picked.item.id : peerId(fold(typed)));
  };
  const open = stack.move();
  return {
    invite: async (party) => {
      await note('add-peer', { subject: fold(`${party.country_code}*${party.party_id}`), says: `invites as ${party.role}` });
      const token = await registration.invite(party);
      return token.ok ? { ok: true, value: { token: token.value, versions_url: registration.ourCredentials('').url } } : token;
    },
    register: async (versionsUrl, tokenA) => {
      await note('add-peer', { says: describeRegistration(versionsUrl) });
      return summarized(await registration.register(versionsUrl, tokenA));
    },
    rotate: async (id, when) => {
      const peer = await idOf(id);
      if (!peer.ok) return peer;
      await note('rotate-peer', { subject: peer.value });
      return summarized(await registration.rotate(peer.value, seconds(when === 'now' ? 0 : 60)));
    },
    approve: async (id, party, role) => {
      const peer = await idOf(id);
      if (!peer.ok) return peer;
      await note('approve-party', { subject: peer.value, says: [role, fold(party)].filter((it) => it !== undefined).join(' ') });
      return summarized(await registration.approve(peer.value, asPartyKey(fold(party)), role));
    },
    unregister: async (id) => {
      const peer = await idOf(id);
      if (!peer.ok) return peer;
      await note('unregister-peer', { subject: peer.value });
      return registration.unregister(peer.value);
    },
    peers: async () => {
      const held = Map.groupBy(await viewClaims(context), ({ peer }) => peer);
      return (await context.peers.all()).map((peer) => ({ ...summarizePeer(peer), ...heldOf(held.get(peer.id)) }));
    },
    tokenClaims: (page) => viewTokenClaims(context, page),
    approveToken: async (claim) => {
      await note('approve-token', { subject: String(claim) });
      return approveTokenClaim(context, claim);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const heldOf = (claims: readonly ClaimDetails[] | undefined) => claims && { held: claims.map(({ peer: _, ...claim }) => claim) };
const summarized = (found: Result<KnownPeer>): Result<PeerSummary> => (found.ok ? { ok: true, value: summarizePeer(found.value) } : found);

/** Text of the audit entry for a registration; without the path, which may hold a secret. */
export const describeRegistration = (versionsUrl: string): string =>
  `registers at ${URL.canParse(versionsUrl) ? new URL(versionsUrl).origin : 'an invalid URL'}`;

/** Selects what an operator sees of a peer. */
export function summarizePeer({ id, status, edition, roles, versionsUrl, registeredAt }: KnownPeer): PeerSummary {
  return {
    id,
    status,
    ...(edition !== undefined && { edition }),
    roles,
    ...(versionsUrl !== undefined && { versions_url: versionsUrl }),
    ...(registeredAt !== undefined && { registered_at: new Date(registeredAt).toISOString() }),
  };
}
