import { Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { ConsoleUser } from '../../store/sql/console-user.ts';
import type { Users } from '../operators/users.ts';
import { Moment, RoleName } from './fields.ts';
import { listOf } from './lists.ts';
import { type AnsweredRoute, adminRoute, answerRoute, nothing } from './route.ts';

/** A user of the console without password and second factor. */
const UserView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: RoleName,
  via: Type.Unsafe<'password' | 'oidc'>({ type: 'string', enum: ['password', 'oidc'] }),
  totp: Type.Boolean(),
  created_at: Moment,
});

export const listUsers = adminRoute({
  name: 'list-users',
  summary: 'The users who may sign in to the console.',
  method: 'GET',
  path: 'users',
  body: nothing,
  answer: listOf(UserView),
});

export const userAnswers = (users: Users): readonly AnsweredRoute[] => [answerRoute(listUsers, async () => ok({ items: (await users.all()).map(viewUser) }))];

const viewUser = ({ id, name, role, password, encryptedTotp, createdAt }: ConsoleUser) => ({
  id,
  name,
  role,
  via: password === undefined ? ('oidc' as const) : ('password' as const),
  totp: encryptedTotp !== undefined,
  created_at: printDateTime(createdAt),
});
