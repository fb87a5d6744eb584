import type { EpochMillis } from '../../domain/units.ts';
import { epochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { SCOPES, type Scope } from './api-key.ts';

/** Somebody who may sign in: by name and password, or as an issuer of OpenID Connect knows them. */
export interface ConsoleUser {
  id: string;
  name: string;
  role: Scope;
  /** How the password is checked; absent: it comes from an issuer. */
  password: string | undefined;
  /** The encrypted secret of the second factor. */
  encryptedTotp: string | undefined;
  createdAt: EpochMillis;
}

/** Changes no row when the name is taken. */
export const addUser = (it: ConsoleUser, foldedName: string): Write => ({
  name: 'add-console-user',
  sql: `INSERT INTO console_user (id, name, folded_name, role, password, totp, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (folded_name) DO NOTHING`,
  values: [it.id, it.name, foldedName, it.role, orNull(it.password), orNull(it.encryptedTotp), it.createdAt],
});
/** Somebody whom an issuer vouches for; what it says of them now stands over what it said before. */
export const saveIssuerUser = (it: Omit<ConsoleUser, 'password' | 'encryptedTotp'>, at: { issuer: string; subject: string }): Write => ({
  name: 'know-console-user',
  sql: `INSERT INTO console_user (id, name, role, issuer, subject, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, role = excluded.role RETURNING *`,
  values: [it.id, it.name, it.role, at.issuer, at.subject, it.createdAt],
});
export const changePassword = (id: string, password: string): Write => ({
  name: 'change-console-password',
  sql: 'UPDATE console_user SET password = $2 WHERE id = $1 AND folded_name IS NOT NULL',
  values: [id, password],
});
/** Ends all that somebody has open, at once. */
export const endLoginsOf = (id: string): Write => ({ name: 'end-console-logins-of', sql: 'DELETE FROM console_login WHERE console_user = $1', values: [id] });
export const removeUser = (id: string): Write => ({ name: 'remove-console-user', sql: 'DELETE FROM console_user WHERE id = $1', values: [id] });
/** Uses up a code of the second factor: no row changes when this one, or a later one, was used before (RFC 6238 §5.2). */
export const useTotp = (id: string, step: number): Write => ({
  name: 'use-console-totp',
  sql: 'UPDATE console_user SET totp_step = $2 WHERE id = $1 AND totp_step < $2',
  values: [id, step],
});

export const readUser = (row: Row): ConsoleUser => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  role: enumValue(row, 'role', SCOPES),
  password: maybeText(row, 'password'),
  encryptedTotp: maybeText(row, 'totp'),
  createdAt: epochMillis(integer(row, 'created_at')),
});
export const userByName = (foldedName: string): Query<ConsoleUser> => ({
  name: 'console-user-by-name',
  sql: 'SELECT * FROM console_user WHERE folded_name = $1',
  values: [foldedName],
  read: readUser,
});
export const allUsers: Query<ConsoleUser> = {
  name: 'all-console-users',
  sql: 'SELECT * FROM console_user ORDER BY created_at, id',
  values: [],
  read: readUser,
};
