import { createGuardedClient, type GuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import { PatienceLedger } from '../../ocpp/patience/ledger.ts';
import { openBeside } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import { ChangedSessions } from './changed-sessions.ts';
import type { Context, RecentError } from './context.ts';
import { Health } from './health.ts';
import { createJournal, type Journal, type Step } from './journal.ts';
import { waitAtJumps } from './jump-clock.ts';
import { createKnownPeers } from './known-peers.ts';
import { type Log, withoutSecrets } from './log.ts';
import { createMetrics } from './metrics.ts';
import { holdStore } from './node-store.ts';
import { createOrderedIds } from './ordered-id.ts';
import { authoritiesOf, reachOf } from './outgoing.ts';
import { PatienceCounts } from './patience-counts.ts';
import { PeerContacts } from './peer-contacts.ts';
import { PeerMessages } from './peer-messages.ts';
import { createRunningWork, type StoppableWork } from './running-work.ts';
import { Security } from './security.ts';
import { StationMessages } from './station-messages.ts';
import { isStoreAway, StoreWatch } from './store-watch.ts';
import { type ExporterContext, SpanExporter } from './telemetry/span-exporter.ts';
import { Traces } from './telemetry/traces.ts';
import { VERSION } from './version.ts';

interface Opening {
  clock: Clock;
  log: Log;
  /** Closes everything that is opened here. */
  stack: AsyncDisposableStack;
  aroundStore?: (store: Store) => Store;
  /** For a command: takes no lock and changes no tables, because a node may be running. */
  beside?: boolean;
}
/** Errors that are kept for the operator. */
const MAX_RECENT_ERRORS = 50;
/** Steps that an operator should look at. */
const WARNINGS: ReadonlySet<Step['step']> = new Set([
  'security',
  'active-profile-unknown',
  'metered-above-limit',
  'result-undelivered',
  'session-closed-without-end',
  'session-end-too-late',
]);
const unchanged = (store: Store) => store;

/** At a stop: how long running work may take, results that are being delivered among it; and what is left when no peer can be reached any more. */
const DRAIN_MS = 5_000;
const REST_MS = 1_000;

/**
 * Opens the store, the client and everything else in the context. Nothing listens yet. All of it closes with `stack`, last first: work
 * ends, the client for peers closes, the rest of the work ends, the store closes.
 */
export async function openContext(
  config: Config,
  { clock, log, stack, aroundStore = unchanged, beside = false }: Opening,
): Promise<Context & { work: StoppableWork }> {
  const held = beside ? undefined : stack.use(await holdStore(config, log));
  const opened = held ?? stack.use(await openBeside(config));
  const waiting = waitAtJumps(clock);
  const journal = createJournal((step: Step) => log(levelOf(step), step.step, { ...step }));
  const metrics = createMetrics();
  const recentErrors: RecentError[] = [];
  const keepError = (what: string, error: unknown) =>
    addRecent(recentErrors, { at: clock.now(), what, says: String(withoutSecrets({ says: textOf(error) }).says) });
  const reportError = (what: string, error: unknown) => {
    if (isStoreAway(error)) return; // The watch of the store reports its absence once.
    metrics.backgroundErrors.inc();
    log('error', 'failed', { what, error: textOf(error) });
    keepError(what, error);
  };
  const work = createRunningWork({ clock: waiting, reportError });
  stack.defer(() => work.end(REST_MS));
  const client = stack.use(clientOf(config));
  const traces = createTraces(config, { client, work, metrics, reportError, journal, stack });
  stack.defer(() => work.drain(DRAIN_MS));
  const logOfStore: Log = (level, event, facts) => {
    log(level, event, facts);
    if (level === 'error') keepError('store', facts.error);
  };
  const watch = new StoreWatch({ clock: work.clock, log: logOfStore, metrics });
  void held?.loss.then((error) => logOfStore('error', 'store-lost', { error }));
  const changedSessions = new ChangedSessions(journal);
  const store = changedSessions.around(watch.around(aroundStore(opened.store)));
  held?.watch(work);
  const health = new Health(work.clock);
  health.addCheck('store', async () => held?.problem() ?? (await watch.check(store)));
  return {
    config,
    store,
    storeLoss: held?.loss ?? new Promise(() => undefined),
    encryption: opened.encryption,
    clock: work.clock,
    jumps: waiting,
    work,
    client,
    journal,
    metrics,
    health,
    peers: createKnownPeers(store, opened.encryption, work.clock),
    patience: new PatienceCounts({ clock: work.clock, metrics, config }),
    security: new Security({ store, work, journal, metrics }),
    changedSessions,
    traces,
    stationOddities: new PatienceLedger((kind) => metrics.patience.inc({ kind })),
    ...keepMessages({ clock: work.clock, journal, metrics, work }),
    newId: createOrderedIds(work.clock),
    reportError,
    recentErrors,
  };
}

const levelOf = ({ step }: Step) => (WARNINGS.has(step) ? 'warn' : /^(peer|station-|job-|alarm)/.test(step) ? 'info' : 'debug');

/** The client for peers. */
const clientOf = (config: Config): GuardedClient => createGuardedClient({ userAgent: `evenkeel/${VERSION}`, ...reachOf(config), ...authoritiesOf(config) });

/** The traces, when the configuration names a collector. What waits is sent at the stop, when no more work runs. */
function createTraces(config: Config, { stack, journal, ...context }: ExporterContext & { stack: AsyncDisposableStack; journal: Journal }): Traces | undefined {
  if (!config.telemetry) return undefined;
  const exporter = new SpanExporter(context, config, config.telemetry.otlp);
  stack.defer(() => exporter.end());
  const traces = new Traces(context.work.clock, exporter);
  traces.follow(journal);
  return traces;
}

function addRecent(errors: RecentError[], error: RecentError): void {
  errors.push(error);
  if (errors.length > MAX_RECENT_ERRORS) errors.shift();
}

function keepMessages({
  clock,
  journal,
  metrics,
  work,
}: Pick<Context, 'clock' | 'journal' | 'metrics' | 'work'>): Pick<Context, 'stationMessages' | 'peerMessages' | 'contacts'> {
  const stationMessages = new StationMessages({ clock, journal });
  const peerMessages = new PeerMessages(clock);
  metrics.keep('running work', () => work.size().work);
  metrics.keep('timers', () => work.size().timers);
  metrics.keep('charge points with messages', () => stationMessages.stations);
  metrics.keep('peers with messages', () => peerMessages.peers);
  return { stationMessages, peerMessages, contacts: new PeerContacts({ clock, metrics }) };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
