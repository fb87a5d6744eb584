import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer } from '../row.ts';
import type { Query, Write } from '../store.ts';
import { type ConsoleUser, readUser } from './console-user.ts';

/** Somebody who is signed in. */
export interface Login {
  user: ConsoleUser;
  beganAt: EpochMillis;
  usedAt: EpochMillis;
}

export const beginLogin = (hash: string, user: string, at: EpochMillis): Write => ({
  name: 'begin-console-login',
  sql: 'INSERT INTO console_login (hash, console_user, began_at, used_at) VALUES ($1, $2, $3, $3)',
  values: [hash, user, at],
});
export const useLogin = (hash: string, at: EpochMillis): Write => ({
  name: 'use-console-login',
  sql: 'UPDATE console_login SET used_at = $2 WHERE hash = $1 AND used_at < $2',
  values: [hash, at],
});
export const endLogin = (hash: string): Write => ({ name: 'end-console-login', sql: 'DELETE FROM console_login WHERE hash = $1', values: [hash] });
/** What nobody uses any more, or has lasted too long. */
export const forgetLogins = ({ usedBefore, begunBefore }: { usedBefore: EpochMillis; begunBefore: EpochMillis }): Write => ({
  name: 'forget-console-logins',
  sql: 'DELETE FROM console_login WHERE used_at < $1 OR began_at < $2',
  values: [usedBefore, begunBefore],
});
/** The login by the hash of its cookie, if it still lasts: the bounds are part of the question. */
export const loginByHash = (hash: string, { usedBefore, begunBefore }: { usedBefore: EpochMillis; begunBefore: EpochMillis }): Query<Login> => ({
  name: 'console-login-of',
  sql: `SELECT console_user.*, console_login.began_at, console_login.used_at FROM console_login
    JOIN console_user ON console_user.id = console_login.console_user
    WHERE console_login.hash = $1 AND console_login.used_at >= $2 AND console_login.began_at >= $3`,
  values: [hash, usedBefore, begunBefore],
  read: (row) => ({ user: readUser(row), beganAt: epochMillis(integer(row, 'began_at')), usedAt: epochMillis(integer(row, 'used_at')) }),
});
