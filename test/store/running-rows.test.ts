import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { asSessionKey } from '../../src/domain/ids.ts';
import { begin } from '../../src/store/migrations/0001-begin.ts';
import { delegation } from '../../src/store/migrations/0002-delegation.ts';
import { locations } from '../../src/store/migrations/0003-locations.ts';
import { tokens } from '../../src/store/migrations/0004-tokens.ts';
import { hub } from '../../src/store/migrations/0005-hub.ts';
import { preferences } from '../../src/store/migrations/0006-preferences.ts';
import { retention } from '../../src/store/migrations/0007-retention.ts';
import { claims } from '../../src/store/migrations/0008-claims.ts';
import { consoleTables } from '../../src/store/migrations/0009-console.ts';
import { sites } from '../../src/store/migrations/0010-sites.ts';
import { openStore } from '../../src/store/open.ts';
import { inputsOf } from '../../src/store/sql/input.ts';
import { steeringOf } from '../../src/store/sql/steering.ts';
import { freshPostgres } from '../set-up/fresh-postgres.ts';
import { databaseFor, type StoreKind, stores } from '../world.ts';

const shape10 = [begin, delegation, locations, tokens, hub, preferences, retention, claims, consoleTables, sites];
const SERIAL = { sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT', postgres: 'BIGSERIAL PRIMARY KEY' };

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
  const statements = [
    'CREATE TABLE migration (number BIGINT PRIMARY KEY)',
    ...shape10.flatMap((migration, n) => [...migration(SERIAL[kind]), `INSERT INTO migration (number) VALUES (${n + 1})`]),
    ...[...ENDED, ...RUNNING].flatMap((status) => sessionOf(`NL*EVK*${status}`, status)),
  ];
  if (kind === 'sqlite') {
    const path = await databaseFor('sqlite', stack);
    const file = new DatabaseSync(path);
    for (const statement of statements) file.exec(statement);
    file.close();
    return path;
  }
  const url = await freshPostgres();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
  return url;
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
