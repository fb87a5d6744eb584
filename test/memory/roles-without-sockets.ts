import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type VirtualClock, virtualClock } from '../../sim/index.ts';
import { peerId, type StationId, stationId } from '../../src/domain/ids.ts';
import { keyOf, type PartyRole } from '../../src/domain/party.ts';
import type { Abilities } from '../../src/domain/station.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { bindingsOf } from '../../src/node/compose/all-bindings.ts';
import { compose, type Roles } from '../../src/node/compose/compose.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import type { Context } from '../../src/node/core/context.ts';
import type { KnownPeer } from '../../src/node/core/known-peers.ts';
import { openContext } from '../../src/node/core/open-context.ts';
import { stationHostOf } from '../../src/node/open-stations.ts';
import { saveConfiguredAgreements } from '../../src/node/rights/agreements.ts';
import type { Endpoint } from '../../src/ocpi/endpoint.ts';
import type { Station, StationHost } from '../../src/ocpp/station.ts';
import { newSecret } from '../../src/store/encryption.ts';
import { replaceParties, savePeer } from '../../src/store/sql/peer.ts';

/** The roles of a node with a store in memory. Nothing listens: tests call what the servers would call. */
export interface RolesWithoutSockets extends AsyncDisposable {
  context: Context;
  clock: VirtualClock;
  roles: Roles;
  /** Registers a peer that answers every request with success. */
  register(role: PartyRole): Promise<KnownPeer>;
  /** Answers a request of a peer as the server for OCPI would; fails unless it is answered with success. */
  receive(peer: KnownPeer, endpoint: Endpoint, request: Received): Promise<void>;
  /** Connects a charge point that accepts every request. */
  connect(name: string): Promise<Station>;
  host: StationHost;
  /** Errors that the node reported. */
  errors: readonly string[];
  /** The sizes of all collections in memory, by the names of `evenkeel_kept`. */
  kept(): Promise<Readonly<Record<string, number>>>;
  /** Drops the messages that are kept in memory for a day, as the job does. */
  forgetOldMessages(): void;
}

/** What differs between the requests of a peer. */
interface Received {
  params: object;
  body: object;
  /** The party that the request is for. */
  to: PartyRole;
}

const abilities: Abilities = { smartCharging: true, compositeSchedule: true, units: ['A'], maxStackLevel: 8, maxPeriods: 24, minProfileId: 1 };

export async function openRoles(settings: object): Promise<RolesWithoutSockets> {
  const parsed = parseConfig(JSON.stringify({ public_url: 'http://127.0.0.1:1', database: ':memory:', insecure_http: true, ...settings }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  await using stack = new AsyncDisposableStack();
  const platform = await openPlatform(stack);
  const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 9)));
  const errors: string[] = [];
  const log = (level: string, event: string, facts: object) => void (level === 'error' && errors.push(`${event} ${JSON.stringify(facts)}`));
  const context = await openContext(parsed.value, { clock, log, stack });
  await saveConfiguredAgreements({ ...context, now: clock.now() });
  const roles = compose(context);
  await roles.recover();
  const stations = new Map<StationId, Station>();
  const { cpo } = roles;
  if (cpo) cpo.stations.server = serverOf(stations);
  const host = cpo ? stationHostOf(context, cpo) : undefined;
  const all = stack.move();
  return {
    context,
    clock,
    roles,
    errors,
    register: (role) => register(context, platform, role),
    receive: receiver(context, roles),
    get host() {
      if (!host) throw new Error('only a CPO has charge points');
      return host;
    },
    connect: async (name) => {
      const station = acceptingStation(stationId(name));
      stations.set(station.id, station);
      await host?.connected(station);
      await host?.received(station, { kind: 'abilities-learnt', abilities });
      return station;
    },
    kept: async () => keptIn(await context.metrics.text()),
    forgetOldMessages: () => {
      context.stationMessages.forgetOld();
      context.peerMessages.forgetOld();
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function receiver(context: Context, roles: Roles): RolesWithoutSockets['receive'] {
  const bindings = bindingsOf(context, roles);
  return async (peer, endpoint, { params, body, to }) => {
    const binding = bindings.find((it) => it.endpoint === endpoint);
    const ids = { requestId: context.newId(), correlationId: context.newId() };
    const headers = { ...ids, from: peer.roles.map(partyNameOf)[0], to: partyNameOf(to) };
    const caller = { peer, scope: 'ALL' as const, token: { text: '', style: 'base64' as const } };
    const request = { peer, caller, edition: '2.2.1' as const, params, query: {}, body, headers, url: '', text: JSON.stringify(body) };
    const reply = await binding?.answer(request as Parameters<typeof binding.answer>[0]);
    if (reply?.code !== 1000) throw new Error(`${endpoint.module}: ${JSON.stringify(reply)}`);
  };
}

const partyNameOf = ({ country_code, party_id }: PartyRole) => ({ countryCode: country_code, partyId: party_id });

const keptIn = (metrics: string) =>
  Object.fromEntries([...metrics.matchAll(/^evenkeel_kept\{what="([^"]+)"\} (\d+)$/gm)].map(([, what = '', size]) => [what, Number(size)]));

const serverOf = (stations: ReadonlyMap<StationId, Station>) => ({
  port: 0,
  station: (id: StationId) => stations.get(id),
  stations: () => [...stations.values()],
  csmsOf: () => undefined,
  kept: () => ({ stations: stations.size, guesses: 0 }),
  counts: () => ({}),
  [Symbol.asyncDispose]: async () => undefined,
});

const acceptingStation = (id: StationId): Station => ({
  id,
  version: '2.0.1',
  epoch: 1,
  abilities: () => abilities,
  send: async ({ claim }) => ((await claim()) ? { is: 'ACCEPTED' } : { is: 'NOT_SENT', because: 'unclaimed' }),
  askAbilities: async () => ({ is: 'ANSWERED', status: 'Stated' }),
  trigger: async () => ({ is: 'ANSWERED', status: 'Accepted' }),
  pending: () => 0,
  heardAt: () => epochMillis(0),
  close: () => undefined,
});

/** An OCPI platform that accepts every request, and posts no results. */
async function openPlatform(stack: AsyncDisposableStack): Promise<string> {
  const answer = JSON.stringify({ status_code: 1000, timestamp: '2026-01-31T09:00:00Z', data: { result: 'ACCEPTED', timeout: 30 } });
  const server: Server = createServer((request, response) => {
    request.resume();
    request.once('end', () => response.setHeader('Content-Type', 'application/json').end(answer));
  });
  stack.defer(() => new Promise<void>((closed) => server.close(() => closed())));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const MODULES = [
  ['sessions', 'RECEIVER'],
  ['locations', 'RECEIVER'],
  ['chargingprofiles', 'SENDER'],
  ['chargingprofiles', 'RECEIVER'],
] as const;

async function register({ store, encryption, peers, clock }: Context, origin: string, role: PartyRole): Promise<KnownPeer> {
  const id = peerId(keyOf(role));
  const peer = {
    id,
    status: 'REGISTERED' as const,
    edition: '2.2.1',
    roles: [role],
    endpoints: MODULES.map(([identifier, side]) => ({ identifier, role: side, url: `${origin}/${identifier}` })),
    origins: [origin],
    versionsUrl: `${origin}/versions`,
    tokenStyle: 'base64' as const,
    registeredAt: clock.now(),
    encryptedToken: encryption.encrypt(newSecret()),
  };
  await store.commit([savePeer(peer, clock.now()), ...replaceParties(peer)]);
  peers.clearCache();
  const known = await peers.find(id);
  if (!known) throw new Error(`${id} is not stored`);
  return known;
}
