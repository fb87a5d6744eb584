import { hash } from 'node:crypto';
import { integer } from './row.ts';
import type { Row, Store } from './store.ts';

/** The counter that holds the number of finished steps while a migration runs; it is absent otherwise. */
export const STEPS_DONE = 'migration-steps';

/** Reads rows of an opened database. */
export interface ShapeSource {
  readonly kind: 'sqlite' | 'postgres';
  rows(sql: string): Promise<readonly Row[]>;
}

/** Reads the shape through an opened store. */
export const shapeSourceOf = (store: Store): ShapeSource => ({
  kind: store.kind,
  rows: (sql) => store.all({ name: `shape-${hash('sha256', sql, 'hex').slice(0, 16)}`, sql, values: [], read: (row) => row }),
});

/** The number of the newest migration in a database. */
export interface FoundShape {
  /** 0: the database has no tables yet. */
  shape: number;
  /** The finished steps of this migration when it was interrupted. */
  stepsDone: number | undefined;
}

/** Reads which migrations a database has; changes nothing. */
export async function readShape({ kind, rows }: ShapeSource): Promise<FoundShape> {
  const tables = kind === 'sqlite' ? "SELECT name FROM sqlite_master WHERE name = 'migration'" : "SELECT 1 AS name WHERE to_regclass('migration') IS NOT NULL";
  if ((await rows(tables)).length === 0) return { shape: 0, stepsDone: undefined };
  const [newest = {}] = await rows('SELECT COALESCE(MAX(number), 0) AS shape FROM migration');
  const shape = integer(newest, 'shape');
  const [steps] = shape === 0 ? [] : await rows(`SELECT value FROM counter WHERE name = '${STEPS_DONE}'`);
  return { shape, stepsDone: steps && integer(steps, 'value') };
}

/** A newer release has written the store. */
export class NewerStore extends Error {
  constructor(found: number, allowed: number) {
    super(`database: found migration ${found}, allowed: up to ${allowed} in this release; start a newer release of evenkeel`);
  }
}

/** The store needs a migration, which only a node at its start and `evenkeel migrate` run. */
export class OlderStore extends Error {
  constructor({ shape, stepsDone }: FoundShape, needed: number) {
    const found = shape === 0 ? 'no tables' : `tables of shape ${shape}${stepsDone === undefined ? '' : ', whose migration is not finished'}`;
    super(`database: found ${found}, allowed: shape ${needed}; start the node once, or run evenkeel migrate --config FILE`);
  }
}

/** Throws unless the tables have the shape that this release works with. */
export function requireShape(found: FoundShape, needed: number): void {
  if (found.shape > needed) throw new NewerStore(found.shape, needed);
  if (found.shape < needed || found.stepsDone !== undefined) throw new OlderStore(found, needed);
}
