import type { FastifyInstance } from 'fastify';
import type { Clock } from '../domain/clock.ts';
import { partyName, type SessionKey } from '../domain/ids.ts';
import type { ChargingPreferences, PreferencesAnswer } from '../domain/preferences.ts';
import { fail, type Result } from '../domain/result.ts';
import type { WrittenLimit } from '../domain/site/imposed-limit.ts';
import type { Authenticate } from '../ocpi/binding.ts';
import { editions } from '../ocpi/editions.ts';
import { serveOcpi } from '../ocpi/serve.ts';
import type { Planner } from '../planner/problem.ts';
import { withdrawAnnouncements } from '../store/sql/hub-party.ts';
import { allStationsGone } from '../store/sql/station.ts';
import type { Store, StoreLost } from '../store/store.ts';
import { type AlarmView, viewAlarm } from './alarms/alarm-view.ts';
import { type Demo, mountApi } from './api/mount-api.ts';
import type { Operator } from './api/operator.ts';
import { bindingsOf } from './compose/all-bindings.ts';
import { compose, type Roles } from './compose/compose.ts';

import { createReload, type ReloadConfig } from './compose/reload-config.ts';
import type { Config } from './config/config.ts';

import { type ConfigInput, completeConfig } from './config/define-config.ts';
import { hostedParties } from './config/hosted-parties.ts';
import { addressOf, operatorUrl } from './config/operator-url.ts';
import type { Audit } from './core/audit.ts';
import type { Context } from './core/context.ts';
import type { Journal } from './core/journal.ts';
import type { KnownPeer } from './core/known-peers.ts';
import type { Log } from './core/log.ts';
import { machineClock } from './core/machine-clock.ts';
import { openContext } from './core/open-context.ts';
import type { RunningWork } from './core/running-work.ts';
import { isStoreAway } from './core/store-watch.ts';
import type { OwnSessions } from './cpo/own-sessions.ts';
import type { CsmsProfiles } from './gateway/csms-profiles.ts';
import { createApp, listenOn } from './listen.ts';
import { mountHealth } from './mount-health.ts';
import { openStations } from './open-stations.ts';
import type { Keys } from './operators/keys.ts';
import type { PasswordCost } from './operators/password.ts';
import type { Users } from './operators/users.ts';
import { mountConsole } from './page/mount-console.ts';
import type { Registration } from './peers/registration.ts';
import { saveConfiguredAgreements } from './rights/agreements.ts';
import type { AgreementChanges } from './rights/change-agreements.ts';

/** Optional clock and log; the defaults suit production: the time of the machine, and no log. */
export interface NodeOptions {
  clock?: Clock;
  log?: Log;
  /** Plans the sessions of an SCSP instead of the built-in planner; the configuration needs `planner.sites`. */
  planner?: Planner;
  /** Wraps the store; tests use it to stop a node at a certain commit. */
  aroundStore?: (store: Store) => Store;
  /** Only for a demo: the password that the sign-in page shows, and the simulated world that its operator may trouble. */
  demo?: Demo;
  /** The cost of a password hash; tests use a lower one. */
  passwordCost?: PasswordCost;
}

/** A running node with its roles, its store and its sockets, until it is disposed. */
export interface Node extends AsyncDisposable, Omit<Operator, 'prefer' | 'imposeLimit' | 'log' | 'whenEnded' | 'stop' | 'stopEvents' | 'stopWaiting'> {
  publicUrl: string;
  /** Where `/api/v1`, the console, `/health` and `/metrics` are: the same, unless the configuration has `listen_operator`. */
  operatorUrl: string;
  /** Undefined: the node does not listen for charge points. */
  ocppPort: number | undefined;
  journal: Journal;
  registration: Registration;
  /** Reservations, which only the operator can make (SES-10 to SES-13). */
  reserve: OwnSessions['reserve'];
  endReservation: OwnSessions['endReservation'];
  /** Sets the charging preferences of a session that this node plans as an SCSP; undefined when it plans none. */
  prefer(session: SessionKey, preferences: ChargingPreferences): Promise<PreferencesAnswer | undefined>;
  /** Imposes a limit on a node of a site, named by its path, or lifts it; fails with the paths that exist. */
  imposeLimit(path: string, limit: WrittenLimit | undefined): Promise<Result<string>>;
  /** Applies a new configuration while the node runs: charge points, locations, sites, tokens, contracts and consents (F-86). */
  reload: ReloadConfig;
  /** Sends the charging preferences of a driver to every party that uses them, as `PUT /api/v1/sessions/…/preferences` does. */
  sendPreferences: Operator['prefer'];
  /** What needs a person now, the most urgent first, as `GET /api/v1/alarms` lists it. */
  alarms(): AlarmView[];
  /** Contracts, consents and halted parties. */
  agreements: AgreementChanges;
  /** The API keys of `/api/v1`. */
  keys: Keys;
  /** The users who may sign in at `/console`. */
  users: Users;
  /** The profiles of a CSMS at stations behind this node; undefined: the node has no charge points. */
  csmsProfiles: CsmsProfiles | undefined;
  /** The audit chain: acts by API, console and commands. */
  audit: Audit;
  /** Resolves when another node has taken the store. This node then writes nothing, and ends by itself. */
  storeTaken: Promise<StoreLost>;
}

