import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { ConsoleUser } from '../../store/sql/console-user.ts';
import type { Users } from '../operators/users.ts';
import { Moment, RoleName } from './fields.ts';
import { listOf } from './lists.ts';
import { oneById, refuse } from './refusal.ts';
import { type AnsweredRoute, adminRoute, answerRoute, nothing } from './route.ts';

/** A user of the console without password and second factor. */
export const UserView = Type.Object({
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

/** A password that the node has made; it is shown only in this answer. */
const OneTimePassword = Type.String({ description: 'made by the node and shown only here; the user signs in with it' });

export const addUser = adminRoute({
  name: 'add-user',
  summary: 'Adds a user with a password that the node makes. It is shown only in this answer.',
  method: 'POST',
  path: 'users',
  body: Type.Object(
    { name: Type.String({ minLength: 1, maxLength: 64 }), role: RoleName, totp: Type.Optional(Type.Boolean({ description: 'a code is needed, too' })) },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    user: UserView,
    password: OneTimePassword,
    otpauth: Type.Optional(Type.String({ description: 'the key URI for an authenticator app, shown only here' })),
  }),
});

export const setPassword = adminRoute({
  name: 'set-password',
  summary: 'Gives a user a new password that the node makes, and ends all logins of the user.',
  method: 'POST',
  path: 'users/{user}/password',
  body: nothing,
  answer: Type.Object({ user: UserView, password: OneTimePassword }),
});

export const removeUser = adminRoute({
  name: 'remove-user',
  summary: 'Removes a user and ends all logins of the user.',
  method: 'DELETE',
  path: 'users/{user}',
  body: nothing,
  answer: UserView,
});

/** 96 bits as 16 characters that can be read out. */
const newPassword = () => randomBytes(12).toString('base64url');

export function userAnswers(users: Users): readonly AnsweredRoute[] {
  const find = async (typed: string) => oneById(await users.all(), ({ id }) => id, { noun: 'user', typed });
  // The audit holds ids, not names: names are personal data.
  const byId = ({ params: { user } }: { params: { user: string } }) => (/^[0-9a-f-]+$/i.test(user) ? { subject: user } : {});
  return [
    answerRoute(listUsers, async () => ok({ items: (await users.all()).map(viewUser) })),
    answerRoute(
      addUser,
      async ({ body: { name, role, totp = false } }) => {
        const password = newPassword();
        const added = await users.add({ name, role, totp, password });
        if (!added.ok) return refuse(409, 'NOT_POSSIBLE', added.problem);
        const { user, otpauth } = added.value;
        return ok({ user: viewUser(user), password, ...(otpauth !== undefined && { otpauth }) });
      },
      ({ body }) => ({ says: `role ${body.role}` }),
    ),
    answerRoute(
      setPassword,
      async ({ params }) => {
        const found = await find(params.user);
        if (!found.ok) return found;
        if (found.value.password === undefined) return refuse(409, 'NOT_POSSIBLE', 'this user signs in at an identity provider, which has the password');
        const password = newPassword();
        const changed = await users.setPassword(found.value.name, password);
        return changed.ok ? ok({ user: viewUser(found.value), password }) : refuse(409, 'NOT_POSSIBLE', changed.problem);
      },
      byId,
    ),
    answerRoute(
      removeUser,
      async ({ params }, by) => {
        const found = await find(params.user);
        if (!found.ok) return found;
        if (by.kind === 'user' && by.id === found.value.id) return refuse(409, 'NOT_POSSIBLE', 'this is you: another administrator removes your user');
        const removed = await users.remove(found.value.password === undefined ? found.value.id : found.value.name);
        return removed.ok ? ok(viewUser(removed.value)) : refuse(409, 'NOT_POSSIBLE', removed.problem);
      },
      byId,
    ),
  ];
}

const viewUser = ({ id, name, role, password, encryptedTotp, createdAt }: ConsoleUser) => ({
  id,
  name,
  role,
  via: password === undefined ? ('oidc' as const) : ('password' as const),
  totp: encryptedTotp !== undefined,
  created_at: printDateTime(createdAt),
});
