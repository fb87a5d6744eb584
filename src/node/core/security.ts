import { addEvent } from '../../store/sql/event.ts';
import type { Store } from '../../store/store.ts';
import type { Journal } from './journal.ts';
import type { Metrics } from './metrics.ts';
import type { RunningWork } from './running-work.ts';
import type { SecurityEvent } from './security-event.ts';

/** Each kind of event of one peer and party is logged once in this time, so that nobody floods the log (SEC-24). The metric counts all. */
const QUIET_MS = 10_000;

interface Dependencies {
  store: Store;
  work: RunningWork;
  journal: Journal;
  metrics: Metrics;
}

/** Records security events in the log, the metrics and the event stream. */
export class Security {
  /** When each kind of event was last logged, by kind, peer and party. */
  readonly #logged = new Map<string, number>();
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  note(event: SecurityEvent): void {
    const { store, work, journal, metrics } = this.#dependencies;
    const { kind, peer, party } = event;
    metrics.security.inc({ kind });
    const now = work.clock.steady();
    const key = `${kind} ${peer ?? ''} ${party ?? ''}`;
    if (now - (this.#logged.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    if (this.#logged.size > 1_000) this.#logged.clear();
    this.#logged.set(key, now);
    journal.note({ step: 'security', ...event });
    work.start('security event', async () => {
      await store.commit([addEvent({ at: work.clock.now(), kind: 'security', body: event })]);
      journal.eventsCommitted();
    });
  }
}
