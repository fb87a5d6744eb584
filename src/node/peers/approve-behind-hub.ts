import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { hubOf, partiesOf } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { approveHubParty, newlyApproved, noteApproved, peersSpeakingFor } from '../../store/sql/hub-party.ts';
import { peerById } from '../../store/sql/peer.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { ReconnectedParty } from './hub-parties.ts';

/** A party in one of its roles that the operator lets in behind a hub. */
export interface PartyBehindHub {
  hub: PeerId;
  party: PartyKey;
  role: string;
}

/**
 * Lets a party in behind a hub that does not announce it, such as a hub without HubClientInfo (F-41). It counts as connected until the
 * hub says otherwise. Fails when the peer is no hub, or somebody else speaks for the party.
 */
export async function approveBehindHub(
  { store, config, peers }: Pick<Context, 'store' | 'config' | 'peers'>,
  { hub, party, role }: PartyBehindHub,
): Promise<Result<PeerId>> {
  const peer = await store.first(peerById(hub));
  if (!peer || hubOf(peer.roles) === undefined || peer.status !== 'REGISTERED')
    return fail(`${hub} is no registered hub: evenkeel peers shows the roles of each peer`);
  if (role === 'HUB' || partiesOf(peer.roles, 'HUB').includes(party)) return fail(`${party} is a hub itself: only other parties can be behind a hub`);
  if (hostedParties(config).includes(party)) return fail(`${party} is our own party: nobody else can speak for it`);
  const other = (await store.all(peersSpeakingFor(party))).find((it) => it !== hub);
  if (other !== undefined) return fail(`${other} speaks for ${party}: evenkeel unregister --peer ${other} first`);
  const [saved] = await store.commit([approveHubParty({ hub, party, role })]);
  peers.clearCache();
  return saved?.changed === 1 ? ok(hub) : fail(`${hub} has more parties behind it than are stored`);
}

/** The parties that were let in since the last call; a command may have done so beside the running node. */
export async function takeApproved({ store, peers }: Pick<Context, 'store' | 'peers'>): Promise<readonly ReconnectedParty[]> {
  const approved = await store.all(newlyApproved);
  if (approved.length === 0) return [];
  await store.commit(approved.map(noteApproved));
  peers.clearCache();
  return approved;
}
