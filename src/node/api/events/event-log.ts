import type { PartyKey } from '../../../domain/ids.ts';
import { epochMillis } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { eventRange, eventsAfter, type StoredEvent } from '../../../store/sql/event.ts';
import type { Context } from '../../core/context.ts';
import type { EventView } from './schemas.ts';
import { viewEvent } from './view-event.ts';

/** Events that are read at once; a slow reader holds no more of them in memory. */
const BATCH = 50;
/** Interval at which the store is read for events of other processes; commits of this process are signalled at once. */
const POLL_MS = 5_000;
/**
 * PostgreSQL numbers events when they are written and shows them when they are committed. Another process may still fill
 * a gap in the numbers that is younger than this, so later events wait; no transaction takes so long.
 */
const GAP_MS = 10_000;
const GAP_POLL_MS = 250;

/** The position of a reader: after the event with this number. `lost`: the number that the reader sent, when nobody knows what followed it. */
export interface Position {
  after: number;
  lost?: number;
}

/** Reads the events of the store in their order, none skipped and none twice. */
export interface EventLog {
  /** The position after the event that the reader received last, or, when undefined, after the newest event. */
  position(after: number | undefined): Promise<Position>;
  /** The events after a position, stored and new, until `signal` aborts. A `gap` stands for deleted events. */
  follow(from: Position, signal: AbortSignal): AsyncGenerator<EventView, void>;
}

/** `issuers`: the parties whose cards are shown whole. */
type Dependencies = Pick<Context, 'store' | 'clock' | 'journal'> & { issuers: readonly PartyKey[] };

export function createEventLog(dependencies: Dependencies): EventLog {
  const { store, clock, issuers } = dependencies;

  async function position(after: number | undefined): Promise<Position> {
    const { oldest, newest } = (await store.first(eventRange)) ?? { oldest: 0, newest: 0 };
    if (after === undefined) return { after: newest };
    // The number is from another database, such as one before a restore from a backup: start with the oldest event.
    return after > newest ? { after: Math.max(0, oldest - 1), lost: after } : { after };
  }

  async function* follow(from: Position, signal: AbortSignal): AsyncGenerator<EventView, void> {
    let at = from.after;
    using commits = watchCommits(dependencies, signal);
    if (from.lost !== undefined) yield gapFrom(from.lost, at);
    while (!signal.aborted) {
      commits.reset();
      const events = await store.all(eventsAfter(at, BATCH));
      let held = false;
      for (const event of events) {
        const before = event.seq === at + 1 ? 'nothing' : await missing(at, event);
        held = before === 'pending';
        if (held) break;
        if (before === 'deleted') yield gapFrom(at, event.seq - 1);
        at = event.seq;
        const view = viewEvent(event, issuers);
        if (view) yield view;
        if (signal.aborted) return;
      }
      if (held || events.length < BATCH) await commits.next(held ? GAP_POLL_MS : POLL_MS);
    }
  }

  /** Why numbers are missing between the last event and this one. */
  async function missing(at: number, event: StoredEvent): Promise<'pending' | 'deleted' | 'nothing'> {
    if (store.kind === 'postgres' && clock.now() - event.at < GAP_MS) return 'pending';
    const range = await store.first(eventRange);
    return at > 0 && range?.oldest === event.seq ? 'deleted' : 'nothing';
  }

  const gapFrom = (after: number, resumesAfter: number): EventView => ({
    id: resumesAfter,
    kind: 'gap',
    at: printDateTime(epochMillis(clock.now())),
    data: { after, resumes_after: resumesAfter },
  });

  return { position, follow };
}

/** Waits for commits of events; `signal` and a timeout end the wait as well. */
function watchCommits({ clock, journal }: Dependencies, signal: AbortSignal) {
  let committed = false;
  let wake: (() => void) | undefined;
  const notice = () => {
    committed = true;
    wake?.();
  };
  const stopListening = journal.onEventsCommitted(notice);
  signal.addEventListener('abort', notice);
  return {
    /** Forgets the commits until now. */
    reset: () => {
      committed = signal.aborted;
    },
    next: async (withinMs: number): Promise<void> => {
      if (committed) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const stopTimer = clock.after(withinMs, resolve);
      await promise;
      stopTimer();
      wake = undefined;
    },
    [Symbol.dispose]: () => {
      stopListening();
      signal.removeEventListener('abort', notice);
    },
  };
}
