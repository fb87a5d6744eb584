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
import { Security } from './security.ts';
import { VERSION } from './version.ts';

interface Laying {
  clock: Clock;
  log: Log;
  stack: AsyncDisposableStack;
  aroundStore?: (store: Store) => Store;
}
/** So many recentErrors are kept for people to look at. */
const MOST_COMPLAINTS = 50;
const itself = (store: Store) => store;

/** Where the key is that encrypts the secrets of a store; undefined: one that is kept nowhere, for a store that is not either. */
export const keyFileOf = ({ database, key_file }: Config): string | undefined => (database === ':memory:' ? undefined : (key_file ?? keyFileFor(database)));

/** Opens what every part of a node stands on; all of it closes with `stack`. No socket listens yet, and nothing is said of charge points. */
export async function openContext(config: Config, { clock, log, stack, aroundStore = itself }: Laying): Promise<Context> {
  const { encryption, vault } = openSecrets(config);
  stack.use(vault);
  const store = aroundStore(stack.use(await openStore(config.database, vault)));
  const client = stack.use(createGuardedClient({ userAgent: `evenkeel/${VERSION}`, insecureHttp: config.insecure_http }));
  const ending = stack.use(endingClock(clock));
  const journal = createJournal((step: Step) =>
    log(step.step === 'security' ? 'warn' : step.step.startsWith('peer') || step.step.startsWith('station-') ? 'info' : 'debug', step.step, { ...step }),
  );
  const recentErrors: RecentError[] = [];
  const reportError = (what: string, error: unknown) => {
    const says = error instanceof Error ? error.message : String(error);
    log('error', 'failed', { what, error: says });
    recentErrors.push({ at: ending.now(), what, says: String(withoutSecrets({ says }).says) });
    if (recentErrors.length > MOST_COMPLAINTS) recentErrors.shift();
  };
  const newId = randomUUID;
  const metrics = createMetrics();
  const security = new Security({ store, clock: ending, journal, metrics, reportError });
  return {
    config,
    store,
    encryption,
    clock: ending,
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

/** The same time, but nothing waits on it once the node has ended: a timer that fires later would find the store closed. */
function endingClock(clock: Clock): Clock & Disposable {
  const waiting = new Set<() => void>();
  let ended = false;
  return {
    now: () => clock.now(),
    after: (milliseconds, then) => {
      if (ended) return () => undefined;
      const forget = clock.after(milliseconds, () => {
        waiting.delete(forget);
        then();
      });
      waiting.add(forget);
      return () => {
        waiting.delete(forget);
        forget();
      };
    },
    [Symbol.dispose]: () => {
      ended = true;
      for (const forget of waiting) forget();
    },
  };
}
