import { keyOf, type PartyRole } from '../../domain/party.ts';
import { announceHubParties } from '../../store/sql/hub-party.ts';
import type { StoredPeer } from '../../store/sql/peer.ts';
import type { Write } from '../../store/store.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import { mayBeBehindHub, reportClaim } from './hub-parties.ts';
import { claimWrites, reportHeldClaims } from './party-claims.ts';

/** What the credentials of a peer contain besides its approved roles. */
export interface AdmittedRoles {
  /** Roles that need an approval of the operator. */
  held: readonly PartyRole[];
  /** Roles of the parties behind a hub; undefined: no hub, or one that announces them by HubClientInfo. */
  behind: readonly PartyRole[] | undefined;
}

/** The claims and announcements of a peer that registers or renews its tokens. */
export interface Admission {
  /** Belong in the transaction that saves the peer. */
  writes: readonly Write[];
  /** Call after that transaction: records security events for held claims, and for announced parties that another peer speaks for. */
  report(): Promise<void>;
}

/** Prepares the claims of a peer (CRE-33) and the announcement of the parties behind it (CRE-28). */
export async function prepareAdmission(context: Context, peer: StoredPeer, { held, behind }: AdmittedRoles): Promise<Admission> {
  const ours = hostedParties(context.config);
  const announced = behind?.filter((it) => mayBeBehindHub(it, ours));
  return {
    writes: [...(announced ? announceHubParties(peer, announced) : []), ...(await claimWrites(context, { peer: peer.id, held, registration: peer }))],
    report: async () => {
      for (const party of new Set(announced?.map(keyOf))) await reportClaim(context, peer.id, party);
      reportHeldClaims(context, peer.id, held);
    },
  };
}
