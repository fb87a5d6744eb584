import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { allClaims, type Claim, claimsOf, dropClaim, peerSpeakingFor, saveClaim } from '../../store/sql/claim.ts';
import { addApprovedRoles, peerById } from '../../store/sql/peer.ts';
import type { Store, Write } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { roleName } from './approve-roles.ts';
import { missingModules } from './discover.ts';

/** Most claims of one peer that are kept; a platform with more parties must be invited for them. */
const MOST_HELD = 100;

/** What peers claim beyond what they were let in with: nothing comes of it until the operator approves (CRE-33). */
export class Claims {
  readonly #context: Pick<Context, 'store' | 'clock' | 'config' | 'security' | 'peers'>;

  constructor(context: Pick<Context, 'store' | 'clock' | 'config' | 'security' | 'peers'>) {
    this.#context = context;
  }

  /** What makes these all that a peer claims; to be committed with what else it told, so that neither stands without the other. */
  async writes(peer: PeerId, held: readonly PartyRole[]): Promise<readonly Write[]> {
    const { store, clock } = this.#context;
    const now = held.slice(0, MOST_HELD);
    const names = new Set(now.map(roleName));
    const over = (await store.all(claimsOf(peer))).filter(({ role }) => !names.has(roleName(role)));
    return [...over.map(dropClaim), ...now.map((role) => saveClaim({ peer, role, claimedAt: clock.now() }))];
  }

  /** Tells the operator of what is held. */
  note(peer: PeerId, held: readonly PartyRole[]): void {
    const [first] = held;
    if (!first) return;
    const others = held.length > 1 ? ` and ${held.length - 1} more` : '';
    const says = `${peer} claims ${roleName(first)}${others}, which it was not let in with: held until evenkeel approve --peer ${peer} --party ${keyOf(first)}`;
    this.#context.security.note({ kind: 'party-claimed', peer, says });
  }

  /** Lets a peer speak for a party that it claims, in each role that is free. */
  async approve(id: PeerId, party: PartyKey): Promise<Result<PeerId>> {
    const { store, clock, config, peers } = this.#context;
    const peer = await store.first(peerById(id));
    const claims = (await store.all(claimsOf(id))).filter(({ role }) => keyOf(role) === party);
    if (!peer || claims.length === 0) return fail(`${id} claims no ${party}: evenkeel peers shows what is held`);
    const owners = await Promise.all(claims.map((claim) => ownerOf({ store, config }, claim)));
    const free = claims.filter((_, n) => owners[n] === undefined).map(({ role }) => role);
    if (free.length === 0) return fail(whyNot(owners[0], party));
    const missing = peer.status === 'REGISTERED' ? missingModules([...peer.roles, ...free], peer.endpoints) : undefined;
    if (missing) return fail(`${id} cannot speak for ${free.map(roleName).join(', ')}: ${missing.says}`);
    const [changed] = await store.commit(addApprovedRoles(peer, free, clock.now()));
    peers.clearCache();
    return changed?.changed === 1 ? ok(id) : fail(`${id} changed meanwhile: run the command again`);
  }
}

/** A claim as an operator sees it. */
export interface ClaimDetails {
  peer: PeerId;
  role: string;
  party: PartyKey;
  name: string;
  /** RFC 3339. */
  claimed_at: string;
  why: string;
}

/** All claims, each with why it is held. */
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

/** Who speaks for what is claimed already: `ours`, or another peer. */
async function ownerOf({ store, config }: { store: Store; config: Config }, { peer, role }: Claim): Promise<'ours' | PeerId | undefined> {
  if (config.parties.some((it) => roleName(it) === roleName(role))) return 'ours';
  const speaker = await store.first(peerSpeakingFor(role.role, keyOf(role)));
  return speaker === peer ? undefined : speaker;
}

const whyNot = (owner: 'ours' | PeerId | undefined, party: PartyKey) =>
  owner === 'ours'
    ? `${party} is our own party: nobody else can speak for it in that role`
    : `${owner} speaks for ${party}: evenkeel unregister --peer ${owner} first`;
