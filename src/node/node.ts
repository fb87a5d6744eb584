import type { FastifyInstance } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import type { SessionKey } from '../domain/ids.ts';
import type { ChargingPreferences, PreferencesAnswer } from '../domain/preferences.ts';
import { fail, type Result } from '../domain/result.ts';
import type { Ceiling } from '../domain/site/ceiling.ts';
import type { Authenticate } from '../ocpi/binding.ts';
import { editions } from '../ocpi/editions.ts';
import { serveOcpi } from '../ocpi/serve.ts';
import { withdrawAnnouncements } from '../store/sql/hub-party.ts';
import { allStationsGone } from '../store/sql/station.ts';
import type { Store } from '../store/store.ts';
import { lockStore } from '../store/store-lock.ts';
import { mountApi } from './api/mount-api.ts';
import type { Operator } from './api/operator.ts';
import { bindingsOf } from './compose/all-bindings.ts';
import { compose, type Roles } from './compose/compose.ts';
import type { Config } from './config/config.ts';
import { hostedParties } from './config/hosted-parties.ts';
import type { Audit } from './core/audit.ts';
import type { Context } from './core/context.ts';
import type { Journal } from './core/journal.ts';
import type { KnownPeer } from './core/known-peers.ts';
import type { Log } from './core/log.ts';
import { machineClock } from './core/machine-clock.ts';
import { openContext } from './core/open-context.ts';
import type { OwnSessions } from './cpo/own-sessions.ts';
import { createApp, listenOn } from './listen.ts';
import { openStations } from './open-stations.ts';
import type { Keys } from './operators/keys.ts';
import type { PasswordCost } from './operators/password.ts';
import type { Users } from './operators/users.ts';
import { mountConsole } from './page/mount-console.ts';
import type { Registration } from './peers/registration.ts';
import { saveConfiguredAgreements } from './rights/agreements.ts';
import { startJobs } from './upkeep/scheduled-jobs.ts';

/** Where a node gets its time and leaves its words; both have defaults that suit a server. */
export interface NodeOptions {
  clock?: Clock;
  log?: Log;
  /** Stands between the node and its store; a test stops a node so at a named commit. */
  aroundStore?: (store: Store) => Store;
  /** Told on the page where one signs in: for a node that has nothing to lose. */
  demo?: { name: string; password: string };
  /** What a guess at a password costs; less than usual only where there is nothing to guess, as in tests. */
  passwordCost?: PasswordCost;
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
  /** How a driver wants a session to charge that this node steers as an SCSP; undefined: it steers none. */
  prefer(session: SessionKey, preferences: ChargingPreferences): Promise<PreferencesAnswer | undefined>;
  /** Imposes a limit on a node of a site, named by its path, or lifts it; fails with the nodes that there are. */
  imposeLimit(path: string, limit: Ceiling | undefined): Promise<Result<string>>;
  /** The same as `/api/v1`, for whoever holds the node. */
  sessions: Operator['sessions'];
  ask: Operator['ask'];
  events: Operator['events'];
  /** The keys to `/api/v1`. */
  keys: Keys;
  /** Who may sign in at `/console`. */
  users: Users;
  /** What was done through any door. */
  audit: Audit;
}

/** Starts a node: opens its store, takes up what an earlier run left open, and listens; rejects, with nothing left running, when it cannot. */
export async function createNode(given: Config, options: NodeOptions = {}): Promise<Node> {
  const config = { ...given };
  const clock = options.clock ?? machineClock;
  const log: Log = options.log ?? (() => undefined);
  await using stack = new AsyncDisposableStack();
  if (config.database !== ':memory:') stack.use(await lockStore(config.database, (milliseconds) => new Promise((then) => setTimeout(then, milliseconds))));
  const context = await openContext(config, { clock, log, stack, ...(options.aroundStore && { aroundStore: options.aroundStore }) });
  await context.store.commit([allStationsGone, ...hostedParties(config).map(withdrawAnnouncements)]);
  await saveConfiguredAgreements({ ...context, now: clock.now() });
  const roles = compose(context);
  stack.defer(() => roles.services.deliveries.stop());
  stack.defer(() => roles.services.sessionPushes.stop());

  const app = createApp(config.listen, clock);
  stack.defer(() => app.close());
  serveOcpi<KnownPeer>({
    app,
    publicUrl: () => config.public_url,
    editions,
    bindings: bindingsOf(context, roles),
    clock,
    authenticate: authenticator(context, roles.registration),
    log: (event) => log(event.event === 'failed' ? 'error' : 'debug', event.event, event),
  });
  const { operator, keys, users, audit } = mountApi(app, context, { ...options, roles });
  mountPages(app, context);

  await roles.recover();
  stack.defer(() => roles.cpo?.dispatcher.idle());
  const stations = roles.cpo && (await openStations(context, roles.cpo, log));
  if (roles.cpo && stations) roles.cpo.stations.server = stack.use(stations);
  stack.defer(() => roles.cpo?.stop());
  await roles.cpo?.limits.start();
  const port = await listenOn(app, config.listen);
  if (config.listen.port === 0) config.public_url = `http://${config.listen.host}:${port}`;
  stack.defer(startJobs(context, roles.jobs));
  if (roles.scsp) stack.defer(roles.scsp.start());
  await roles.jobs.pullSessions();
  await roles.jobs.pullTokens();
  await roles.jobs.pushTokens();
  const running = stack.move();
  return {
    publicUrl: config.public_url,
    ocppPort: stations?.port,
    journal: context.journal,
    ...byHand(roles),
    sessions: operator.sessions,
    ask: operator.ask,
    events: operator.events,
    keys,
    users,
    audit,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** What whoever holds the node can do with its roles. */
const byHand = ({ registration, cpo, scsp }: Roles) => ({
  registration,
  reserve: async (at: Parameters<OwnSessions['reserve']>[0]) => cpo?.sessions.reserve(at),
  endReservation: async (key: SessionKey) => cpo?.sessions.endReservation(key),
  prefer: async (key: SessionKey, preferences: ChargingPreferences) => scsp?.setPreferences(key, preferences),
  imposeLimit: async (path: string, limit: Ceiling | undefined) => cpo?.limits.imposed.impose(path, limit) ?? fail('this node has no sites'),
});

/** What is for people and for monitoring. */
function mountPages(app: FastifyInstance, { config, metrics }: Context): void {
  if (config.console) mountConsole(app, config);
  app.get('/health', async () => ({ status: 'ready' }));
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await metrics.text()));
}

/** Who shows a token: looked up by its hash, so that time tells nothing about it (SEC-09). */
const authenticator =
  (context: Context, registration: Registration): Authenticate<KnownPeer> =>
  async (tokens) => {
    for (const token of tokens) {
      const bearer = await context.peers.bearer(token.text);
      if (!bearer) continue;
      if (bearer.kind === 'ACCESS') await registration.tokenUsed(bearer.peer, bearer.hash);
      return { peer: bearer.peer, scope: bearer.kind === 'ACCESS' ? 'ALL' : 'REGISTRATION', token };
    }
    return undefined;
  };
