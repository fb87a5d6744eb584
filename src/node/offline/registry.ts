import { asPartyKey, fold, peerId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import { seconds } from '../../domain/units.ts';
import type { Config } from '../config/config.ts';
import { Audit } from '../core/audit.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { machineClock } from '../core/machine-clock.ts';
import { openContext } from '../core/open-context.ts';
import { type ClaimDetails, viewClaims } from '../peers/party-claims.ts';
import { type InvitedParty, Registration } from '../peers/registration.ts';

/** A peer as an operator sees it; tokens stay out. */
export interface PeerSummary {
  /** Country and party of its first role, such as `NL*MSP`. */
  id: string;
  status: KnownPeer['status'];
  /** Absent: none has been agreed on. */
  edition?: string;
  roles: KnownPeer['roles'];
  versions_url?: string;
  /** RFC 3339; absent: never registered. */
  registered_at?: string;
  /** What it claims beyond its roles; nothing comes of it until the operator approves. */
  held?: readonly Omit<ClaimDetails, 'peer'>[];
}

/** A node's peers, without its sockets: for commands that run beside a node, which sees what they change within a second. */
export interface Registry extends AsyncDisposable {
  /** A TOKEN_A, and where to use it. */
  invite(party: InvitedParty): Promise<Result<{ token: string; versions_url: string }>>;
  register(versionsUrl: string, tokenA: string): Promise<Result<PeerSummary>>;
  /** `now` ends the old token with the answer of the peer, not a minute later (CRE-22). */
  rotate(id: string, when: 'soon' | 'now'): Promise<Result<PeerSummary>>;
  /** Lets a peer speak for a party that it claims, such as `NL*XYZ` (CRE-33). */
  approve(id: string, party: string): Promise<Result<PeerSummary>>;
  unregister(id: string): Promise<Result<'told' | 'not told'>>;
  peers(): Promise<readonly PeerSummary[]>;
}

/** Opens the store of a configuration for its peers only; no charge point is touched. */
export async function openRegistry(config: Config): Promise<Registry> {
  await using stack = new AsyncDisposableStack();
  const context = await openContext(config, { clock: machineClock, log: () => undefined, stack });
  // What follows from a peer that comes or goes is the work of the node, which finds it in the store: only it has charge points to ask.
  const registration = new Registration(context, { ended: async () => undefined, registered: () => undefined });
  const audit = new Audit(context);
  // What is done is written down first (SEC-39).
  const note = (act: string, more: { subject?: string; says?: string }) => audit.note({ kind: 'command' }, { act, ...more });
  const open = stack.move();
  return {
    invite: async (party) => {
      await note('add-peer', { subject: fold(`${party.country_code}*${party.party_id}`), says: `invites as ${party.role}` });
      const token = await registration.invite(party);
      return token.ok ? { ok: true, value: { token: token.value, versions_url: registration.ourCredentials('').url } } : token;
    },
    register: async (versionsUrl, tokenA) => {
      await note('add-peer', { says: `registers at ${URL.canParse(versionsUrl) ? new URL(versionsUrl).origin : 'no address'}` });
      return carded(await registration.register(versionsUrl, tokenA));
    },
    rotate: async (id, when) => {
      await note('rotate-peer', { subject: fold(id) });
      return carded(await registration.rotate(peerId(fold(id)), seconds(when === 'now' ? 0 : 60)));
    },
    approve: async (id, party) => {
      await note('approve-party', { subject: fold(id), says: fold(party) });
      return carded(await registration.approve(peerId(fold(id)), asPartyKey(fold(party))));
    },
    unregister: async (id) => {
      await note('unregister-peer', { subject: fold(id) });
      return registration.unregister(peerId(fold(id)));
    },
    peers: async () => {
      const held = Map.groupBy(await viewClaims(context), ({ peer }) => peer);
      return (await context.peers.all()).map((peer) => ({ ...summarizePeer(peer), ...heldOf(held.get(peer.id)) }));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

const heldOf = (claims: readonly ClaimDetails[] | undefined) => claims && { held: claims.map(({ peer: _, ...claim }) => claim) };
const carded = (found: Result<KnownPeer>): Result<PeerSummary> => (found.ok ? { ok: true, value: summarizePeer(found.value) } : found);

/** A peer as an operator sees it. */
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
