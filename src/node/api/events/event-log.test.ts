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

describe.skipIf(await lacksPostgres())('two processes that write events into one PostgreSQL', () => {
  test('an event that is committed late is told before those with higher numbers', async () => {
    const url = await freshPostgres();
    await using store = await openStore(url);
    const other = new pg.Client(url);
    await other.connect();
    const insert = event();
    await other.query('BEGIN');
    await other.query(insert.sql, [...insert.values]);
    const journal = createJournal(() => undefined);
    const log = createEventLog({ store, clock, journal });
    const leaving = new AbortController();
    const events = log.follow({ after: 0 }, leaving.signal);
    const first = events.next();
    await store.commit([event()]);
    journal.eventsCommitted();
    await store.commit([event()]);
    journal.eventsCommitted();
    await other.query('COMMIT');
    await other.end();
    const heard = [await first, await events.next(), await events.next()];
    expect(heard.map(({ value }) => value?.id)).toEqual([1, 2, 3]);
    leaving.abort();
    expect((await events.next()).done).toBe(true);
  });

  test('a number whose transaction was given up does not hold up the others for ever', async () => {
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
    const log = createEventLog({ store, clock: realClock({ speed: 60 }), journal: createJournal(() => undefined) });
    for await (const { id, kind } of log.follow({ after: 0 }, new AbortController().signal)) {
      expect([id, kind]).toEqual([2, 'active-profile']);
      break;
    }
  });
});
