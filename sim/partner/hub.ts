import type { Clock } from '../../src/domain/clock.ts';
import type { Faults, ModuleName } from './faults.ts';
import { ClientInfo, type ClientState, partyName } from './hub/client-info.ts';
import { forward, type HubState } from './hub/forward.ts';
import { type HubServer, openHubServer } from './hub/hub-server.ts';
import type { Partner } from './party.ts';
import type { RecordedRequest, RoutedRequest } from './recording-server.ts';
import type { Edition, PartnerRole, Peer } from './registration.ts';
import { join, type PartnerAnswer, type PartyId, routingHeaders, send } from './wire.ts';

/** Options of a simulated hub. */
export interface HubOptions {
  clock: Clock;
  party?: PartyId;
  edition?: Edition;
  /** Faults of the server that the node talks to. */
  faults?: Faults;
  /** It has no HubClientInfo: the node does not learn from it which parties are behind it. */
  withoutClientInfo?: boolean;
  /** It forwards tokens, too. */
  tokens?: boolean;
  /** Whether the hub replaces each response_url by an address of its own; default true. */
  rewrites?: boolean;
}

/** A simulated hub; `requests` are those of the node. */
export interface Hub extends AsyncDisposable {
  readonly role: PartnerRole;
  readonly versionsUrl: string;
  readonly requests: readonly RecordedRequest[];
  /** Resolves with the first matching request, past or future. */
  waitForRequest(match: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  /** Registers a partner at the hub; a registered node receives the new party. */
  connect(party: Partner, state?: ClientState): Promise<void>;
  /** Lists a party in ClientInfo that is not connected to the hub. */
  list(party: PartnerRole, state?: ClientState): void;
  register(invitation: { token: string; versions_url: string }): Promise<PartnerAnswer>;
  invite(): { token: string; versions_url: string };
  /** Sends the node new credentials, with the parties that are now behind the hub. */
  rotate(): Promise<PartnerAnswer>;
  peer(): Peer;
  /** Changes the status of a party and pushes it to the node, without routing headers (RTE-02). */
  announce(party: PartnerRole, state: ClientState): Promise<PartnerAnswer>;
  /** Changes the status of a party without a push. */
  setState(party: PartyId, state: ClientState): void;
  /** The names of parties that never answer: requests to them end with 4002. */
  readonly timesOut: Set<string>;
  /** Sends any request to the node with the hub's token. */
  send(request: { method: string; url: string; body?: unknown; to?: PartyId; from?: PartyId }): Promise<PartnerAnswer>;
  /** Checks whether the node is reachable (OCPI 2.2.1 §15.1.2). */
  probe(): Promise<PartnerAnswer>;
  behave(faults: Faults): void;
}

/** Opens a hub on loopback: one server for the node, and one for each party behind the hub. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const { clock, edition = '2.2.1', party = { country_code: 'NL', party_id: 'HUB' }, rewrites = true, withoutClientInfo = false, tokens = false } = options;
  const role: PartnerRole = { role: 'HUB', ...party, business_details: { name: 'Foreign HUB' } };
  await using stack = new AsyncDisposableStack();
  const disposables = stack.use(new AsyncDisposableStack());
  const clients = new ClientInfo(clock);
  const timesOut = new Set<string>();
  const servers: HubServer[] = [];
  const state: HubState = { self: role, servers, clients, timesOut, rewritesAddresses: rewrites, sessionOwners: new Map(), resultAddresses: new Map() };
  const open = async (name: string, faults?: Faults): Promise<HubServer> => {
    const extraCredentials = () => hubRoles(edition, role, clients);
    const opened = await openHubServer({ clock, edition, name, role, withoutClientInfo, tokens, extraCredentials, receive, ...(faults && { faults }) });
    disposables.use(opened.server);
    servers.push(opened);
    return opened;
  };
  const receive = (from: HubServer, module: ModuleName, request: RoutedRequest) =>
    module === 'hubclientinfo'
      ? clients.receive(request)
      : // 4003 when the party's server does not answer
        forward({ hub: state, from, module, request }).catch(() => ({ http: 200, code: 4003 }));
  const nodeServer = await open('front', options.faults);
  const announce = async (partner: PartnerRole, clientState: ClientState) => {
    const body = clients.list(partner, clientState);
    const url = join(nodeServer.endpoint('hubclientinfo', 'RECEIVER') ?? '', partner.country_code, partner.party_id);
    return send({ method: 'PUT', url, token: nodeServer.registration.requirePeer().token, body });
  };
  const kept = stack.move();
  return {
    role,
    timesOut,
    ...controlsOf(nodeServer),
    connect: async (partner, clientState = 'CONNECTED') => {
      const partnerServer = await open(partyName(partner.role));
      await partner.register(partnerServer.registration.invite());
      clients.list(partner.role, clientState);
      if (nodeServer.registration.peer) await (edition === '2.2.1' ? announce(partner.role, clientState) : nodeServer.registration.rotate());
    },
    list: (partner, clientState = 'CONNECTED') => void clients.list(partner, clientState),
    setState: (partner, clientState) => clients.setState(partner, clientState),
    announce,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

type NodeControls = Omit<Hub, 'role' | 'timesOut' | 'connect' | 'list' | 'setState' | 'announce' | keyof AsyncDisposable>;

const controlsOf = ({ server, registration }: HubServer): NodeControls => ({
  versionsUrl: server.url('versions'),
  requests: server.requests,
  waitForRequest: (match) => server.waitForRequest(match),
  register: ({ token, versions_url }) => registration.register({ versionsUrl: versions_url, token }),
  invite: () => registration.invite(),
  rotate: () => registration.rotate(),
  peer: () => registration.requirePeer(),
  send: ({ to, from, ...request }) => send({ ...request, token: registration.requirePeer().token, headers: routingHeaders({ to, from }) }),
  probe: () => send({ method: 'GET', url: registration.requirePeer().versionsUrl, token: registration.requirePeer().token }),
  behave: (faults) => server.behave(faults),
});

/** In OCPI 2.2.1 a hub has only its own role, and its parties are in ClientInfo; in OCPI 2.3.0 its roles are those of its parties (§7.3.1). */
const hubRoles = (edition: Edition, { country_code, party_id }: PartnerRole, clients: ClientInfo): object =>
  edition === '2.2.1' ? {} : { roles: clients.roles(), hub_party_id: `${country_code}${party_id}` };
