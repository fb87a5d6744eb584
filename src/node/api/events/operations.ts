import type { Context } from '../../core/context.ts';
import { ownIssuers } from '../masks.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import type { EventView } from './schemas.ts';

/** What an operator does with events. */
export interface EventOperations {
  /** The events after the event with this number, or from now on, in order, until the node stops. */
  events(after?: number): AsyncGenerator<EventView, void>;
  log: EventLog;
  /** Ends every sequence that `events` returned. */
  stopEvents(): void;
}

export function eventOperations(context: Context): EventOperations {
  const log = createEventLog({ ...context, issuers: ownIssuers(context.config) });
  const stopping = new AbortController();
  return {
    events: async function* (after) {
      yield* log.follow(await log.position(after), stopping.signal);
    },
    log,
    stopEvents: () => stopping.abort(),
  };
}
