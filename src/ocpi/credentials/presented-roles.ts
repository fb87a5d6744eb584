import type { PartyRole } from '../../domain/party.ts';
import { type Edition, hubConventions } from '../editions.ts';
import type { WireCredentials } from './credentials.ts';

/** The roles of a platform as this project keeps them: those it plays itself, and those of the parties behind it if it is a hub. */
export interface PresentedRoles {
  own: WireCredentials['roles'];
  /** Absent: no hub, or one that tells of them by HubClientInfo (CRE-29). */
  behind?: readonly PartyRole[];
}

/**
 * Reads what credentials say of a hub. `hub_party_id` is its country and its party in one word, and becomes a role HUB, which is how the
 * older edition says the same; the roles beside it are then those of others (CRE-28). Where the edition has no such field, it says nothing.
 */
export function presentedRoles(edition: Edition, { roles, hub_party_id }: Pick<WireCredentials, 'roles' | 'hub_party_id'>): PresentedRoles {
  if (hubConventions[edition].ownParty === 'role' || hub_party_id === undefined || hub_party_id.length !== 5) return { own: roles };
  const hub = { role: 'HUB', country_code: hub_party_id.slice(0, 2), party_id: hub_party_id.slice(2), business_details: { name: hub_party_id } };
  return { own: [hub], behind: roles };
}
