import type { PeerEndpoint } from '../../domain/party.ts';
import type { WireCredentials } from '../../ocpi/credentials/credentials.ts';
import { type PresentedRoles, presentedRoles } from '../../ocpi/credentials/presented-roles.ts';
import type { Edition } from '../../ocpi/editions.ts';
import type { Config } from '../config/config.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { isHub } from './hub-parties.ts';

/** The credentials of this node, with a token for the peer to use. */
export function ourCredentials({ parties, public_url }: Pick<Config, 'parties' | 'public_url'>, token: string): WireCredentials {
  const roles = parties.map(({ role, country_code, party_id, name }) => ({ role, country_code, party_id, business_details: { name } }));
  return { token, url: `${public_url}/ocpi/versions`, roles };
}

/** The roles in the credentials of a peer; only a hub can present roles of others. */
export const rolesPresentedBy = (peer: KnownPeer, edition: Edition, credentials: WireCredentials): PresentedRoles =>
  isHub(peer) ? presentedRoles(edition, credentials) : { own: credentials.roles };

/** The URL of the credentials module, which has no interface role. */
export const credentialsUrlOf = ({ endpoints }: { endpoints: readonly PeerEndpoint[] }): string | undefined =>
  endpoints.find((it) => it.identifier === 'credentials')?.url;
