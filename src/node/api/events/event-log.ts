import { epochMillis } from '../../../domain/units.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { eventRange, eventsAfter, type StoredEvent } from '../../../store/sql/event.ts';
import type { Context } from '../../core/context.ts';
import type { EventView } from '../sessions/schemas.ts';
import { viewEvent } from '../sessions/view-session.ts';

/** Events read at once; also how many are held for a reader that is slow. */
const BATCH = 50;
/** What another process committed is seen after this long, since only our own commits wake us. */
const POLL_MS = 5_000;
/**
 * PostgreSQL numbers events when they are written and shows them when they are committed. A hole younger than this
 * may still be filled by another process, so nothing behind it is told yet; no transaction lasts so long.
 */
const HOLE_MS = 10_000;
const HOLE_POLL_MS = 250;

/** Where a reader stands: behind the event with this number. `lost`: the number it brought, when nobody knows any more what came after it. */
export interface Place {
  after: number;
  lost?: number;
}

/** Reads the events of the store in their order, none skipped and none twice. */
export interface EventLog {
  /** Where a reader begins: behind the event it has heard, or, with none, behind the newest. */
  place(after: number | undefined): Promise<Place>;
  /** Events behind a place, and those to come, until `signal`. A `gap` stands for what was forgotten. */
  follow(place: Place, signal: AbortSignal): AsyncGenerator<EventView, void>;
}

type Tools = Pick<Context, 'store' | 'clock' | 'journal'>;

export function createEventLog(tools: Tools): EventLog {
  const { store, clock } = tools;

  async function place(after: number | undefined): Promise<Place> {
    const { oldest, newest } = (await store.first(eventRange)) ?? { oldest: 0, newest: 0 };
    if (after === undefined) return { after: newest };
    // Numbers from another database, say one that was put back from a backup, tell nothing: begin with what there is.
    return after > newest ? { after: Math.max(0, oldest - 1), lost: after } : { after };
  }

  async function* follow(from: Place, signal: AbortSignal): AsyncGenerator<EventView, void> {
    let at = from.after;
    using bell = hangBell(tools, signal);
    if (from.lost !== undefined) yield gapFrom(from.lost, at);
    while (!signal.aborted) {
      bell.still();
      const events = await store.all(eventsAfter(at, BATCH));
      let held = false;
      for (const event of events) {
        const before = event.seq === at + 1 ? 'nothing' : await missing(at, event);
        held = before === 'pending';
        if (held) break;
        if (before === 'forgotten') yield gapFrom(at, event.seq - 1);
        at = event.seq;
        const view = viewEvent(event);
        if (view) yield view;
        if (signal.aborted) return;
      }
      if (held || events.length < BATCH) await bell.rung(held ? HOLE_POLL_MS : POLL_MS);
    }
  }

  /** What became of the numbers between the last event told and this one. */
  async function missing(at: number, event: StoredEvent): Promise<'pending' | 'forgotten' | 'nothing'> {
    if (store.kind === 'postgres' && clock.now() - event.at < HOLE_MS) return 'pending';
    const range = await store.first(eventRange);
    return at > 0 && range?.oldest === event.seq ? 'forgotten' : 'nothing';
  }

  const gapFrom = (after: number, resumesAfter: number): EventView => ({
    id: resumesAfter,
    kind: 'gap',
    at: printDateTime(epochMillis(clock.now())),
    data: { after, resumes_after: resumesAfter },
  });

  return { place, follow };
}

/** Rings when events were committed, when `signal` ends, or when the time given is over. */
function hangBell({ clock, journal }: Tools, signal: AbortSignal) {
  let rung = false;
  let hear: (() => void) | undefined;
  const ring = () => {
    rung = true;
    hear?.();
  };
  const unhang = journal.onEventsCommitted(ring);
  signal.addEventListener('abort', ring);
  return {
    /** What rang before no longer counts. */
    still: () => {
      rung = signal.aborted;
    },
    rung: async (withinMs: number): Promise<void> => {
      if (rung) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      hear = resolve;
      const takeBack = clock.after(withinMs, resolve);
      await promise;
      takeBack();
      hear = undefined;
    },
    [Symbol.dispose]: () => {
      unhang();
      signal.removeEventListener('abort', ring);
    },
  };
}
