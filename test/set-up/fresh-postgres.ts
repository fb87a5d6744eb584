import { inject } from 'vitest';
import type { Databases } from './postgres.ts';

async function ask(method: 'GET' | 'POST'): Promise<Databases> {
  const response = await fetch(inject('databaseDoor'), { method });
  const said: unknown = await response.json();
  if (said && typeof said === 'object' && 'url' in said && typeof said.url === 'string') return { url: said.url };
  if (said && typeof said === 'object' && 'missing' in said && typeof said.missing === 'string') return { missing: said.missing };
  throw new Error(`the test set-up answered ${JSON.stringify(said)} instead of a database`);
}

/** The URL of an empty PostgreSQL database that nobody else uses; it goes with the end of the run. Throws with the reason when there is no server. */
export async function freshPostgres(): Promise<string> {
  const databases = await ask('POST');
  if ('missing' in databases) throw new Error(databases.missing);
  return databases.url;
}

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
