import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { StationId } from '../../domain/ids.ts';
import { seconds } from '../../domain/units.ts';
import { type BareStation, type ConnectOptions, connectStation, openWorld, type World } from '../bare-station.fixture.ts';
import type { StationServerOptions } from '../server-options.ts';
import type { StationHost } from '../station.ts';
import { Keep } from './keep.ts';
import { fakeStore, KeptDisk } from './kept-store.fixture.ts';
import type { Observed } from './observe.ts';
import { type Gateway, type Upstream, urlFor } from './upstream.ts';

/** A CSMS that is only a socket: it sends what the test makes it send. */
export interface BareCsms extends AsyncDisposable {
  url: string;
  /** Connections, oldest first, with their request line and headers. */
  connections: { socket: WebSocket; url: string; authorization: string | undefined; protocol: string }[];
  /** The newest connection. */
  socket(): WebSocket;
  /** Resolves with the next message that was not returned before, byte for byte. */
  nextMessage(): Promise<Buffer>;
  /** Messages that arrived and were not returned. */
  unread(): readonly string[];
  /** Resolves when another connection is open. */
  nextConnection(): Promise<WebSocket>;
}

/** How a bare CSMS lets stations in. */
export interface CsmsTraits {
  /** Chooses the subprotocol; default: the first that is offered. */
  choose?: (offered: readonly string[]) => string | false;
  /** Refuses with this HTTP status. */
  refuse?: () => number | undefined;
  autoPong?: boolean;
}

/** Opens a CSMS on a free port. */
export async function openBareCsms({ choose = ([first]) => first ?? false, refuse = () => undefined, autoPong = true }: CsmsTraits = {}): Promise<BareCsms> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    autoPong,
    handleProtocols: (offered) => choose([...offered]),
    verifyClient: (_info, done) => {
      const status = refuse();
      done(status === undefined, status);
    },
  });
  await once(server, 'listening');
  const connections: BareCsms['connections'] = [];
  const messages: Buffer[] = [];
  const readers: ((message: Buffer) => void)[] = [];
  const watchers: ((socket: WebSocket) => void)[] = [];
  server.on('connection', (socket, request) => {
    connections.push({ socket, url: request.url ?? '', authorization: request.headers.authorization, protocol: socket.protocol });
    socket.on('message', (data: Buffer) => {
      const reader = readers.shift();
      if (reader) reader(data);
      else messages.push(data);
    });
    socket.on('error', () => socket.terminate());
    for (const watcher of watchers.splice(0)) watcher(socket);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms/{id}`,
    connections,
    socket: () => {
      const last = connections.at(-1);
      if (!last) throw new Error('no station has connected');
      return last.socket;
    },
    nextMessage: () => {
      const message = messages.shift();
      return message ? Promise.resolve(message) : new Promise((done) => readers.push(done));
    },
    unread: () => messages.map(String),
    nextConnection: () => new Promise((done) => watchers.push(done)),
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** A server whose stations are behind a bare CSMS. */
export interface PairWorld extends World {
  /** What is kept for the stations; all have one disk. */
  disk: KeptDisk;
  observed: Observed[];
  letIn: Map<StationId, { protocol: string; authorization: string | undefined }>;
  station(options?: ConnectOptions): Promise<BareStation>;
}

/** Replaces parts of a world of pairs. */
export interface PairOptions {
  upstream?: Partial<Upstream>;
  server?: Partial<StationServerOptions>;
  host?: Partial<StationHost>;
}

/** Opens a server whose stations CP1 to CP9 are behind a CSMS, which checks their passwords. */
export async function openPairs(csms: Pick<BareCsms, 'url'>, { upstream = {}, server = {}, host = {} }: PairOptions = {}): Promise<PairWorld> {
  const observed: Observed[] = [];
  const letIn: PairWorld['letIn'] = new Map();
  const disk = new KeptDisk();
  const keeps = new Map<StationId, Promise<Keep>>();
  const gateway: Gateway = {
    upstreamOf: (id) => ({ url: urlFor(csms.url, id), authorization: 'pass', whenAway: 'keep', acts: true, dial: dialLoopback, ...upstream }),
    isConfigured: (id) => /^CP\d$/.test(id),
    lastLetIn: async (id) => {
      const last = letIn.get(id);
      return last && { protocol: last.protocol, matches: (shown) => shown === last.authorization };
    },
    letIn: async (id, shown) => void letIn.set(id, shown),
    keepFor: async ({ id: station, version }) => {
      const policy = { messages: 100, days: 7, heartbeat: seconds(300) };
      const options = { station, version, policy, store: fakeStore(disk), clock: world.clock, decide: async () => ({ status: 'Accepted' as const }) };
      const keep = keeps.get(station) ?? Keep.open({ ...options, log: () => undefined, count: () => undefined });
      keeps.set(station, keep);
      return keep;
    },
    csmsCalled: async (_station, it) => void observed.push(it),
  };
  const world: World = await openWorld({ credentialOf: () => undefined, gateway, ...server }, host);
  return { ...world, disk, observed, letIn, station: (options) => connectStation(world.server.port, options) };
}

const dialLoopback: Upstream['dial'] = async ({ hostname, port }) => {
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  return socket;
};
