import { inject } from 'vitest';
import type { Databases } from './postgres.ts';

async function request(method: 'GET' | 'POST' | 'DELETE', path = '/'): Promise<Databases> {
  const response = await fetch(new URL(path, inject('databaseServer')), { method });
  const answer: unknown = await response.json();
  if (answer && typeof answer === 'object' && 'url' in answer && typeof answer.url === 'string') return { url: answer.url };
  if (answer && typeof answer === 'object' && 'missing' in answer && typeof answer.missing === 'string') return { missing: answer.missing };
  throw new Error(`the set-up of the tests answered ${JSON.stringify(answer)} instead of a database`);
}

async function create(path: '/empty' | '/with-tables'): Promise<string> {
  const databases = await request('POST', path);
  if ('missing' in databases) throw new Error(databases.missing);
  return databases.url;
}

/** Creates an empty PostgreSQL database and returns its URL; it is removed at the end of the run. Throws with the reason when there is no server. */
export const freshPostgres = (): Promise<string> => create('/empty');

/** Like `freshPostgres`, with all tables of a node. A test that gives it back to `giveBack` leaves it to a later test. */
export const postgresWithTables = (): Promise<string> => create('/with-tables');

/** Gives a database of `postgresWithTables` back when nothing is connected to it any more. */
export async function giveBack(url: string): Promise<void> {
  const databases = await request('DELETE', new URL(url).pathname);
  if ('missing' in databases) throw new Error(databases.missing);
}

/**
 * Whether tests that need PostgreSQL must be skipped: `describe.skipIf(await lacksPostgres())`. Then it writes a warning to stderr.
 * In CI nothing is skipped: the tests run and fail with the reason.
 */
export async function lacksPostgres(): Promise<boolean> {
  const databases = await request('GET');
  if ('url' in databases || process.env.CI) return false;
  console.warn(`skipped: ${databases.missing}`);
  return true;
}
