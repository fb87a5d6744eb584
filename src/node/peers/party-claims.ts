import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { hubOf, keyOf, type PartyRole } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { allClaims, type Claim, claimsOf, dropClaim, peerSpeakingFor, saveClaim, saveClaimIfCurrent } from '../../store/sql/claim.ts';
import { addApprovedRoles, ifCurrent, peerById, type StoredPeer } from '../../store/sql/peer.ts';
import type { Store, Write } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { roleName } from './approve-roles.ts';
import { missingModules } from './discover.ts';

/** Claims of one peer that are kept; a peer with more parties must be invited for them. */
const MAX_HELD = 100;

interface Claiming {
  peer: PeerId;
  held: readonly PartyRole[];
  /** The registration that the claims came with; without effect when it is not the current one. */
  registration?: StoredPeer;
}

/** The writes that make `held` the only claims of a peer. They belong in the transaction that saves the peer (CRE-33). */
export async function claimWrites({ store, clock }: Pick<Context, 'store' | 'clock'>, { peer, held, registration }: Claiming): Promise<readonly Write[]> {
  const claimedAt = clock.now();
  const kept = held.slice(0, MAX_HELD);
  const names = new Set(kept.map(roleName));
  const dropped = (await store.all(claimsOf(peer))).filter(({ role }) => !names.has(roleName(role))).map(dropClaim);
  return registration
    ? [...dropped.map((write) => ifCurrent(registration, write)), ...kept.map((role) => saveClaimIfCurrent(registration, { role, claimedAt }))]
    : [...dropped, ...kept.map((role) => saveClaim({ peer, role, claimedAt }))];
}

/** Records a security event that tells the operator which claims are held, and how to approve one. */
export function reportHeldClaims({ security }: Pick<Context, 'security'>, peer: PeerId, held: readonly PartyRole[]): void {
  const [first] = held;
  if (!first) return;
  const others = held.length > 1 ? ` and ${held.length - 1} more` : '';
  const says = `${peer} claims ${roleName(first)}${others}, which it was not let in with: held until evenkeel approve --peer ${peer} --party ${keyOf(first)}`;
  security.note({ kind: 'party-claimed', peer, says });
}

/** Approves the claims of a peer to one party, in each role that nobody else has; fails with how to mend it. */
export async function approveClaim(
  { store, clock, config, peers }: Pick<Context, 'store' | 'clock' | 'config' | 'peers'>,
  id: PeerId,
  party: PartyKey,
): Promise<Result<PeerId>> {
  const peer = await store.first(peerById(id));
  const claims = (await store.all(claimsOf(id))).filter(({ role }) => keyOf(role) === party);
  if (peer && claims.length === 0 && hubOf(peer.roles) !== undefined)
    return fail(`${id} claims no ${party}: to let it in behind the hub, name its role, such as --role CPO`);
  if (!peer || claims.length === 0) return fail(`${id} claims no ${party}: evenkeel peers shows what is held`);
  const owners = await Promise.all(claims.map((claim) => ownerOf({ store, config }, claim)));
  const free = claims.filter((_, n) => owners[n] === undefined).map(({ role }) => role);
  if (free.length === 0) return fail(whyNot(owners[0], party));
  const missing = peer.status === 'REGISTERED' ? missingModules([...peer.roles, ...free], peer.endpoints) : undefined;
  if (missing) return fail(`${id} cannot speak for ${free.map(roleName).join(', ')}: ${missing.says}`);
  const [changed] = await store.commit(addApprovedRoles(peer, free, clock.now()));
  peers.clearCache();
  return changed?.changed === 1 ? ok(id) : fail(`${id} was changed at the same time: run the command again`);
}

/** A claim as an operator sees it. */
export interface ClaimDetails {
  peer: PeerId;
  role: string;
  party: PartyKey;
  name: string;
  /** RFC 3339. */
  claimed_at: string;
  /** Why the claim is held. */
  why: string;
}

/** All claims, each with the reason why it is held. */
export async function viewClaims(at: { store: Store; config: Config }): Promise<readonly ClaimDetails[]> {
  return Promise.all(
    (await at.store.all(allClaims)).map(async (claim) => {
      const { peer, role, claimedAt } = claim;
      const owner = await ownerOf(at, claim);
      const why = owner === undefined ? 'it was not let in with it' : owner === 'ours' ? 'it is our own party' : `${owner} speaks for it`;
      return { peer, role: role.role, party: keyOf(role), name: role.business_details.name, claimed_at: printDateTime(claimedAt), why };
    }),
  );
}

/** Who has the claimed role of the party: `ours`, another peer, or undefined for nobody. */
async function ownerOf({ store, config }: { store: Store; config: Config }, { peer, role }: Claim): Promise<'ours' | PeerId | undefined> {
  if (config.parties.some((it) => roleName(it) === roleName(role))) return 'ours';
  const speaker = await store.first(peerSpeakingFor(role.role, keyOf(role)));
  return speaker === peer ? undefined : speaker;
}

const whyNot = (owner: 'ours' | PeerId | undefined, party: PartyKey) =>
  owner === 'ours'
    ? `${party} is our own party: nobody else can speak for it in that role`
    : `${owner} speaks for ${party}: evenkeel unregister --peer ${owner} first`;
