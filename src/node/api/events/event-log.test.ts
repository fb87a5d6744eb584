import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../../../sim/index.ts';
import { freshPostgres, lacksPostgres } from '../../../../test/set-up/fresh-postgres.ts';
import { openStore } from '../../../store/open.ts';
import { addEvent } from '../../../store/sql/event.ts';
import { createJournal } from '../../core/journal.ts';
import { createEventLog } from './event-log.ts';

const clock = realClock();
const event = () => addEvent({ at: clock.now(), kind: 'active-profile', body: {} });

describe.skipIf(await lacksPostgres())('two processes write events to one PostgreSQL database', () => {
  test('an event that is committed late comes before events with higher numbers', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const other = new pg.Client(url);
    await other.connect();
    const insert = event();
    await other.query('BEGIN');
    await other.query(insert.sql, [...insert.values]);
    const journal = createJournal(() => undefined);
    const log = createEventLog({ store, clock, journal, issuers: [] });
    const reader = new AbortController();
    const events = log.follow({ after: 0 }, reader.signal);
    const first = events.next();
    await store.commit([event()]);
    journal.eventsCommitted();
    await store.commit([event()]);
    journal.eventsCommitted();
    await other.query('COMMIT');
    await other.end();
    const received = [await first, await events.next(), await events.next()];
    expect(received.map(({ value }) => value?.id)).toEqual([1, 2, 3]);
    reader.abort();
    expect((await events.next()).done).toBe(true);
  });

  test('the number of a transaction that was rolled back delays later events for a limited time only', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const other = new pg.Client(url);
    await other.connect();
    const insert = event();
    await other.query('BEGIN');
    await other.query(insert.sql, [...insert.values]);
    await other.query('ROLLBACK');
    await other.end();
    await store.commit([addEvent({ at: clock.now(), kind: 'active-profile', body: {} })]);
    const log = createEventLog({ store, clock: realClock({ speed: 60 }), journal: createJournal(() => undefined), issuers: [] });
    for await (const { id, kind } of log.follow({ after: 0 }, new AbortController().signal)) {
      expect([id, kind]).toEqual([2, 'active-profile']);
      break;
    }
  });
});
