import type { Clock } from '../../domain/clock.ts';
import { addEvent } from '../../store/sql/event.ts';
import type { Store } from '../../store/store.ts';
import type { Journal } from './journal.ts';
import type { Metrics } from './metrics.ts';
import type { SecurityEvent } from './security-event.ts';

/** One peer and kind is told of once in this time, so that nobody floods the log (SEC-24); the metric counts them all. */
const QUIET_MS = 10_000;

interface Parts {
  store: Store;
  clock: Clock;
  journal: Journal;
  metrics: Metrics;
  reportError(what: string, error: unknown): void;
}

/** The record of security events: in the log, the metrics and the stream of events, under one name each. */
export class Security {
  readonly #told = new Map<string, number>();
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  note(event: SecurityEvent): void {
    const { store, clock, journal, metrics, reportError } = this.#parts;
    const { kind, peer, party } = event;
    metrics.security.inc({ kind });
    const now = clock.now();
    const mark = `${kind} ${peer ?? ''} ${party ?? ''}`;
    if (now - (this.#told.get(mark) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    if (this.#told.size > 1_000) this.#told.clear();
    this.#told.set(mark, now);
    journal.note({ step: 'security', ...event });
    store.commit([addEvent({ at: now, kind: 'security', body: event })]).then(
      () => journal.eventsCommitted(),
      (error) => reportError('security event', error),
    );
  }
}
