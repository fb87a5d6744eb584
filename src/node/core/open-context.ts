import { randomUUID } from 'node:crypto';
import { createGuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import { keyFileFor, openSecrets, openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Context, RecentError } from './context.ts';
import { createJournal, type Step } from './journal.ts';
import { createKnownPeers } from './known-peers.ts';
import { type Log, withoutSecrets } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createRunningWork, type StoppableWork } from './running-work.ts';
import { Security } from './security.ts';
import { VERSION } from './version.ts';

interface Opening {
  clock: Clock;
  log: Log;
  /** Closes everything that is opened here. */
  stack: AsyncDisposableStack;
  aroundStore?: (store: Store) => Store;
}
/** Errors that are kept for the operator. */
const MAX_RECENT_ERRORS = 50;
const unchanged = (store: Store) => store;

/** The file with the key that encrypts secrets in the store; undefined for a store in memory, whose key is in memory too. */
export const keyFileOf = ({ database, key_file }: Config): string | undefined => (database === ':memory:' ? undefined : (key_file ?? keyFileFor(database)));

/** At a stop: how long running work may take, results that are being delivered among it; and what is left when no peer can be reached any more. */
const DRAIN_MS = 5_000;
const REST_MS = 1_000;

/**
 * Opens the store, the client and everything else in the context. Nothing listens yet. All of it closes with `stack`, last first: work
 * ends, the client for peers closes, the rest of the work ends, the store closes.
 */
export async function openContext(config: Config, { clock, log, stack, aroundStore = unchanged }: Opening): Promise<Context & { work: StoppableWork }> {
  const { encryption, vault } = openSecrets(config);
  stack.use(vault);
  const store = aroundStore(stack.use(await openStore(config.database, vault)));
  const journal = createJournal((step: Step) =>
    log(step.step === 'security' ? 'warn' : /^(peer|station-|job-)/.test(step.step) ? 'info' : 'debug', step.step, { ...step }),
  );
  const recentErrors: RecentError[] = [];
  const reportError = (what: string, error: unknown) => {
    const says = error instanceof Error ? error.message : String(error);
    log('error', 'failed', { what, error: says });
    recentErrors.push({ at: clock.now(), what, says: String(withoutSecrets({ says }).says) });
    if (recentErrors.length > MAX_RECENT_ERRORS) recentErrors.shift();
  };
  const work = createRunningWork({ clock, reportError });
  stack.defer(() => work.end(REST_MS));
  const client = stack.use(createGuardedClient({ userAgent: `evenkeel/${VERSION}`, insecureHttp: config.insecure_http }));
  stack.defer(() => work.drain(DRAIN_MS));
  const newId = randomUUID;
  const metrics = createMetrics();
  metrics.keep('running work', () => work.size().work);
  metrics.keep('timers', () => work.size().timers);
  const security = new Security({ store, work, journal, metrics });
  return {
    config,
    store,
    encryption,
    clock: work.clock,
    work,
    client,
    journal,
    metrics,
    peers: createKnownPeers(store, encryption, work.clock),
    security,
    newId,
    reportError,
    recentErrors,
  };
}
