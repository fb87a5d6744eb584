import { isPostgres, openStore } from '../../../store/open.ts';
import { integer } from '../../../store/row.ts';
import { nextNumber, readNumber } from '../../../store/sql/counter.ts';
import type { Query, Store } from '../../../store/store.ts';
import type { Config } from '../../config/config.ts';
import { machineClock } from '../../core/machine-clock.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';
import { checkVault } from './vault.ts';

/** A clock further away from the store's than this makes deadlines that others see as past. */
const MOST_SKEW_MS = 2_000;

/** Opens the store, writes to it and reads back; for PostgreSQL also compares the clocks. */
export async function checkStore(config: Config): Promise<readonly Finding[]> {
  const { database } = config;
  try {
    await using store = await openStore(database);
    const first = await draw(store);
    const second = await draw(store);
    const shape = await store.first(SHAPE);
    const counts = first !== undefined && second !== undefined && second > first;
    const opened = passed('store', `${store.kind} opens, writes and reads back; its tables have shape ${shape}`);
    if (!counts) return [failed('store', `${store.kind} forgot what was written to it: restore the database from a backup`)];
    return [opened, ...(await checkVault(config, store)), ...(store.kind === 'postgres' ? [await compareClocks(store)] : [])];
  } catch (error) {
    return [failed('store', isPostgres(database) ? unreachable(error) : unusable(database, error))];
  }
}

const draw = async (store: Store): Promise<number | undefined> => {
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
  const theirs = await store.first(SERVER_TIME);
  const between = (before + machineClock.now()) / 2;
  const skew = Math.round(Math.abs((theirs ?? 0) - between));
  const says = `this machine and PostgreSQL are ${skew} ms apart`;
  return skew <= MOST_SKEW_MS ? passed('clock of the store', says) : failed('clock of the store', `${says}, allowed are ${MOST_SKEW_MS}: set both by NTP`);
}

const unreachable = (error: unknown) =>
  `PostgreSQL cannot be used (${reasonOf(error)}): is the server running, and do user, password and database name in "database" fit?`;
const unusable = (path: string, error: unknown) =>
  `${path} cannot be used (${error instanceof Error ? error.message : reasonOf(error)}): name a file in a folder that this user may write to with "database"`;
