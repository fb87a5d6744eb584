import { createGuardedClient } from '../../delivery/guard/guarded-client.ts';
import type { Clock } from '../../domain/clock.ts';
import { openBeside } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import type { Context, RecentError } from './context.ts';
import { Health } from './health.ts';
import { createJournal, type Step } from './journal.ts';
import { waitAtJumps } from './jump-clock.ts';
import { createKnownPeers } from './known-peers.ts';
import { type Log, withoutSecrets } from './log.ts';
import { createMetrics } from './metrics.ts';
import { holdStore } from './node-store.ts';
import { createOrderedIds } from './ordered-id.ts';
import { Security } from './security.ts';
import { isStoreAway, StoreWatch } from './store-watch.ts';
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
const unchanged = (store: Store) => store;

/** Opens the store, the client and everything else in the context; all of it closes with `stack`. Nothing listens yet. */
export async function openContext(config: Config, { clock, log, stack, aroundStore = unchanged, beside = false }: Opening): Promise<Context> {
  const held = beside ? undefined : stack.use(await holdStore(config, log));
  const opened = held ?? stack.use(await openBeside(config));
  const client = stack.use(createGuardedClient({ userAgent: `evenkeel/${VERSION}`, insecureHttp: config.insecure_http }));
  const waiting = waitAtJumps(clock);
  const ending = stack.use(endingClock(waiting));
  const journal = createJournal((step: Step) =>
    log(step.step === 'security' ? 'warn' : step.step.startsWith('peer') || step.step.startsWith('station-') ? 'info' : 'debug', step.step, { ...step }),
  );
  const recentErrors: RecentError[] = [];
  const keepError = (what: string, error: unknown) => {
    recentErrors.push({ at: ending.now(), what, says: String(withoutSecrets({ says: textOf(error) }).says) });
    if (recentErrors.length > MAX_RECENT_ERRORS) recentErrors.shift();
  };
  const reportError = (what: string, error: unknown) => {
    if (isStoreAway(error)) return; // The watch of the store reports its absence once.
    log('error', 'failed', { what, error: textOf(error) });
    keepError(what, error);
  };
  const logOfStore: Log = (level, event, facts) => {
    log(level, event, facts);
    if (level === 'error') keepError('store', facts.error);
  };
  const watch = new StoreWatch({ clock: ending, log: logOfStore });
  void held?.loss.then((error) => logOfStore('error', 'store-lost', { error }));
  const store = watch.around(aroundStore(opened.store));
  held?.watch(ending);
  const health = new Health(ending);
  health.addCheck('store', async () => held?.problem() ?? (await watch.check(store)));
  const metrics = createMetrics();
  const security = new Security({ store, clock: ending, journal, metrics, reportError });
  return {
    config,
    store,
    storeLoss: held?.loss ?? new Promise(() => undefined),
    encryption: opened.encryption,
    clock: ending,
    jumps: waiting,
    client,
    journal,
    metrics,
    health,
    peers: createKnownPeers(store, opened.encryption, ending),
    security,
    newId: createOrderedIds(ending),
    reportError,
    recentErrors,
  };
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

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
