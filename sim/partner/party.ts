import type { Clock } from '../../src/domain/clock.ts';
import { type Random, seeded } from '../random.ts';
import type { Faults, ModuleName } from './faults.ts';
import { type PartnerReply, type RecordedRequest, RecordingServer, type RoutedRequest } from './recording-server.ts';
import { type Edition, type Endpoint, type PartnerRole, type Peer, Registration } from './registration.ts';
import { type PartnerAnswer, type PartyId, routingHeaders, send } from './wire.ts';

/** Options of a simulated partner. */
export interface PartyOptions {
  clock: Clock;
  party?: PartyId & { name?: string };
  edition?: Edition;
  random?: Random;
  port?: number;
  /** Sends its tokens without Base64 encoding. */
  rawToken?: boolean;
  /** Reads tokens without Base64 encoding only. */
  readsRawTokenOnly?: boolean;
  /** The paths of its modules; a path may have a query, which callers must keep. */
  paths?: Partial<Record<ModuleName, string>>;
  /** Further parties of its platform. */
  moreRoles?: readonly PartnerRole[];
  /** The receiver in the routing headers of its requests; undefined: no receiver (open routing). Default: the peer's first suitable role. */
  addressee?: () => PartyId | undefined;
  faults?: Faults;
  /** Offers no locations module. */
  withoutLocations?: boolean;
  extraVersions?: readonly { version: string; url: string }[];
  extraEndpoints?: readonly Endpoint[];
}

/** The role and the module interfaces that distinguish one kind of partner from another. */
export interface PartyInterfaces {
  role: 'EMSP' | 'CPO' | 'SCSP';
  /** The default party id. */
  partyId: string;
  locations: Endpoint['role'];
  sessions: Endpoint['role'];
  chargingprofiles: Endpoint['role'];
  /** Absent: no tokens module. */
  tokens?: Endpoint['role'] | undefined;
  /** Handles requests of functional modules. */
  receive: (module: ModuleName, request: RoutedRequest) => PartnerReply | Promise<PartnerReply>;
}

/** What every kind of partner is built on: a recording server, a registration, and a client for the peer. */
export interface Party {
  server: RecordingServer;
  registration: Registration;
  clock: Clock;
  random: Random;
  role: PartnerRole;
  /** The URL of the peer's interface; throws when the peer has none. */
  endpoint(identifier: string, role: Endpoint['role']): string;
  /** Sends a request of a functional module, with routing headers. */
  send(request: { method: string; url: string; body?: unknown; token?: string; headers?: Record<string, string> }): Promise<PartnerAnswer>;
}

/** Opens the server of a partner on loopback, with its versions, its credentials and the modules that `interfaces` names. */
export async function openParty(options: PartyOptions, interfaces: PartyInterfaces): Promise<Party> {
  const { clock, edition = '2.2.1', rawToken = false, readsRawTokenOnly = false, moreRoles = [], extraVersions = [] } = options;
  const random = options.random ?? seeded(`${interfaces.role} ${options.party?.party_id ?? interfaces.partyId}`);
  const role = roleOf(options, interfaces);
  const server: RecordingServer = new RecordingServer({
    clock,
    paths: { ...pathsOf(interfaces.role.toLowerCase(), edition), ...options.paths },
    receive: (module, request) => registration.receive(module, request, () => interfaces.receive(module, request)),
    ...(options.faults && { faults: options.faults }),
    ...(options.port !== undefined && { port: options.port }),
  });
  const endpoints = () => [
    ...(options.withoutLocations ? [] : [{ identifier: 'locations', role: interfaces.locations, url: server.url('locations') }]),
    { identifier: 'sessions', role: interfaces.sessions, url: server.url('sessions') },
    { identifier: 'chargingprofiles', role: interfaces.chargingprofiles, url: server.url('chargingprofiles') },
    ...(interfaces.tokens ? [{ identifier: 'tokens', role: interfaces.tokens, url: server.url('tokens') }] : []),
    ...(options.extraEndpoints ?? []),
  ];
  const registration: Registration = new Registration({ server, random, edition, role, moreRoles, rawToken, readsRawTokenOnly, endpoints, extraVersions });
  await server.open();
  return {
    server,
    registration,
    clock,
    random,
    role,
    endpoint: (identifier, interfaceRole) => endpointOf(registration, identifier, interfaceRole),
    send: ({ token, headers, ...request }) =>
      send({
        ...request,
        rawToken,
        token: token ?? registration.requirePeer().token,
        headers: { ...routingHeaders({ from: role, to: options.addressee ? options.addressee() : defaultAddressee(registration, interfaces) }), ...headers },
      }),
  };
}

