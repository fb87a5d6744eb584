import type { Clock } from '../../domain/clock.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { nextNumber } from '../../store/sql/counter.ts';
import { type Store, StoreClosed, StoreLost, StoreUnavailable } from '../../store/store.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** A commit that is not older counts as proof that the store can commit. */
const FRESH_MS = 2_000;
/** A probe without an answer for this time counts as failed. */
const PROBE_MS = 1_500;

/** A time in which the store could not be used. */
interface Absence {
  since: EpochMillis;
  /** The kind of call that failed first; its next success ends the absence. */
  of: 'commit' | 'read';
  failures: number;
}

/**
 * Watches the calls to a store. While it cannot be used, one line is logged at the beginning and one with the number of failed calls at
 * the end; the errors of single requests are not logged.
 */
export class StoreWatch {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #metrics: Pick<Metrics, 'storeCalls'>;
  #absence: Absence | undefined;
  #lastCommit: EpochMillis | undefined;

  constructor({ clock, log, metrics }: { clock: Clock; log: Log; metrics: Pick<Metrics, 'storeCalls'> }) {
    this.#clock = clock;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** The same store, watched. */
  around(store: Store): Store {
    const watched = async <T>(of: Absence['of'], call: Promise<T>): Promise<T> => {
      const began = this.#clock.steady();
      try {
        const value = await call;
        this.#succeeded(of);
        return value;
      } catch (error) {
        // The loss of a store is reported by itself, and has no end.
        if (isStoreAway(error) && !(error instanceof StoreLost)) this.#failed(of, error);
        throw error;
      } finally {
        this.#metrics.storeCalls.observe({ of }, (this.#clock.steady() - began) / 1_000);
      }
    };
    return {
      ...store,
      commit: (writes) => watched('commit', store.commit(writes)),
      all: (query) => watched('read', store.all(query)),
      first: (query) => watched('read', store.first(query)),
    };
  }

  /** What is wrong with the store: undefined when a commit went through lately or one does now. */
  async check(store: Store): Promise<string | undefined> {
    const age = this.#clock.steady() - (this.#lastCommit ?? Number.NEGATIVE_INFINITY);
    if (!this.#absence && age >= 0 && age < FRESH_MS) return undefined;
    let stop: (() => void) | undefined;
    const late = new Promise<string>((then) => {
      stop = this.#clock.after(PROBE_MS, () => then(`the database has not answered for ${PROBE_MS / 1_000} s`));
    });
    const probe = store.commit([nextNumber('probe')]).then(
      () => undefined,
      () => 'the database accepts no commit; the log names the error',
    );
    return Promise.race([probe, late]).finally(() => stop?.());
  }

  #failed(of: Absence['of'], error: Error): void {
    if (this.#absence) {
      this.#absence.failures += 1;
      return;
    }
    this.#absence = { since: this.#clock.steady(), of, failures: 1 };
    this.#log('error', 'store-away', { error });
  }

  #succeeded(of: Absence['of']): void {
    if (of === 'read' && this.#absence?.of !== 'read') return;
    const now = this.#clock.steady();
    if (of === 'commit') this.#lastCommit = now;
    if (!this.#absence) return;
    const { failures, since } = this.#absence;
    this.#absence = undefined;
    this.#log('warn', 'store-back', { failed_calls: failures, seconds: Math.round((now - since) / 1_000) });
  }
}

/** Whether an error, or what caused it, says that the store could not be used; `StoreWatch` reports it, so nobody else does. */
export function isStoreAway(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof StoreUnavailable ? !(error instanceof StoreClosed) : isStoreAway(error.cause);
}
