import type { Clock } from '../../src/domain/clock.ts';
import { type Random, seeded } from '../random.ts';
import type { Faults, ModuleName } from './faults.ts';
import { type PartnerReply, Platform, type RecordedRequest, type Visit } from './recording-server.ts';
import { type Edition, type Endpoint, Membership, type PartnerRole, type Peer } from './registration.ts';
import { type PartnerAnswer, send } from './wire.ts';

export interface PartyOptions {
  clock: Clock;
  party?: { country_code: string; party_id: string; name?: string };
  edition?: Edition;
  random?: Random;
  port?: number;
  /** Presents its tokens as they are, not in Base64. */
  rawToken?: boolean;
  /** Where its interfaces lie; a path may have a query of its own, which callers must keep. */
  paths?: Partial<Record<ModuleName, string>>;
  /** Other parties that its platform speaks for as well. */
  moreRoles?: readonly PartnerRole[];
  /** Whom its requests are for; `undefined` from it: open routing. The first of the peer's roles that fits, when the test names none. */
  addressee?: () => { country_code: string; party_id: string } | undefined;
  faults?: Faults;
  /** Has nothing to do with locations. */
  withoutLocations?: boolean;
  extraVersions?: readonly { version: string; url: string }[];
  extraEndpoints?: readonly Endpoint[];
}

export interface Interfaces {
  role: 'EMSP' | 'CPO' | 'SCSP';
  /** The party id taken when the test names none. */
  partyId: string;
  locations: Endpoint['role'];
  sessions: Endpoint['role'];
  chargingprofiles: Endpoint['role'];
  /** Absent: it offers no tokens. */
  tokens?: Endpoint['role'] | undefined;
  receive: (face: ModuleName, visit: Visit) => PartnerReply | Promise<PartnerReply>;
}

/** What every foreign party is: a server that records, a membership, and a way to speak to the peer. */
export interface Party {
  platform: Platform;
  membership: Membership;
  clock: Clock;
  random: Random;
  role: PartnerRole;
  /** Where the peer's interface lies. */
  endpoint(identifier: string, role: Endpoint['role']): string;
  /** A request of a functional module, with the routing headers. */
  send(request: { method: string; url: string; body?: unknown; token?: string; headers?: Record<string, string> }): Promise<PartnerAnswer>;
}

/** Opens the server of a foreign party with its versions and credentials; what else it offers, `interfaces` says. */
export async function openParty(options: PartyOptions, interfaces: Interfaces): Promise<Party> {
  const { clock, edition = '2.2.1', rawToken = false } = options;
  const random = options.random ?? seeded(`${interfaces.role} ${options.party?.party_id ?? interfaces.partyId}`);
  const role = roleOf(options, interfaces);
  const platform: Platform = new Platform({
    clock,
    paths: { ...pathsOf(interfaces.role.toLowerCase(), edition), ...options.paths },
    receive: (face, visit) => receive(face, visit),
    ...(options.faults && { faults: options.faults }),
    ...(options.port !== undefined && { port: options.port }),
  });
  const modules = () => [
    ...(options.withoutLocations ? [] : [{ identifier: 'locations', role: interfaces.locations, url: platform.url('locations') }]),
    { identifier: 'sessions', role: interfaces.sessions, url: platform.url('sessions') },
    { identifier: 'chargingprofiles', role: interfaces.chargingprofiles, url: platform.url('chargingprofiles') },
    ...(interfaces.tokens ? [{ identifier: 'tokens', role: interfaces.tokens, url: platform.url('tokens') }] : []),
    ...(options.extraEndpoints ?? []),
  ];
  const membership: Membership = new Membership({
    platform,
    random,
    edition,
    role,
    moreRoles: options.moreRoles ?? [],
    rawToken,
    modules,
    extraVersions: options.extraVersions ?? [],
  });
  const receive = (face: ModuleName, visit: Visit): Promise<PartnerReply> => admit({ membership, interfaces }, face, visit);
  await platform.open();
  return {
    platform,
    membership,
    clock,
    random,
    role,
    endpoint: (identifier, interfaceRole) => endpointOf(membership, identifier, interfaceRole),
    send: ({ token, headers, ...request }) =>
      send({
        ...request,
        rawToken,
        token: token ?? membership.known().token,
        headers: { ...routing(role, options.addressee ?? (() => usual(membership, interfaces))), ...headers },
      }),
  };
}

async function admit({ membership, interfaces }: { membership: Membership; interfaces: Interfaces }, face: ModuleName, visit: Visit): Promise<PartnerReply> {
  const configuring = face === 'versions' || face === 'details' || face === 'credentials';
  if (!membership.admits(visit.tokens, { invited: configuring })) return { http: 401, code: 2000 };
  if (face === 'versions') return membership.versions();
  if (face === 'details') return membership.details();
  return face === 'credentials' ? membership.credentials(visit) : interfaces.receive(face, visit);
}

function roleOf({ party }: PartyOptions, { role, partyId }: Interfaces): PartnerRole {
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

function endpointOf(membership: Membership, identifier: string, role: Endpoint['role']): string {
  const { endpoints } = membership.known();
  const found = endpoints.find((endpoint) => endpoint.identifier === identifier && endpoint.role === role);
  if (!found)
    throw new Error(
      `The node offers no ${identifier} as ${role}; it offers ${endpoints.map((endpoint) => `${endpoint.identifier} ${endpoint.role}`).join(', ')}.`,
    );
  return found.url;
}

/** A CPO speaks to an eMSP, the others to a CPO; the first of the peer's roles where it has no such one. */
function usual(membership: Membership, { role }: Interfaces): PartnerRole | undefined {
  const { roles } = membership.known();
  return roles.find((other) => (other.role === 'CPO') !== (role === 'CPO')) ?? roles[0];
}

function routing(own: PartnerRole, addressee: NonNullable<PartyOptions['addressee']>): Record<string, string> {
  const to = addressee();
  return {
    'OCPI-from-country-code': own.country_code,
    'OCPI-from-party-id': own.party_id,
    ...(to && { 'OCPI-to-country-code': to.country_code, 'OCPI-to-party-id': to.party_id }),
  };
}

/** What every partner shows of itself. */
export interface PartnerFace extends AsyncDisposable {
  readonly versionsUrl: string;
  readonly role: PartnerRole;
  /** Every request that came, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Resolves with the first request that matches; those that came already count. */
  waitForRequest(match: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  /** Registers at a node with an invitation; the node's answer to POST credentials comes back. */
  register(invitation: { token: string; versions_url: string }): Promise<PartnerAnswer>;
  /** Changes its token and learns the node's new one. */
  rotate(): Promise<PartnerAnswer>;
  unregister(): Promise<PartnerAnswer>;
  /** An invitation for a node that is to register here. */
  invite(): { token: string; versions_url: string };
  /** The node, once credentials have been exchanged. */
  peer(): Peer;
  /** A request of the test's own, with the right headers; `token` and `headers` stand over them. */
  send: Party['send'];
  behave(faults: Faults): void;
}

/** The face that all parties have in common. */
export function faceOf({ platform, membership, role, send }: Party): PartnerFace {
  return {
    role,
    send,
    requests: platform.requests,
    versionsUrl: platform.url('versions'),
    waitForRequest: (match) => platform.heard(match),
    register: (invitation) => membership.register({ versionsUrl: invitation.versions_url, token: invitation.token }),
    rotate: () => membership.rotate(),
    unregister: () => membership.unregister(),
    invite: () => membership.invite(),
    peer: () => membership.known(),
    behave: (faults) => platform.behave(faults),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}
