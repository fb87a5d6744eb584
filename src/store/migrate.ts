import { inChunks, type Step, type WholeUpdate } from './migration-step.ts';
import { begin } from './migrations/0001-begin.ts';
import { delegation } from './migrations/0002-delegation.ts';
import { locations } from './migrations/0003-locations.ts';
import { tokens } from './migrations/0004-tokens.ts';
import { hub } from './migrations/0005-hub.ts';
import { preferences } from './migrations/0006-preferences.ts';
import { retention } from './migrations/0007-retention.ts';
import { claims } from './migrations/0008-claims.ts';
import { consoleTables } from './migrations/0009-console.ts';
import { sites } from './migrations/0010-sites.ts';
import { evses } from './migrations/0011-evses.ts';
import { running } from './migrations/0012-running.ts';
import { tokenClaims } from './migrations/0013-token-claims.ts';
import { toldPeers } from './migrations/0014-told-peers.ts';
import { evidence } from './migrations/0015-evidence.ts';
import { unknownLimits } from './migrations/0016-unknown-limits.ts';
import { shown } from './migrations/0017-shown.ts';
import { authors } from './migrations/0018-authors.ts';
import { alarms } from './migrations/0019-alarms.ts';
import { reasons } from './migrations/0020-reasons.ts';
import { savedViews } from './migrations/0021-saved-views.ts';
import { keptMessages } from './migrations/0022-kept-messages.ts';
import { letIn } from './migrations/0023-let-in.ts';
import { csmsProfiles } from './migrations/0024-csms-profiles.ts';
import { shadow } from './migrations/0025-shadow.ts';
import { integer } from './row.ts';
import { NewerStore, readShape, type ShapeSource, STEPS_DONE } from './shape.ts';

const migrations: readonly ((serial: string) => readonly Step[])[] = [
  begin,
  delegation,
  locations,
  tokens,
  hub,
  preferences,
  retention,
  claims,
  consoleTables,
  sites,
  evses,
  running,
  tokenClaims,
  toldPeers,
  evidence,
  unknownLimits,
  shown,
  authors,
  alarms,
  reasons,
  savedViews,
  keptMessages,
  letIn,
  csmsProfiles,
  shadow,
];

/** The shape of the tables that this release works with: the number of its newest migration. */
export const SHAPE = migrations.length;

/** How far a migration has come. */
export interface Progress {
  /** The shape that the running migration leads to, and the one that is wanted. */
  shape: number;
  of: number;
  /** The number of the statement that runs now, and of all statements of this migration. */
  statement: number;
  statements: number;
  /** Rows that a statement in batches has changed, and the rows to change: by their numbers, so that gaps count too. */
  rows?: number;
  of_rows?: number;
}

/** A connection for migrations, without any time limit on its statements. */
export interface MigrationConnection extends ShapeSource {
  /** The column type of an automatically increasing key in this kind of store. */
  serial: string;
  /** Runs one statement, in the transaction of `transact` or in one of its own. */
  run(sql: string): Promise<void>;
  transact(work: () => Promise<void>): Promise<void>;
  /** Builds an index outside transactions, so that the table stays usable; undefined: indexes are built in the transaction. */
  buildIndex: ((sql: string, name: string) => Promise<void>) | undefined;
}

/** What a caller of migrations may add. */
export interface MigrationOptions {
  /** Called before each statement and after each batch of rows. A new store reports nothing. */
  progress?(step: Progress): void;
  /** Called before the tables of a new store are made; throws to refuse. */
  beforeCreating?(): void;
  /** The shape to stop at; the newest if undefined. Tests build stores of older releases with it. */
  target?: number;
}

/** Rows of one batch of a large UPDATE: some hundred milliseconds of work. */
const BATCH_ROWS = 10_000;

/**
 * Brings the tables of a store to the wanted shape. An interrupted migration continues after its last finished statement. Throws
 * `NewerStore` when a newer release has written the store.
 */
