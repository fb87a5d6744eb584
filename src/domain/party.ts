import { type PartyKey, type PeerId, partyKey } from './ids.ts';

/** A role that this project plays or meets (OCPI 2.2.1 §16.1); others are kept as they come. */
export type Role = 'CPO' | 'EMSP' | 'SCSP' | 'HUB' | 'NAP' | 'NSP' | 'OTHER' | 'PTP';

/** One role of one party, as exchanged in credentials. */
export interface PartyRole {
  role: string;
  country_code: string;
  party_id: string;
  business_details: { name: string; website?: string };
}

export const keyOf = (party: { country_code: string; party_id: string }): PartyKey => partyKey(party.country_code, party.party_id);
/** The parties of a platform, or those of them that play one role. */
export const partiesOf = (roles: readonly PartyRole[], role?: Role): readonly PartyKey[] =>
  roles.filter((it) => role === undefined || it.role === role).map(keyOf);

/** The party that a platform is as a hub; undefined: it is none (CRE-28). */
export const hubOf = (roles: readonly PartyRole[]): PartyKey | undefined => partiesOf(roles, 'HUB')[0];

/** ConnectionStatus (OCPI 2.2.1 §15.4.1): only to a party that is CONNECTED may anything be sent (HCI-01, HCI-03). */
export const CONNECTION_STATES = ['CONNECTED', 'OFFLINE', 'PLANNED', 'SUSPENDED'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A party that a hub speaks for, and whether it can be reached. */
export interface PartyViaHub extends PartyRole {
  status: ConnectionState;
}

/** A module of a peer, where its version details say it is. */
export interface PeerEndpoint {
  identifier: string;
  role: string;
  url: string;
}

export const PEER_STATES = ['INVITED', 'REGISTERING', 'REGISTERED', 'UNREGISTERED'] as const;

/** Another platform that this node is, or may become, connected with. */
export interface Peer {
  id: PeerId;
  status: (typeof PEER_STATES)[number];
  edition: string | undefined;
  roles: readonly PartyRole[];
  endpoints: readonly PeerEndpoint[];
  /** Scheme, host and port that requests to this peer may go to; nowhere else (SEC-01). */
  origins: readonly string[];
  versionsUrl: string | undefined;
  /** Some peers neither send nor read the token in Base64 (TRN-05). */
  tokenStyle: 'base64' | 'raw';
  registeredAt: number | undefined;
}

export const endpointOf = (peer: Peer, identifier: string, role: 'SENDER' | 'RECEIVER') =>
  peer.endpoints.find((it) => it.identifier === identifier && it.role === role)?.url;
