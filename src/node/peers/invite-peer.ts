import { type PartyKey, type PeerId, peerId } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { epochMillis } from '../../domain/units.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { dropClaimsOfInvited } from '../../store/sql/claim.ts';
import { peerById, peerOfParty, replaceInvite, savePeerUnlessRegistered } from '../../store/sql/peer.ts';
import type { Context } from '../core/context.ts';
import { newPeerRecord } from './peer-record.ts';

/** A TOKEN_A is valid for a week (SEC-10). */
const INVITE_MS = 7 * 86_400_000;

/** A role of a party that gets a TOKEN_A. */
export interface InvitedParty {
  role: string;
  country_code: string;
  party_id: string;
}

/** Creates a TOKEN_A for one party to register with; only its hash is stored (CRE-01, CRE-02). Fails when the party is registered. */
export async function invitePeer({ store, clock, peers }: Context, party: InvitedParty): Promise<Result<string>> {
  const id = peerId(keyOf(party));
  const [known, owner] = [await store.first(peerById(id)), await store.first(peerOfParty(party.role, keyOf(party)))];
  if (known?.status === 'REGISTERED' || owner) return fail(isRegistered(owner?.id ?? id, keyOf(party)));
  const token = newSecret();
  const invited = { ...newPeerRecord(id, 'INVITED'), roles: [{ ...party, business_details: { name: keyOf(party) } }] };
  const [saved] = await store.commit([
    savePeerUnlessRegistered(invited, clock.now()),
    ...replaceInvite(id, fingerprint(token), epochMillis(clock.now() + INVITE_MS)),
    dropClaimsOfInvited(id),
  ]);
  peers.clearCache();
  return saved?.changed === 1 ? ok(token) : fail(isRegistered(id, keyOf(party)));
}

const isRegistered = (peer: PeerId, party: PartyKey) => `${party} is registered already: evenkeel unregister --peer ${peer} first`;
