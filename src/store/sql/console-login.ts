import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer, orNull } from '../row.ts';
import type { Query, Write } from '../store.ts';
import { type ConsoleUser, readUser } from './console-user.ts';

/** A user's login, with the times of its begin and its last use. */
export interface Login {
  user: ConsoleUser;
  beganAt: EpochMillis;
  usedAt: EpochMillis;
}

/** Inserts a login with the hash of its cookie; changes no row when the user was removed or got another password since it was checked. */
export const beginLogin = (hash: string, { id, password }: Pick<ConsoleUser, 'id' | 'password'>, at: EpochMillis): Write => ({
  name: 'begin-console-login',
  sql: `INSERT INTO console_login (hash, console_user, began_at, used_at)
    SELECT $1, id, $3, $3 FROM console_user WHERE id = $2 AND password IS NOT DISTINCT FROM $4`,
  values: [hash, id, at, orNull(password)],
});
/** Records the last use of a login. */
export const useLogin = (hash: string, at: EpochMillis): Write => ({
  name: 'use-console-login',
  sql: 'UPDATE console_login SET used_at = $2 WHERE hash = $1 AND used_at < $2',
  values: [hash, at],
});
/** Deletes a login. */
export const endLogin = (hash: string): Write => ({ name: 'end-console-login', sql: 'DELETE FROM console_login WHERE hash = $1', values: [hash] });
/** Deletes logins that were last used before `usedBefore` or began before `begunBefore`. */
export const forgetLogins = ({ usedBefore, begunBefore }: { usedBefore: EpochMillis; begunBefore: EpochMillis }): Write => ({
  name: 'forget-console-logins',
  sql: 'DELETE FROM console_login WHERE used_at < $1 OR began_at < $2',
  values: [usedBefore, begunBefore],
});
/** The login with this cookie hash; no row when it was last used before `usedBefore` or began before `begunBefore`. */
export const loginByHash = (hash: string, { usedBefore, begunBefore }: { usedBefore: EpochMillis; begunBefore: EpochMillis }): Query<Login> => ({
  name: 'console-login-by-hash',
  sql: `SELECT console_user.*, console_login.began_at, console_login.used_at FROM console_login
    JOIN console_user ON console_user.id = console_login.console_user
    WHERE console_login.hash = $1 AND console_login.used_at >= $2 AND console_login.began_at >= $3`,
  values: [hash, usedBefore, begunBefore],
  read: (row) => ({ user: readUser(row), beganAt: epochMillis(integer(row, 'began_at')), usedAt: epochMillis(integer(row, 'used_at')) }),
});
