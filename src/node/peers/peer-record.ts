import type { PeerId } from '../../domain/ids.ts';
import type { Peer } from '../../domain/party.ts';
import type { StoredPeer } from '../../store/sql/peer.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** The record of a peer that is not registered yet. */
export const newPeerRecord = (id: PeerId, status: 'INVITED' | 'REGISTERING'): StoredPeer => ({
  id,
  status,
  edition: undefined,
  roles: [],
  endpoints: [],
  origins: [],
  versionsUrl: undefined,
  tokenStyle: 'base64',
  registeredAt: undefined,
  encryptedToken: undefined,
});

/** The record of a known peer: without parties behind it and without its token. */
export const recordOf = ({ originSet: _, token: __, behind: ___, ownRoles, ...peer }: KnownPeer): Peer => ({ ...peer, roles: ownRoles });

/** Why a command about a peer is refused. */
export const notRegistered = (id: PeerId): string => `${id} is not registered: evenkeel peers lists those that are`;