/**
 * Starts a node: opens its store, continues what an earlier run left open, and listens. Rejects when a step fails; nothing is left
 * running then. The stop, also after a failed start, has these steps; each is deferred below, the last step first:
 *
 * 1. Timers end: no job and no plan begins. Requests to peers get a last grace of 2 s.
 * 2. The servers for HTTP and for charge points close; requests and messages under way are still answered.
 * 3. No new work begins. What runs is awaited, for 5 s at most: results that are being delivered need that long.
 * 4. The client for peers closes. What is left is awaited once more, for 1 s at most.
 * 5. The store, the vault and the lock of the store close.
 */
export async function createNode(given: ConfigInput, options: NodeOptions = {}): Promise<Node> {
  const config = completeConfig(given);
  const clock = options.clock ?? machineClock;
  const log: Log = options.log ?? (() => undefined);
  await using stack = new AsyncDisposableStack();
  const context = await openContext(config, { clock, log, stack, ...(options.aroundStore && { aroundStore: options.aroundStore }) }); // defers 3 to 5
  const { work } = context;
  await context.store.commit([allStationsGone, ...hostedParties(config).map(withdrawAnnouncements)]);
  await saveConfiguredAgreements({ ...context, now: clock.now() });
  const roles = compose(context, options.planner);
  const reload = createReload(context, roles, { ...config });
  const app = createApp(config.listen, { clock, work, log, option: 'listen' });
  const operatorApp = config.listen_operator ? createApp(config.listen_operator, { clock, work, log, option: 'listen_operator' }) : app;
  stack.defer(async () => void (await Promise.all([operatorApp.close(), app.close(), roles.cpo?.stations.server?.[Symbol.asyncDispose]()])));
  stack.defer(() => work.beginStop());
  const beforeOcpi = options.demo?.beforeOcpi;
  if (beforeOcpi) app.addHook('onRequest', async ({ url }) => (url.startsWith('/ocpi/') ? beforeOcpi() : undefined));
  serveParties(app, context, { roles, log });
  const { operator, keys, users, audit, agreements, callerOf } = mountApi(operatorApp, context, { ...options, roles });
  if (config.console) mountConsole(operatorApp, config);
  mountHealth(operatorApp, context, callerOf);

  await roles.recover();
  const stations = roles.cpo && (await openStations(context, roles.cpo, log));
  if (roles.cpo && stations) roles.cpo.stations.server = stations;
  await roles.cpo?.limits.start();
  await openPorts(config, { app, operatorApp });
  roles.jobs.start();
  roles.scsp?.start();
  const running = untilStoreTaken(context, stack.move());
  return {
    publicUrl: config.public_url,
    operatorUrl: operatorUrl(config),
    ocppPort: stations?.port,
    journal: context.journal,
    registration: roles.registration,
    ...awaited(work, { ...actsOf(roles), ...readsOf(operator), ...commandsOf(operator), reload, sendPreferences: operator.prefer }),
    sites: operator.sites,
    measure: operator.measure,
    events: operator.events,
    alarms: () => roles.alarms.list().map((it) => viewAlarm(it)),
    agreements,
    keys,
    users,
    audit,
    csmsProfiles: roles.cpo?.csmsProfiles,
    ...running,
  };
}

