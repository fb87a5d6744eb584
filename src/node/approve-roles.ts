import { keyOf, type PartyRole } from '../domain/party.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { WireCredentials } from '../ocpi/credentials/credentials.ts';
import type { KnownPeer } from './peers.ts';

/** Only the invited party counts: a platform cannot make itself speak for others (CRE-33). Later it keeps the parties it had. */
export function approvedRoles(peer: KnownPeer, told: WireCredentials['roles'], invited: boolean): Result<readonly PartyRole[]> {
  const expected = new Set(peer.ownRoles.map((it) => `${it.role} ${keyOf(it)}`));
  const approved = told.filter((it) => expected.has(`${it.role} ${keyOf(it)}`));
  if (approved.length > 0)
    return ok(
      approved.map(({ role, country_code, party_id, business_details }) => ({
        role,
        country_code,
        party_id,
        business_details: { name: business_details.name },
      })),
    );
  return fail(
    `roles: found ${told.map((it) => `${it.role} ${keyOf(it)}`).join(', ')}, ${invited ? 'invited was' : 'registered is'} ${[...expected].join(', ')}`,
  );
}
