import { type PartyKey, type PeerId, partyKey } from './ids.ts';

/** The roles of OCPI (OCPI 2.2.1 §16.1). A role from outside that is none of these is stored as received. */
export type Role = 'CPO' | 'EMSP' | 'SCSP' | 'HUB' | 'NAP' | 'NSP' | 'OTHER' | 'PTP';

/** One role of one party, as exchanged in credentials. */
export interface PartyRole {
  role: string;
  country_code: string;
  party_id: string;
  business_details: { name: string; website?: string };
}

/** The key of the party in an object of OCPI. */
export const keyOf = (party: { country_code: string; party_id: string }): PartyKey => partyKey(party.country_code, party.party_id);
/** The parties of a platform, or only those with one role. */
export const partiesOf = (roles: readonly PartyRole[], role?: Role): readonly PartyKey[] =>
  roles.filter((it) => role === undefined || it.role === role).map(keyOf);

/** The HUB party of a platform; undefined: the platform is not a hub (CRE-28). */
export const hubOf = (roles: readonly PartyRole[]): PartyKey | undefined => partiesOf(roles, 'HUB')[0];

/** ConnectionStatus (OCPI 2.2.1 §15.4.1). Messages go only to a party that is CONNECTED (HCI-01, HCI-03). */
export const CONNECTION_STATES = ['CONNECTED', 'OFFLINE', 'PLANNED', 'SUSPENDED'] as const;
/** One entry of `CONNECTION_STATES`. */
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A party that is reached through a hub, with its connection state. */
export interface PartyViaHub extends PartyRole {
  status: ConnectionState;
}

/** The URL of one module of a peer, from its version details. */
export interface PeerEndpoint {
  identifier: string;
  role: string;
  url: string;
}

/** The states of a peer's registration. */
export const PEER_STATES = ['INVITED', 'REGISTERING', 'REGISTERED', 'UNREGISTERED'] as const;

/** Another platform that this node is registered with, was, or may become. */
export interface Peer {
  id: PeerId;
  status: (typeof PEER_STATES)[number];
  edition: string | undefined;
  roles: readonly PartyRole[];
  endpoints: readonly PeerEndpoint[];
  /** Scheme, host and port of each origin that requests to this peer may go to; no other is allowed (SEC-01). */
  origins: readonly string[];
  versionsUrl: string | undefined;
  /** `raw`: this peer neither sends nor reads the token in Base64 (TRN-05). */
  tokenStyle: 'base64' | 'raw';
  registeredAt: number | undefined;
}

/** The URL of a module of a peer in one interface role; undefined when the peer does not offer it. */
export const endpointOf = (peer: Peer, identifier: string, role: 'SENDER' | 'RECEIVER') =>
  peer.endpoints.find((it) => it.identifier === identifier && it.role === role)?.url;
