import { isPostgres, openStore } from '../../../store/open.ts';
import { integer } from '../../../store/row.ts';
import { nextNumber, readNumber } from '../../../store/sql/counter.ts';
import type { Query, Store } from '../../../store/store.ts';
import type { Config } from '../../config/config.ts';
import { machineClock } from '../../core/machine-clock.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';
import { checkVault } from './key-files.ts';

/** With a larger difference between the clocks, other nodes see new deadlines as past. */
const MAX_SKEW_MS = 2_000;

/** Opens the database, writes to it twice and reads back; checks the vault; with PostgreSQL also compares the clocks. */
export async function checkStore(config: Config): Promise<readonly Finding[]> {
  const { database } = config;
  try {
    await using store = await openStore(database);
    const first = await countUp(store);
    const second = await countUp(store);
    const shape = await store.first(SHAPE);
    if (first === undefined || second === undefined || second <= first)
      return [failed('store', `${store.kind} lost what was just written: restore the database from a backup`)];
    return [
      passed('store', `${store.kind} opens, writes and reads back; its tables have shape ${shape}`),
      ...(await checkVault(config, store)),
      ...(store.kind === 'postgres' ? [await compareClocks(store)] : []),
    ];
  } catch (error) {
    return [failed('store', isPostgres(database) ? unreachable(error) : unusable(database, error))];
  }
}

const countUp = async (store: Store): Promise<number | undefined> => {
  const [written] = await store.commit([nextNumber('doctor')]);
  const row = written?.rows[0];
  return row && readNumber(row);
};

const SHAPE: Query<number> = {
  name: 'shape',
  sql: 'SELECT COALESCE(MAX(number), 0) AS shape FROM migration',
  values: [],
  read: (row) => integer(row, 'shape'),
};
const SERVER_TIME: Query<number> = {
  name: 'server-time',
  sql: 'SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now',
  values: [],
  read: (row) => integer(row, 'now'),
};

async function compareClocks(store: Store): Promise<Finding> {
  const before = machineClock.now();
  const serverTime = await store.first(SERVER_TIME);
  const ours = (before + machineClock.now()) / 2;
  const skew = Math.round(Math.abs((serverTime ?? 0) - ours));
  const difference = `the clocks of this machine and of PostgreSQL differ by ${skew} ms`;
  return skew <= MAX_SKEW_MS
    ? passed('clock of the store', difference)
    : failed('clock of the store', `${difference}; at most ${MAX_SKEW_MS} ms are allowed: set both, for example by NTP`);
}

const unreachable = (error: unknown) =>
  `PostgreSQL cannot be used (${reasonOf(error)}): check that the server is running, and the user, password and database name in "database"`;
const unusable = (path: string, error: unknown) =>
  `${path} cannot be used (${error instanceof Error ? error.message : reasonOf(error)}): set "database" to a file in a folder that this user may write to`;
