import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyFingerprint, OldKeyFiles, storedKey, WrongKey } from '../../../store/key-check.ts';
import { SHAPE } from '../../../store/migrate.ts';
import { isMissing, isPostgres, keyFileAt, oldKeyFiles, openAsFound, openEncryption } from '../../../store/open.ts';
import { integer } from '../../../store/row.ts';
import { type FoundShape, NewerStore } from '../../../store/shape.ts';
import { nextNumber, readNumber } from '../../../store/sql/counter.ts';
import type { Query, Store, Write } from '../../../store/store.ts';
import type { Config } from '../../config/config.ts';
import { machineClock } from '../../core/machine-clock.ts';
import { advised, type Finding, failed, passed, reasonOf } from './finding.ts';
import { checkVault } from './key-files.ts';

/** With a larger difference between the clocks, other nodes see new deadlines as past. */
const MAX_SKEW_MS = 2_000;

/** The findings about a database, and whether this release can read its tables as they are. */
export interface CheckedStore {
  findings: readonly Finding[];
  readable: boolean;
}
const unreadable = (...findings: readonly Finding[]): CheckedStore => ({ findings, readable: false });

/** Opens the database without changing its tables, writes to it and reads back; checks key and vault; with PostgreSQL also compares the clocks. */
export async function checkStore(config: Config): Promise<CheckedStore> {
  const { database } = config;
  try {
    if (isMissing(database)) return unreadable(checkFolder(config));
    const { store, found } = await openAsFound(database);
    await using _closed = store;
    if (found.shape > SHAPE) return unreadable(failed('store', new NewerStore(found.shape, SHAPE).message));
    if (found.shape === 0) await store.commit(makeAndDrop);
    else if (!(await countUp(store))) return unreadable(failed('store', `${store.kind} lost what was just written: restore the database from a backup`));
    const readable = found.shape === SHAPE && found.stepsDone === undefined;
    const keys = readable ? [...(await checkKey(config, store)), ...(await checkVault(config, store))] : [];
    const clocks = store.kind === 'postgres' ? [await compareClocks(store)] : [];
    return { findings: [describeShape(config, store, found), ...keys, ...clocks], readable };
  } catch (error) {
    return unreadable(failed('store', isPostgres(database) ? unreachable(error) : unusable(database, error)));
  }
}

/** A database file that the first start will create. */
function checkFolder(config: Config): Finding {
  accessSync(dirname(config.database), constants.W_OK | constants.X_OK);
  return refusedStart(config) ?? passed('store', `${config.database} does not exist yet; the first start creates it`);
}

function refusedStart(config: Config): Finding | undefined {
  const files = oldKeyFiles(config);
  return files.length > 0 ? failed('store', new OldKeyFiles(files).message) : undefined;
}

function describeShape(config: Config, { kind }: Store, { shape, stepsDone }: FoundShape): Finding {
  const works = `${kind} opens, writes and reads back`;
  if (shape === 0) return refusedStart(config) ?? passed('store', `${works}; it has no tables yet, the first start creates them`);
  if (shape === SHAPE && stepsDone === undefined) return passed('store', `${works}; its tables have shape ${shape}`);
  const older = stepsDone === undefined ? `shape ${shape}` : `an unfinished shape ${shape}`;
  return advised(
    'store',
    `${works}; its tables have ${older}, and this release needs shape ${SHAPE}: start the node once, or run evenkeel migrate --config FILE`,
  );
}

/** Whether this user may make tables, without leaving one. */
const makeAndDrop: readonly Write[] = [
  { name: 'doctor-make', sql: 'CREATE TABLE evenkeel_doctor (n BIGINT)', values: [] },
  { name: 'doctor-drop', sql: 'DROP TABLE evenkeel_doctor', values: [] },
];

/** Counts twice; false when the second number is not larger. */
async function countUp(store: Store): Promise<boolean> {
  const next = async () => {
    const [written] = await store.commit([nextNumber('doctor')]);
    const row = written?.rows[0];
    return row && readNumber(row);
  };
  const [first, second] = [await next(), await next()];
  return first !== undefined && second !== undefined && second > first;
}

/** The key file must be the one that the database was written with. */
async function checkKey(config: Config, store: Store): Promise<readonly Finding[]> {
  const path = keyFileAt(config);
  const known = await store.first(storedKey);
  if (path === undefined || known === undefined) return [];
  if (!existsSync(path)) return [failed('key file', new WrongKey(path, 'nothing').message)];
  return known === keyFingerprint(openEncryption(path)) ? [] : [failed('key file', new WrongKey(path, 'another key').message)];
}

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
