import type { PartyRole } from '../../domain/party.ts';
import { type Edition, hubConventions } from '../editions.ts';
import type { WireCredentials } from './credentials.ts';

/** The roles in a platform's credentials: its own, and for a hub those of the parties behind it. */
export interface PresentedRoles {
  own: WireCredentials['roles'];
  /** Absent when the platform is no hub, or a hub that lists its parties by HubClientInfo (CRE-29). */
  behind?: readonly PartyRole[];
}

/**
 * Separates a hub's own role from the roles of the parties behind it. In 2.3.0 `hub_party_id` holds the hub's country code and party id
 * in five characters: it becomes a role HUB as in 2.2.1, and the listed roles belong to the parties behind it (CRE-28). In 2.2.1 the
 * field is ignored.
 */
export function presentedRoles(edition: Edition, { roles, hub_party_id }: Pick<WireCredentials, 'roles' | 'hub_party_id'>): PresentedRoles {
  if (hubConventions[edition].ownParty === 'role' || hub_party_id === undefined || hub_party_id.length !== 5) return { own: roles };
  const hub = { role: 'HUB', country_code: hub_party_id.slice(0, 2), party_id: hub_party_id.slice(2), business_details: { name: hub_party_id } };
  return { own: [hub], behind: roles };
}