function roleOf({ party }: PartyOptions, { role, partyId }: PartyInterfaces): PartnerRole {
  const { country_code = 'NL', party_id = partyId, name = `Foreign ${role}` } = party ?? {};
  return { role, country_code, party_id, business_details: { name } };
}

function pathsOf(role: string, edition: Edition): Record<ModuleName, string> {
  const base = `/ocpi/${role}/${edition}`;
  return {
    versions: '/ocpi/versions',
    details: `/ocpi/${edition}`,
    credentials: `/ocpi/${edition}/credentials`,
    locations: `${base}/locations`,
    sessions: `${base}/sessions`,
    chargingprofiles: `${base}/chargingprofiles`,
    tokens: `${base}/tokens`,
    callback: `${base}/results`,
    hubclientinfo: `${base}/hubclientinfo`,
  };
}

function endpointOf(registration: Registration, identifier: string, role: Endpoint['role']): string {
  const { endpoints } = registration.requirePeer();
  const found = endpoints.find((endpoint) => endpoint.identifier === identifier && endpoint.role === role);
  if (!found)
    throw new Error(
      `The node offers no ${identifier} as ${role}; it offers ${endpoints.map((endpoint) => `${endpoint.identifier} ${endpoint.role}`).join(', ')}.`,
    );
  return found.url;
}

/** The peer's role that a partner sends to: for a CPO one that is not a CPO, for the others a CPO; else the peer's first role. */
function defaultAddressee(registration: Registration, { role }: PartyInterfaces): PartnerRole | undefined {
  const { roles } = registration.requirePeer();
  return roles.find((other) => (other.role === 'CPO') !== (role === 'CPO')) ?? roles[0];
}

/** What every simulated partner offers to a test. */
export interface Partner extends AsyncDisposable {
  readonly versionsUrl: string;
  readonly role: PartnerRole;
  /** All received requests, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Resolves with the first matching request, past or future. */
  waitForRequest(match: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  /** Registers at a node with an invitation; returns the node's answer to POST credentials. */
  register(invitation: { token: string; versions_url: string }): Promise<PartnerAnswer>;
  /** Sends the node a new token and stores the one that the node returns. */
  rotate(): Promise<PartnerAnswer>;
  unregister(): Promise<PartnerAnswer>;
  /** Makes an invitation for a node that is to register here. */
  invite(): { token: string; versions_url: string };
  /** The registered node; throws when there is none. */
  peer(): Peer;
  /** Sends any request with the usual headers; `token` and `headers` replace them. */
  send: Party['send'];
  /** Sets the faults of its server. */
  behave(faults: Faults): void;
  /** From now on it reads tokens without Base64 encoding only. */
  readRawTokenOnly(): void;
}

/** The part of a partner that is the same for all kinds. */
export function partnerOf({ server, registration, role, send }: Party): Partner {
  return {
    role,
    readRawTokenOnly: () => registration.readRawTokenOnly(),
    send,
    requests: server.requests,
    versionsUrl: server.url('versions'),
    waitForRequest: (match) => server.waitForRequest(match),
    register: (invitation) => registration.register({ versionsUrl: invitation.versions_url, token: invitation.token }),
    rotate: () => registration.rotate(),
    unregister: () => registration.unregister(),
    invite: () => registration.invite(),
    peer: () => registration.requirePeer(),
    behave: (faults) => server.behave(faults),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
