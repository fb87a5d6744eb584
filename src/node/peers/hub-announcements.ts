import type { PartyKey, PeerId } from '../../domain/ids.ts';
import { keyOf, type PartyRole } from '../../domain/party.ts';
import { announceHubParties, peersSpeakingFor } from '../../store/sql/hub-party.ts';
import type { StoredPeer } from '../../store/sql/peer.ts';
import type { Write } from '../../store/store.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';

/** The parties in a hub's credentials, on their way into the store. */
export interface HubAnnouncement {
  writes: readonly Write[];
  /** Once they are in: says which of them somebody else speaks for. */
  check(): Promise<void>;
}

/** What a hub's credentials announce (CRE-28). */
export function hubAnnouncement(context: Context, hub: StoredPeer, behind: readonly PartyRole[]): HubAnnouncement {
  const ours = hostedParties(context.config);
  const parties = behind.filter((it) => mayBeBehindHub(it, ours));
  return {
    writes: announceHubParties(hub, parties),
    check: async () => {
      for (const party of new Set(parties.map(keyOf))) await reportClaim(context, hub.id, party);
    },
  };
}

/** Nobody else speaks for a party of ours, and a hub is behind nobody. */
export const mayBeBehindHub = (it: Pick<PartyRole, 'role' | 'country_code' | 'party_id'>, ours: readonly PartyKey[]): boolean =>
  it.role !== 'HUB' && !ours.includes(keyOf(it));

/** Whoever speaks for a party already goes on; that a hub claimed it too is worth a look (CRE-33). */
export async function reportClaim({ store, security }: Pick<Context, 'store' | 'security'>, hub: PeerId, party: PartyKey): Promise<void> {
  const speakers = await store.all(peersSpeakingFor(party));
  if (speakers.length === 0 || speakers.includes(hub)) return;
  const says = `${hub} announced ${party}, for whom ${speakers.join(', ')} speaks; it is left out`;
  security.note({ kind: 'party-claimed', peer: hub, party, says });
}
