import { Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { epochMillis } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import type { ApiKey } from '../../store/sql/api-key.ts';
import type { Keys } from '../operators/keys.ts';
import { Moment, RoleName } from './fields.ts';
import { listOf } from './lists.ts';
import { oneById, refuse } from './refusal.ts';
import { type AnsweredRoute, adminRoute, answerRoute, nothing } from './route.ts';

/** A key without its secret. */
export const KeyView = Type.Object({ id: Type.String(), name: Type.String(), scope: RoleName, created_at: Moment, revoked_at: Type.Optional(Moment) });

export const listKeys = adminRoute({
  name: 'list-keys',
  summary: 'The keys to this API, without their secrets.',
  method: 'GET',
  path: 'keys',
  body: nothing,
  answer: listOf(KeyView),
});

export const addKey = adminRoute({
  name: 'add-key',
  summary: 'Makes a key. It is shown only in this answer.',
  method: 'POST',
  path: 'keys',
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }), scope: RoleName }, { additionalProperties: false }),
  answer: Type.Object({ id: Type.String(), key: Type.String(), scope: RoleName }),
});

export const revokeKey = adminRoute({
  name: 'revoke-key',
  summary: 'Revokes a key. Its next request is refused.',
  method: 'DELETE',
  path: 'keys/{key}',
  body: nothing,
  answer: KeyView,
});

export const keyAnswers = (keys: Keys): readonly AnsweredRoute[] => [
  answerRoute(listKeys, async () => ok({ items: (await keys.all()).map(viewKey) })),
  answerRoute(
    addKey,
    async ({ body }) => ok(await keys.add(body)),
    ({ body }) => ({ says: `scope ${body.scope}` }),
  ),
  answerRoute(revokeKey, async ({ params }) => {
    const found = oneById(await keys.all(), ({ id }) => id, { noun: 'key', typed: params.key });
    if (!found.ok) return found;
    const revoked = await keys.revoke(found.value.id);
    return revoked.ok ? ok(viewKey(revoked.value)) : refuse(409, 'NOT_POSSIBLE', revoked.problem);
  }),
];

const viewKey = ({ id, name, scope, createdAt, revokedAt }: ApiKey) => ({
  id,
  name,
  scope,
  created_at: printDateTime(epochMillis(createdAt)),
  ...(revokedAt !== undefined && { revoked_at: printDateTime(epochMillis(revokedAt)) }),
});
