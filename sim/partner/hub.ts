import type { Clock } from '../../src/domain/clock.ts';
import type { Faults } from './faults.ts';
import { type Board, type Named, nameOf, passOn, routingHeaders } from './hub/forward.ts';
import { openSide, type Side } from './hub/hub-server.ts';
import type { PartnerFace } from './party.ts';
import type { PartnerReply, RecordedRequest, Visit } from './recording-server.ts';
import type { Edition, PartnerRole, Peer } from './registration.ts';
import { join, type PartnerAnswer, send } from './wire.ts';

/** How a party behind a hub is (OCPI 2.2.1 §15.4.1). */
export type ClientState = 'CONNECTED' | 'OFFLINE' | 'PLANNED' | 'SUSPENDED';

export interface HubOptions {
  clock: Clock;
  party?: Named;
  edition?: Edition;
  faults?: Faults;
  /** Whether addresses for results go through the hub; they do when absent. */
  rewrites?: boolean;
}

/** What a hub can be asked to do and shows; what it records is what the node sent to it. */
export interface Hub extends AsyncDisposable {
  readonly role: PartnerRole;
  readonly versionsUrl: string;
  readonly requests: readonly RecordedRequest[];
  waitForRequest(match: (request: RecordedRequest) => boolean): Promise<RecordedRequest>;
  /** A foreign party registers at the hub; a node that is connected already hears of it. */
  connect(party: PartnerFace, state?: ClientState): Promise<void>;
  /** Lists a party in its ClientInfo that is not really there. */
  list(party: PartnerRole, state?: ClientState): void;
  register(invitation: { token: string; versions_url: string }): Promise<PartnerAnswer>;
  invite(): { token: string; versions_url: string };
  /** New credentials for the node, with the parties that are behind it now. */
  rotate(): Promise<PartnerAnswer>;
  peer(): Peer;
  /** Says how a party is from now on, and tells the node; no routing headers (RTE-02). */
  announce(party: PartnerRole, state: ClientState): Promise<PartnerAnswer>;
  /** Knows how a party is, and keeps it to itself. */
  setState(party: Named, state: ClientState): void;
  /** Whose requests run out of time (4002). */
  readonly timesOut: Set<string>;
  /** A request of the test's own with the hub's token. */
  send(request: { method: string; url: string; body?: unknown; to?: Named; from?: Named }): Promise<PartnerAnswer>;
  /** Looks whether the node is alive (OCPI 2.2.1 §15.1.2). */
  probe(): Promise<PartnerAnswer>;
  behave(faults: Faults): void;
}

/** One row of the hub's ClientInfo. */
interface Client {
  role: PartnerRole;
  state: ClientState;
  at: number;
}

/** Opens a foreign hub on loopback: one side towards the node, and one for each party behind it. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const { clock, edition = '2.2.1', party = { country_code: 'NL', party_id: 'HUB' }, rewrites = true } = options;
  const role: PartnerRole = { role: 'HUB', ...party, business_details: { name: 'Foreign HUB' } };
  await using stack = new AsyncDisposableStack();
  const rooms = stack.use(new AsyncDisposableStack());
  const clients = new Map<string, Client>();
  const timesOut = new Set<string>();
  const sides: Side[] = [];
  const board: Board = {
    self: role,
    sides: () => sides,
    state: (it) => [...clients.values()].find((client) => nameOf(client.role) === nameOf(it))?.state ?? 'CONNECTED',
    timesOut,
    rewrites,
    owners: new Map(),
    results: new Map(),
  };
  const open = async (name: string, faults?: Faults): Promise<Side> => {
    const side = await openSide({ clock, edition, name, role, shown: () => shown(edition, role, clients), receive, ...(faults && { faults }) });
    rooms.use(side.platform);
    sides.push(side);
    return side;
  };
  const receive = (side: Side, face: Parameters<typeof passOn>[0]['face'], visit: Visit) =>
    face === 'hubclientinfo'
      ? listClients(clients, visit)
      : // a party whose server is gone is not connected
        passOn({ board, from: side, face, visit }).catch(() => ({ http: 200, code: 4003 }));
  const front = await open('front', options.faults);
  const note = (it: PartnerRole, state: ClientState) => void clients.set(`${it.role} ${nameOf(it)}`, { role: it, state, at: clock.now() });
  const announce = async (it: PartnerRole, state: ClientState) => {
    note(it, state);
    const url = join(front.endpoint('hubclientinfo', 'RECEIVER') ?? '', it.country_code, it.party_id);
    return send({ method: 'PUT', url, token: front.membership.known().token, body: wireOf({ role: it, state, at: clock.now() }) });
  };
  const kept = stack.move();
  return {
    role,
    timesOut,
    ...faceOf(front),
    connect: async (partner, state = 'CONNECTED') => {
      const door = await open(nameOf(partner.role));
      await partner.register(door.membership.invite());
      note(partner.role, state);
      if (front.membership.peer) await (edition === '2.2.1' ? announce(partner.role, state) : front.membership.rotate());
    },
    list: (it, state = 'CONNECTED') => note(it, state),
    setState: (it, state) => {
      for (const client of clients.values()) if (nameOf(client.role) === nameOf(it)) client.state = state;
    },
    announce,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What the hub shows of itself to the node, and says to it in its own words. */
const faceOf = ({ platform, membership }: Side): Omit<Hub, 'role' | 'timesOut' | 'connect' | 'list' | 'know' | 'tell' | keyof AsyncDisposable> => ({
  versionsUrl: platform.url('versions'),
  requests: platform.requests,
  waitForRequest: (match) => platform.heard(match),
  register: ({ token, versions_url }) => membership.register({ versionsUrl: versions_url, token }),
  invite: () => membership.invite(),
  rotate: () => membership.rotate(),
  peer: () => membership.known(),
  send: ({ to, from, ...request }) => send({ ...request, token: membership.known().token, headers: routingHeaders({ to, from }) }),
  probe: () => send({ method: 'GET', url: membership.known().versionsUrl, token: membership.known().token }),
  behave: (faults) => platform.behave(faults),
});

/** 2.2.1: a hub is a role of its own, and its parties stand in ClientInfo; 2.3.0: they are its roles (OCPI §7.3.1). */
const shown = (edition: Edition, { country_code, party_id }: PartnerRole, clients: ReadonlyMap<string, Client>): object =>
  edition === '2.2.1' ? {} : { roles: [...clients.values()].map((it) => it.role), hub_party_id: `${country_code}${party_id}` };

const wireOf = ({ role: { role, country_code, party_id }, state, at }: Client) => ({
  role,
  country_code,
  party_id,
  status: state,
  last_updated: new Date(at).toISOString(),
});

/** Two on a page, so that whoever reads it must turn pages. */
const ON_A_PAGE = 2;
function listClients(clients: ReadonlyMap<string, Client>, { request, query, segments }: Visit): PartnerReply {
  if (request.method !== 'GET' || segments.length > 0) return { http: 405, code: 2000 };
  const all = [...clients.values()].map(wireOf);
  const offset = Number(query.get('offset') ?? 0);
  const next = new URL(request.url);
  next.searchParams.set('offset', String(offset + ON_A_PAGE));
  const more = offset + ON_A_PAGE < all.length;
  const headers = { 'X-Total-Count': String(all.length), 'X-Limit': String(ON_A_PAGE), ...(more && { Link: `<${next.href}>; rel="next"` }) };
  return { http: 200, code: 1000, data: all.slice(offset, offset + ON_A_PAGE), headers };
}