export async function migrate(db: MigrationConnection, options: MigrationOptions = {}): Promise<void> {
  const { target = SHAPE } = options;
  const found = await readShape(db);
  if (found.shape > SHAPE) throw new NewerStore(found.shape, SHAPE);
  if (found.shape === 0) {
    options.beforeCreating?.();
    return createTables(db, target);
  }
  if (found.stepsDone !== undefined) await finish(db, { number: found.shape, stepsDone: found.stepsDone }, options);
  for (let number = found.shape + 1; number <= target; number += 1) {
    await db.transact(async () => {
      await db.run(`INSERT INTO migration (number) VALUES (${number})`);
      await noteSteps(db, 0);
    });
    await finish(db, { number, stepsDone: 0 }, options);
  }
}

const stepsOf = (db: MigrationConnection, number: number): readonly Step[] => migrations[number - 1]?.(db.serial) ?? [];

/** All migrations in one transaction: empty tables need neither batches nor concurrent indexes. */
async function createTables(db: MigrationConnection, target: number): Promise<void> {
  await db.transact(async () => {
    if ((await readShape(db)).shape > 0) return; // Another process created them in the meantime.
    await db.run('CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)');
    for (let number = 1; number <= target; number += 1) {
      for (const step of stepsOf(db, number)) await db.run(typeof step === 'string' ? step : step.update);
      await db.run(`INSERT INTO migration (number) VALUES (${number})`);
    }
  });
}

/** Runs the steps of one migration that are not done yet. The number of done steps is committed together with them. */
async function finish(db: MigrationConnection, { number, stepsDone }: { number: number; stepsDone: number }, options: MigrationOptions): Promise<void> {
  const steps = stepsOf(db, number);
  const report = (n: number, rows: Pick<Progress, 'rows' | 'of_rows'> = {}) =>
    options.progress?.({ shape: number, of: options.target ?? SHAPE, statement: n + 1, statements: steps.length, ...rows });
  for (const { from, chunk } of inChunks(steps, { afterSteps: stepsDone, indexesApart: db.buildIndex !== undefined })) {
    if (chunk.kind === 'statements') {
      await db.transact(async () => {
        for (const [n, sql] of chunk.statements.entries()) {
          report(from + n);
          await db.run(sql);
        }
        await noteSteps(db, from + chunk.statements.length);
      });
      continue;
    }
    report(from);
    if (chunk.kind === 'index') await db.buildIndex?.(chunk.sql, chunk.name);
    else await updateInBatches(db, chunk.update, (rows) => report(from, rows));
    await noteSteps(db, from + 1);
  }
  await db.run(`DELETE FROM counter WHERE name = '${STEPS_DONE}'`);
}

const noteSteps = (db: MigrationConnection, steps: number) =>
  db.run(`INSERT INTO counter (name, value) VALUES ('${STEPS_DONE}', ${steps}) ON CONFLICT (name) DO UPDATE SET value = ${steps}`);

/** Each batch is a transaction, so that no row is locked for long and an interrupted update keeps what it did. Reports each percent. */
async function updateInBatches(db: MigrationConnection, { update, table, pending }: WholeUpdate, report: (rows: { rows: number; of_rows: number }) => void) {
  const [range = {}] = await db.rows(`SELECT COALESCE(MIN(seq), 0) AS first, COALESCE(MAX(seq), -1) AS last FROM ${table}`);
  const [first, last] = [integer(range, 'first'), integer(range, 'last')];
  const total = last - first + 1;
  let percent = 0;
  for (let from = first; from <= last; from += BATCH_ROWS) {
    await db.run(`${update} WHERE seq >= ${from} AND seq < ${from + BATCH_ROWS} AND ${pending}`);
    const done = Math.min(total, from + BATCH_ROWS - first);
    if (Math.floor((100 * done) / total) === percent) continue;
    percent = Math.floor((100 * done) / total);
    report({ rows: done, of_rows: total });
  }
}
