import type { EpochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeInteger, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';

/** `view` reads; `operate` also sets, gets and clears profiles, and halts parties; `admin` also changes peers, contracts, consents, keys and users. */
export const SCOPES = ['view', 'operate', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
/** Each right holds those before it. */
export const scopeIncludes = (scope: Scope, needed: Scope): boolean => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
export interface ApiKey {
  id: string;
  name: string;
  scope: Scope;
  createdAt: number;
  revokedAt: number | undefined;
}

export const addApiKey = (key: ApiKey, hash: string): Write => ({
  name: 'add-api-key',
  sql: 'INSERT INTO api_key (id, hash, name, scope, created_at) VALUES ($1, $2, $3, $4, $5)',
  values: [key.id, hash, key.name, key.scope, key.createdAt],
});
export const revokeApiKey = (id: string, at: EpochMillis): Write => ({
  name: 'revoke-api-key',
  sql: 'UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL',
  values: [id, at],
});

const read = (row: Row): ApiKey => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  scope: enumValue(row, 'scope', SCOPES),
  createdAt: integer(row, 'created_at'),
  revokedAt: maybeInteger(row, 'revoked_at'),
});
export const apiKeyByHash = (hash: string): Query<ApiKey> => ({
  name: 'api-key-of',
  sql: 'SELECT * FROM api_key WHERE hash = $1 AND revoked_at IS NULL',
  values: [hash],
  read,
});
export const allApiKeys: Query<ApiKey> = { name: 'all-api-keys', sql: 'SELECT * FROM api_key ORDER BY created_at', values: [], read };
