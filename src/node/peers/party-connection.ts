import type { PartyKey } from '../../domain/ids.ts';
import { type ConnectionState, hubOf, keyOf, type PartyRole } from '../../domain/party.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** Roles that receive sessions and send requests about them. */
export const RECEIVING_ROLES = ['EMSP', 'SCSP'] as const;
/** Roles that own sessions and answer requests about them. */
export const OWNING_ROLES = ['CPO', 'EMSP'] as const;

/** Why nothing may be sent to a party through a hub: its connection state, or that the hub does not announce it. */
export type PartyOffline = Exclude<ConnectionState, 'CONNECTED'> | 'UNANNOUNCED';

/**
 * Why a party in one of these roles cannot be reached through a peer; undefined when it can. Only parties behind a hub can be offline:
 * nothing is sent to a party that is OFFLINE, PLANNED or SUSPENDED, and nothing is queued for it (HCI-01, HCI-03).
 */
export function offlineParty(peer: KnownPeer, party: PartyKey, roles: readonly PartyRole['role'][]): PartyOffline | undefined {
  if (hubOf(peer.ownRoles) === undefined) return undefined;
  const roleStates = peer.behind.filter((it) => roles.includes(it.role) && keyOf(it) === party);
  const [first] = roleStates;
  if (first === undefined) return 'UNANNOUNCED';
  return roleStates.some(({ status }) => status === 'CONNECTED') || first.status === 'CONNECTED' ? undefined : first.status;
}

/** Explains to people why a party cannot be reached. */
export const describeOffline = (peer: KnownPeer, party: PartyKey, state: PartyOffline): string =>
  state === 'UNANNOUNCED'
    ? `${party} is not behind the hub ${peer.id} any more: register it, or wait until the hub announces it again`
    : `${party} is ${state} behind the hub ${peer.id}: nothing is sent to it until the hub says that it is CONNECTED`;

/** The reason of messages that were not sent because their receiver is offline. */
export const PARTY_OFFLINE = 'party_offline';
