import { inject } from 'vitest';
import type { Databases } from './postgres.ts';

async function ask(method: 'GET' | 'POST', path = '/'): Promise<Databases> {
  const response = await fetch(new URL(path, inject('databaseDoor')), { method });
  const said: unknown = await response.json();
  if (said && typeof said === 'object' && 'url' in said && typeof said.url === 'string') return { url: said.url };
  if (said && typeof said === 'object' && 'missing' in said && typeof said.missing === 'string') return { missing: said.missing };
  throw new Error(`the test set-up answered ${JSON.stringify(said)} instead of a database`);
}

async function make(path: '/empty' | '/with-tables'): Promise<string> {
  const databases = await ask('POST', path);
  if ('missing' in databases) throw new Error(databases.missing);
  return databases.url;
}

/** The URL of an empty PostgreSQL database that nobody else uses; it goes with the end of the run. Throws with the reason when there is no server. */
export const freshPostgres = (): Promise<string> => make('/empty');

/** The same, as a node leaves it that was started once: all tables, and nothing in them. */
export const postgresWithTables = (): Promise<string> => make('/with-tables');

/**
 * Whether tests that need PostgreSQL must be skipped, with a word on stderr: `describe.skipIf(await lacksPostgres())`.
 * In CI nothing is skipped: the tests then run, and fail with the reason.
 */
export async function lacksPostgres(): Promise<boolean> {
  const databases = await ask('GET');
  if ('url' in databases || process.env.CI) return false;
  console.warn(`skipped: ${databases.missing}`);
  return true;
}
