import { keyOf, type PartyRole } from '../../domain/party.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';

/** The roles in a peer's credentials: those that it may speak for, and those that are held until the operator approves them. */
export interface SortedRoles {
  approved: readonly PartyRole[];
  held: readonly PartyRole[];
}

/** A role and its party as text, such as `EMSP NL*MSP`. */
export const roleName = (role: Pick<PartyRole, 'role' | 'country_code' | 'party_id'>): string => `${role.role} ${keyOf(role)}`;
const namesOf = (roles: readonly PartyRole[]) => roles.map(roleName).join(', ');

/** Sorts the roles of a peer that we invited or that is registered: only its allowed roles count, others need an approval (CRE-33). */
export function sortRoles(allowed: readonly PartyRole[], presented: WireCredentials['roles']): SortedRoles {
  const names = new Set(allowed.map(roleName));
  return sortBy(presented, (it) => names.has(roleName(it)));
}

/**
 * Sorts the roles of a peer that we registered at. All roles count except those of our own parties and of other peers. If no role is
 * left, other roles of our own parties count.
 */
export function sortRolesOfHost(presented: WireCredentials['roles'], known: { ours: readonly PartyRole[]; isTaken(role: PartyRole): boolean }): SortedRoles {
  const ours = { roles: new Set(known.ours.map(roleName)), parties: new Set(known.ours.map(keyOf)) };
  const isFree = (it: PartyRole) => !ours.roles.has(roleName(it)) && !known.isTaken(it);
  const sorted = sortBy(presented, (it) => isFree(it) && !ours.parties.has(keyOf(it)));
  return sorted.approved.length > 0 ? sorted : sortBy(presented, isFree);
}

function sortBy(presented: WireCredentials['roles'], counts: (role: PartyRole) => boolean): SortedRoles {
  const roles = presented.map(({ role, country_code, party_id, business_details }) => ({
    role,
    country_code,
    party_id,
    business_details: { name: business_details.name },
  }));
  return { approved: roles.filter(counts), held: roles.filter((it) => !counts(it)) };
}

/** The status message for credentials that contain none of the allowed roles. */
export const noneApproved = ({ allowed, held, invited }: { allowed: readonly PartyRole[]; held: readonly PartyRole[]; invited: boolean }): string =>
  `roles: found ${namesOf(held)}, ${invited ? 'invited was' : 'registered is'} ${namesOf(allowed)}`;
