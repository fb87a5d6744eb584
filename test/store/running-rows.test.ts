import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { asSessionKey } from '../../src/domain/ids.ts';
import { openStore, prepareStore } from '../../src/store/open.ts';
import { inputsOf } from '../../src/store/sql/input.ts';
import { steeringOf } from '../../src/store/sql/steering.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { databaseFor, type StoreKind, stores } from '../world.ts';

/** A session with a profile and a steering record, as shape 10 kept them after the end too. */
const sessionOf = (key: string, status: string) => [
  `INSERT INTO session (key, folded_id, status, last_updated, body) VALUES ('${key}', '${key}', '${status}', 1, '{}')`,
  `INSERT INTO input (session_key, party, peer, profile, state, at) VALUES ('${key}', 'NL*MSP', 'NL*MSP', '{"unit":"A","periods":[]}', 'uncertain', 7)`,
  `INSERT INTO steering (session_key, party, peer, since, told_at, stale) VALUES ('${key}', 'NL*MSP', 'NL*MSP', 1, 5, 1)`,
];
const ENDED = ['COMPLETED', 'INVALID'];
const RUNNING = ['PENDING', 'ACTIVE', 'RESERVATION'];

/** A database of shape 10 with one session of each status. */
async function openShape10(kind: StoreKind, stack: AsyncDisposableStack): Promise<string> {
  const statements = [...ENDED, ...RUNNING].flatMap((status) => sessionOf(`NL*EVK*${status}`, status));
  const database = kind === 'sqlite' ? await databaseFor(kind, stack) : await freshPostgres();
  await prepareStore(database, { target: 10 });
  if (kind === 'sqlite') {
    const file = new DatabaseSync(database);
    for (const statement of statements) file.exec(statement);
    file.close();
    return database;
  }
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
  return database;
}

describe.each(stores)('rows of ended sessions (%s)', (kind) => {
  test('R-02: an update from shape 10 deletes profiles and steering records of ended sessions, and keeps those of running ones', async () => {
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore(await openShape10(kind, stack)));
    const rowsOf = async (status: string) => {
      const key = asSessionKey(`NL*EVK*${status}`);
      return { inputs: await store.all(inputsOf(key)), steering: await store.all(steeringOf(key)) };
    };
    for (const status of ENDED) expect(await rowsOf(status)).toEqual({ inputs: [], steering: [] });
    for (const status of RUNNING) {
      const { inputs, steering } = await rowsOf(status);
      expect(inputs).toMatchObject([{ by: 'NL*MSP', peer: 'NL*MSP', profile: { unit: 'A', periods: [] }, state: 'uncertain' }]);
      expect(steering).toMatchObject([{ party: 'NL*MSP', peer: 'NL*MSP', stale: true }]);
    }
  });
});
