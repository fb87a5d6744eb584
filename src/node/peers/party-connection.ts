import type { PartyKey } from '../../domain/ids.ts';
import { type ConnectionState, hubOf, keyOf, type PartyRole } from '../../domain/party.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** Those who ask about sessions and hear of them. */
export const RECEIVING_ROLES = ['EMSP', 'SCSP'] as const;
/** Those who tell of sessions and take profiles. */
export const OWNING_ROLES = ['CPO', 'EMSP'] as const;

/** Why nothing may be sent to a party through this peer: it is away, or the hub does not speak for it. */
export type PartyOffline = Exclude<ConnectionState, 'CONNECTED'> | 'UNANNOUNCED';

/**
 * Whether a party can be told or asked something in one of these roles through a peer; undefined: yes. Only a hub can say No: nothing is
 * sent to a party that is OFFLINE, PLANNED or SUSPENDED, nor put by for it (HCI-01, HCI-03).
 */
export function offlineParty(peer: KnownPeer, party: PartyKey, roles: readonly PartyRole['role'][]): PartyOffline | undefined {
  if (hubOf(peer.ownRoles) === undefined) return undefined;
  const theirs = peer.behind.filter((it) => roles.includes(it.role) && keyOf(it) === party);
  const [first] = theirs;
  if (first === undefined) return 'UNANNOUNCED';
  return theirs.some(({ status }) => status === 'CONNECTED') || first.status === 'CONNECTED' ? undefined : first.status;
}

/** Why a party cannot be reached, for people. */
export const describeOffline = (peer: KnownPeer, party: PartyKey, away: PartyOffline): string =>
  away === 'UNANNOUNCED'
    ? `${party} is not behind the hub ${peer.id} any more: register it, or wait until the hub tells of it again`
    : `${party} is ${away} behind the hub ${peer.id}: nothing is sent to it until the hub says that it is CONNECTED`;

/** The reason of whatever did not leave because its receiver is away. */
export const PARTY_OFFLINE = 'party_offline';
