import { keyOf, type PartyRole } from '../../domain/party.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';

/** What a platform says that it speaks for: what it was let in with, and what it claims beyond that. */
export interface SortedRoles {
  approved: readonly PartyRole[];
  held: readonly PartyRole[];
}

/** A role of a party in words, such as `EMSP NL*MSP`. */
export const roleName = (role: Pick<PartyRole, 'role' | 'country_code' | 'party_id'>): string => `${role.role} ${keyOf(role)}`;
const list = (roles: readonly PartyRole[]) => roles.map(roleName).join(', ');

/** Only the parties that a platform was let in with count: it cannot make itself speak for others, which is held until the operator approves (CRE-33). */
export function sortRoles(allowed: readonly PartyRole[], told: WireCredentials['roles']): SortedRoles {
  const names = new Set(allowed.map(roleName));
  return sortBy(told, (it) => names.has(roleName(it)));
}

/** Of a platform that the operator registered at, all parties count but those that are ours or another's; ours in another role count where there is nothing else. */
export function sortEnrolled(told: WireCredentials['roles'], known: { ours: readonly PartyRole[]; taken(role: PartyRole): boolean }): SortedRoles {
  const ours = { roles: new Set(known.ours.map(roleName)), parties: new Set(known.ours.map(keyOf)) };
  const free = (it: PartyRole) => !ours.roles.has(roleName(it)) && !known.taken(it);
  const sorted = sortBy(told, (it) => free(it) && !ours.parties.has(keyOf(it)));
  return sorted.approved.length > 0 ? sorted : sortBy(told, free);
}

function sortBy(told: WireCredentials['roles'], counts: (role: PartyRole) => boolean): SortedRoles {
  const roles = told.map(({ role, country_code, party_id, business_details }) => ({
    role,
    country_code,
    party_id,
    business_details: { name: business_details.name },
  }));
  return { approved: roles.filter(counts), held: roles.filter((it) => !counts(it)) };
}

/** Why a platform that names none of the parties that it may speak for is turned away. */
export const noneApproved = ({ allowed, held, invited }: { allowed: readonly PartyRole[]; held: readonly PartyRole[]; invited: boolean }): string =>
  `roles: found ${list(held)}, ${invited ? 'invited was' : 'registered is'} ${list(allowed)}`;
