import { type Static, Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { ACTORS, newestAudit, newestAuditOf } from '../../store/sql/audit.ts';
import type { Store } from '../../store/store.ts';
import type { Keys } from '../operators/keys.ts';
import type { Users } from '../operators/users.ts';
import { Moment, Seq } from './fields.ts';
import { Before, DEFAULT_LIMIT, Limit, MOST_SEARCHED, NEWEST, nextOf, pageOf } from './lists.ts';
import { type AnsweredRoute, answerRoute, queryRoute } from './route.ts';

/** One entry of the audit. */
const AuditView = Type.Object({
  seq: Seq,
  at: Moment,
  by: Type.Object({
    kind: oneOf(...ACTORS),
    id: Type.Optional(Type.String()),
    name: Type.Optional(Type.String({ description: 'the current name; absent when the user was removed' })),
  }),
  act: Type.String(),
  subject: Type.Optional(Type.String()),
  says: Type.Optional(Type.String()),
  hash: Type.String(),
});
export type AuditView = Static<typeof AuditView>;

export const listAudit = queryRoute({
  name: 'list-audit',
  summary: 'The audit: what people, keys and commands did, newest first. evenkeel audit verify checks that no entry was changed or removed.',
  path: 'audit',
  query: Type.Object({
    limit: Limit,
    before: Before,
    by: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'the id of a user or key; me: the one that asks' })),
  }),
  answer: pageOf(AuditView),
});

interface Dependencies {
  store: Store;
  keys: Keys;
  users: Users;
}

export const auditAnswers = ({ store, keys, users }: Dependencies): readonly AnsweredRoute[] => [
  answerRoute(listAudit, async ({ query: { limit = DEFAULT_LIMIT, before = NEWEST, by } }, asking) => {
    const [last] = by === undefined ? [] : await store.all(newestAudit(before, 1));
    const floor = Math.max(0, (last?.seq ?? 0) - MOST_SEARCHED);
    const actor = by === 'me' ? (asking.id ?? '') : by;
    const stored = await store.all(actor === undefined ? newestAudit(before, limit) : newestAuditOf(actor, { before, floor, limit }));
    // The audit holds ids only: the names are those of now.
    const names = new Map([...(await users.all()), ...(await keys.all())].map(({ id, name }) => [id, name]));
    const items = stored.map(({ at, by, ...it }): AuditView => {
      const name = by.id === undefined ? undefined : names.get(by.id);
      return { ...it, at: printDateTime(at), by: { ...by, ...(name !== undefined && { name }) } };
    });
    return ok({ items, ...nextOf(stored, limit, floor) });
  }),
];
