import type { EpochMillis } from '../../domain/units.ts';
import { epochMillis } from '../../domain/units.ts';
import { enumValue, integer, maybeText, orNull, text } from '../row.ts';
import type { Query, Row, Write } from '../store.ts';
import { SCOPES, type Scope } from './api-key.ts';

/** A user who may sign in, by name and password or by an OpenID Connect issuer. */
export interface ConsoleUser {
  id: string;
  name: string;
  role: Scope;
  /** The hash of the password with its parameters; undefined for a user of an issuer. */
  password: string | undefined;
  /** The encrypted TOTP secret of the second factor. */
  encryptedTotp: string | undefined;
  createdAt: EpochMillis;
}

/** Inserts a user with a password; changes no row when the name exists. */
export const addUser = (it: ConsoleUser, foldedName: string): Write => ({
  name: 'add-console-user',
  sql: `INSERT INTO console_user (id, name, folded_name, role, password, totp, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (folded_name) DO NOTHING`,
  values: [it.id, it.name, foldedName, it.role, orNull(it.password), orNull(it.encryptedTotp), it.createdAt],
});
/** Saves a user of an issuer; the issuer's current name and role replace the earlier ones. */
export const saveIssuerUser = (it: Omit<ConsoleUser, 'password' | 'encryptedTotp'>, at: { issuer: string; subject: string }): Write => ({
  name: 'save-issuer-user',
  sql: `INSERT INTO console_user (id, name, role, issuer, subject, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, role = excluded.role RETURNING *`,
  values: [it.id, it.name, it.role, at.issuer, at.subject, it.createdAt],
});
/** Changes the password of a user who signs in by name. */
export const changePassword = (id: string, password: string): Write => ({
  name: 'change-console-password',
  sql: 'UPDATE console_user SET password = $2 WHERE id = $1 AND folded_name IS NOT NULL',
  values: [id, password],
});
/** Deletes all logins of a user. */
export const endLoginsOf = (id: string): Write => ({ name: 'end-console-logins-of', sql: 'DELETE FROM console_login WHERE console_user = $1', values: [id] });
/** Deletes a user. */
export const removeUser = (id: string): Write => ({ name: 'remove-console-user', sql: 'DELETE FROM console_user WHERE id = $1', values: [id] });
/** Marks a TOTP time step as used; changes no row when this or a later step was used before (RFC 6238 §5.2). */
export const useTotp = (id: string, step: number): Write => ({
  name: 'use-console-totp',
  sql: 'UPDATE console_user SET totp_step = $2 WHERE id = $1 AND totp_step < $2',
  values: [id, step],
});

/** Reads a user from a row. */
export const readUser = (row: Row): ConsoleUser => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  role: enumValue(row, 'role', SCOPES),
  password: maybeText(row, 'password'),
  encryptedTotp: maybeText(row, 'totp'),
  createdAt: epochMillis(integer(row, 'created_at')),
});
/** The user who signs in with this name, case-folded. */
export const userByName = (foldedName: string): Query<ConsoleUser> => ({
  name: 'console-user-by-name',
  sql: 'SELECT * FROM console_user WHERE folded_name = $1',
  values: [foldedName],
  read: readUser,
});
/** All users, oldest first. */
export const allUsers: Query<ConsoleUser> = {
  name: 'all-console-users',
  sql: 'SELECT * FROM console_user ORDER BY created_at, id',
  values: [],
  read: readUser,
};
