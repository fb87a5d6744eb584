import { randomUUID } from 'node:crypto';
import { createGuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import { keyFileFor, openSecrets, openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Context, RecentError } from './context.ts';
import { createJournal, type Step } from './journal.ts';
import { waitAtJumps } from './jump-clock.ts';
import { createKnownPeers } from './known-peers.ts';
import { type Log, withoutSecrets } from './log.ts';
import { createMetrics } from './metrics.ts';
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

/** Opens the store, the client and everything else in the context; all of it closes with `stack`. Nothing listens yet. */
export async function openContext(config: Config, { clock, log, stack, aroundStore = unchanged }: Opening): Promise<Context> {
  const { encryption, vault } = openSecrets(config);
  stack.use(vault);
  const store = aroundStore(stack.use(await openStore(config.database, vault)));
  const client = stack.use(createGuardedClient({ userAgent: `evenkeel/${VERSION}`, insecureHttp: config.insecure_http }));
  const waiting = waitAtJumps(clock);
  const ending = stack.use(endingClock(waiting));
  const journal = createJournal((step: Step) =>
    log(step.step === 'security' ? 'warn' : step.step.startsWith('peer') || step.step.startsWith('station-') ? 'info' : 'debug', step.step, { ...step }),
  );
  const recentErrors: RecentError[] = [];
  const reportError = (what: string, error: unknown) => {
    const says = error instanceof Error ? error.message : String(error);
    log('error', 'failed', { what, error: says });
    recentErrors.push({ at: ending.now(), what, says: String(withoutSecrets({ says }).says) });
    if (recentErrors.length > MAX_RECENT_ERRORS) recentErrors.shift();
  };
  const newId = randomUUID;
  const metrics = createMetrics();
  const security = new Security({ store, clock: ending, journal, metrics, reportError });
  return {
    config,
    store,
    encryption,
    clock: ending,
    jumps: waiting,
    client,
    journal,
    metrics,
    peers: createKnownPeers(store, encryption, ending),
    security,
    newId,
    reportError,
    recentErrors,
  };
}

/** The same clock, but all timers end with the node: a timer that fires later would find the store closed. */
function endingClock(clock: Clock): Clock & Disposable {
  const waiting = new Set<() => void>();
  let ended = false;
  return {
    now: () => clock.now(),
    steady: () => clock.steady(),
    after: (milliseconds, then) => {
      if (ended) return () => undefined;
      const cancel = clock.after(milliseconds, () => {
        waiting.delete(cancel);
        then();
      });
      waiting.add(cancel);
      return () => {
        waiting.delete(cancel);
        cancel();
      };
    },
    [Symbol.dispose]: () => {
      ended = true;
      for (const cancel of waiting) cancel();
    },
  };
}
