import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createGuardedClient } from '../delivery/guard/guarded-client.ts';
import type { Clock } from '../domain/clock.ts';
import { epochMillis } from '../domain/units.ts';
import type { Authenticate } from '../ocpi/binding.ts';
import { editions } from '../ocpi/editions.ts';
import { serveOcpi } from '../ocpi/serve.ts';
import { keyFileFor, openSeal, openStore } from '../store/open.ts';
import { allStationsGone } from '../store/sql/station.ts';
import { cpoBindings, credentialsBindings, emspBindings } from './bindings.ts';
import { startChores } from './chores.ts';
import { compose, openStations } from './compose.ts';
import type { Config } from './config.ts';
import type { Ground } from './ground.ts';
import { createJournal, type Journal, type Step } from './journal.ts';
import { createApp, listenOn, portOr } from './listen.ts';
import { createMetrics } from './metrics.ts';
import type { OwnSessions } from './own-sessions.ts';
import { createPeers, type KnownPeer } from './peers.ts';
import type { Registration } from './registration.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, event: string, facts: Readonly<Record<string, unknown>>) => void;

/** Where a node gets its time and leaves its words; both have defaults that suit a server. */
export interface NodeOptions {
  clock?: Clock;
  log?: Log;
}

/** A running node: all its roles, its store and its sockets, until it is disposed. */
export interface Node extends AsyncDisposable {
  publicUrl: string;
  /** Absent: the node has no charge points. */
  ocppPort: number | undefined;
  journal: Journal;
  registration: Registration;
  /** Reservations, which only the operator makes (SES-10 to SES-13). */
  reserve: OwnSessions['reserve'];
  endReservation: OwnSessions['endReservation'];
}

const VERSION = '0.1.0';

/** Starts a node: opens its store, takes up what an earlier run left open, and listens; rejects, with nothing left running, when it cannot. */
export async function createNode(given: Config, options: NodeOptions = {}): Promise<Node> {
  const config = { ...given };
  const clock = options.clock ?? machineClock;
  const log: Log = options.log ?? (() => undefined);
  await using stack = new AsyncDisposableStack();
  const ground = await lay(config, { clock, log, stack });
  const roles = compose(ground);

  const app = createApp(config.listen, clock);
  stack.defer(() => app.close());
  const bindings = [
    ...credentialsBindings(roles.registration),
    ...(roles.cpo ? cpoBindings(ground, roles.cpo.desk) : []),
    ...(roles.emsp ? emspBindings(roles.emsp.sessions, roles.emsp.sender) : []),
  ];
  serveOcpi<KnownPeer>({
    app,
    publicUrl: () => config.public_url,
    editions,
    bindings,
    clock,
    authenticate: authenticator(ground, roles.registration),
    log: (event) => log(event.event === 'failed' ? 'error' : 'debug', event.event, event),
  });
  app.get('/health', async () => ({ status: 'ready' }));
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await ground.metrics.text()));

  await roles.recover();
  if (config.ocpp && roles.cpo) {
    const opening = openStations(ground, roles.cpo, tlsOf(config.ocpp.tls), (level, event, facts) => log(level, event, facts));
    const server = await portOr(opening, `${config.ocpp.host}:${config.ocpp.port}`, 'ocpp.port');
    if (server) roles.cpo.stations.server = stack.use(server);
  }
  const port = await listenOn(app, config.listen);
  if (config.listen.port === 0) config.public_url = `http://${config.listen.host}:${port}`;
  stack.defer(startChores(ground, roles.chores));
  await roles.chores.pullSessions();
  const running = stack.move();
  return {
    publicUrl: config.public_url,
    ocppPort: roles.cpo?.stations.server?.port,
    journal: ground.journal,
    registration: roles.registration,
    reserve: roles.cpo ? roles.cpo.sessions.reserve : async () => undefined,
    endReservation: roles.cpo ? roles.cpo.sessions.endReservation : async () => undefined,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const machineClock: Clock = {
  now: () => epochMillis(Date.now()),
  after: (milliseconds, then) => {
    const timer = setTimeout(then, Math.min(milliseconds, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

async function lay(config: Config, { clock, log, stack }: { clock: Clock; log: Log; stack: AsyncDisposableStack }): Promise<Ground> {
  const store = stack.use(await openStore(config.database));
  const seal = openSeal(config.database === ':memory:' ? undefined : (config.key_file ?? keyFileFor(config.database)));
  const client = stack.use(createGuardedClient({ userAgent: `evenkeel/${VERSION}`, insecureHttp: config.insecure_http }));
  const journal = createJournal((step: Step) =>
    log(step.step.startsWith('peer') || step.step.startsWith('station-') ? 'info' : 'debug', step.step, { ...step }),
  );
  const complain = (what: string, error: unknown) => log('error', 'failed', { what, error: error instanceof Error ? error.message : String(error) });
  await store.commit([allStationsGone]);
  return { config, store, seal, clock, client, journal, metrics: createMetrics(), peers: createPeers(store, seal, clock), draw: randomUUID, complain };
}

const tlsOf = (files: { cert: string; key: string; ca?: string } | undefined) =>
  files && {
    cert: readFileSync(files.cert, 'utf8'),
    key: readFileSync(files.key, 'utf8'),
    ...(files.ca !== undefined && { ca: readFileSync(files.ca, 'utf8') }),
  };

/** Who shows a token: looked up by its hash, so that time tells nothing about it (SEC-09). */
const authenticator =
  (ground: Ground, registration: Registration): Authenticate<KnownPeer> =>
  async (tokens) => {
    for (const token of tokens) {
      const bearer = await ground.peers.bearer(token.text);
      if (!bearer) continue;
      if (bearer.kind === 'ACCESS') await registration.settle(bearer.peer, bearer.hash);
      return { peer: bearer.peer, scope: bearer.kind === 'ACCESS' ? 'ALL' : 'REGISTRATION', token };
    }
    return undefined;
  };