/** Serves OCPI for the parties of the node. */
function serveParties(app: FastifyInstance, context: Context, { roles, log }: { roles: Roles; log: Log }): void {
  const { config, clock, traces } = context;
  serveOcpi<KnownPeer>({
    app,
    publicUrl: () => config.public_url,
    editions,
    bindings: bindingsOf(context, roles),
    clock,
    authenticate: authenticator(context, roles.registration),
    parties: hostedParties(config).map(partyName),
    patience: context.patience,
    ...(traces && { onReceived: (message) => traces.received(message) }),
    onAnswered: (message) => {
      context.peerMessages.noteReceived(message);
      traces?.answered(message);
    },
    log: (event) => log(event.event === 'failed' && !isStoreAway(event.error) ? 'error' : 'debug', event.event, event),
  });
}

/**
 * Ends a node once, at the latest when another node has taken its store. After the loss of a file the node goes on without writing,
 * so that what its process has open can still be copied.
 */
function untilStoreTaken({ storeLoss, reportError }: Context, running: AsyncDisposableStack): Pick<Node, 'storeTaken' | typeof Symbol.asyncDispose> {
  let ended: Promise<void> | undefined;
  const end = async () => {
    ended ??= running.disposeAsync();
    await ended;
  };
  const storeTaken = storeLoss.then((loss) => (loss.by === 'another node' ? loss : new Promise<never>(() => undefined)));
  storeTaken.then(end).catch((error) => reportError('end of the node', error));
  return { storeTaken, [Symbol.asyncDispose]: end };
}

/** The acts of a program that embeds the node. */
const actsOf = ({ cpo, scsp }: Roles) => ({
  reserve: async (at: Parameters<OwnSessions['reserve']>[0]) => cpo?.sessions.reserve(at),
  endReservation: async (key: SessionKey) => cpo?.sessions.endReservation(key),
  prefer: async (key: SessionKey, preferences: ChargingPreferences) => scsp?.setPreferences(key, preferences),
  imposeLimit: async (path: string, limit: WrittenLimit | undefined) => cpo?.limits.imposed.impose(path, limit) ?? fail('this node has no sites'),
});

/** Requests of the operator to sessions and charge points. */
const commandsOf = (operator: Operator) => pick(operator, 'ask', 'askAbilities', 'triggerMessage');

/** What a program that embeds the node reads, as in `/api/v1` (F-84). */
const readsOf = (operator: Operator) => ({
  ...pick(operator, 'sessions', 'selectSessions', 'session', 'namedSession', 'why', 'history', 'series', 'exchanges', 'exchange', 'messages', 'exchangesOf'),
  ...pick(operator, 'peers', 'peer', 'stations', 'station', 'stationMessages', 'stationHistory', 'locations', 'evidence', 'siteDay', 'siteMoment'),
  ...pick(operator, 'previewProfile', 'previewLimit', 'runningActs', 'steering'),
});
const pick = <T, const K extends keyof T>(from: T, ...names: readonly K[]) => Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;

/** The same acts, and the stop waits for those that run. */
const awaited = <A extends Readonly<Record<string, (...args: never[]) => Promise<unknown>>>>(work: RunningWork, acts: A): A =>
  Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, (...args: never[]) => work.run(name, () => act(...args))])) as A;

/** Starts to listen for peers and operators. A URL whose port was left to the system gets the one that it chose. */
async function openPorts(config: Config, { app, operatorApp }: { app: FastifyInstance; operatorApp: FastifyInstance }): Promise<void> {
  const { listen, listen_operator } = config;
  if (listen_operator) {
    const port = await listenOn(operatorApp, listen_operator, 'listen_operator.port');
    if (listen_operator.port === 0) listen_operator.url ??= addressOf({ ...listen_operator, port });
  }
  const port = await listenOn(app, listen, 'listen.port');
  if (listen.port === 0) config.public_url = addressOf({ ...listen, port });
}

/** Finds the peer of a token by the hash of the token, so that the response time reveals nothing about tokens (SEC-09). */
const authenticator =
  ({ peers, work }: Context, registration: Registration): Authenticate<KnownPeer> =>
  (tokens) =>
    work.run('authentication', async () => {
      for (const token of tokens) {
        const bearer = await peers.bearer(token.text);
        if (!bearer) continue;
        if (bearer.kind === 'ACCESS') await registration.tokenUsed(bearer.peer, bearer.hash);
        return { peer: bearer.peer, scope: bearer.kind === 'ACCESS' ? 'ALL' : 'REGISTRATION', token };
      }
      return undefined;
    });
