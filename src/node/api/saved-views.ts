import { Type } from 'typebox';
import { ok } from '../../domain/result.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { MOST_VIEWS, removeView as removal, type SavedView, saveView as saving, viewsOf } from '../../store/sql/saved-view.ts';
import type { Actor } from '../core/audit.ts';
import type { Context } from '../core/context.ts';
import { listOf } from './lists.ts';
import { invalid, quote, refuse } from './refusal.ts';
import { type AnsweredRoute, answerRoute, nothing, readRoute, route } from './route.ts';

/** The lists that have saved views. */
const LISTS = ['sessions', 'exchanges'] as const;

const SavedViewShown = Type.Object({
  list: Type.Unsafe<string>({ ...oneOf(...LISTS), description: 'the list that it filters' }),
  name: Type.String(),
  query: Type.String({ description: 'the filters as the query of an address, such as party=NL*SCS&sort=power' }),
});

export const listViews = readRoute({
  name: 'list-saved-views',
  summary: 'The saved views of lists of the user or key that asks.',
  path: 'views',
  answer: listOf(SavedViewShown),
});

export const saveView = route({
  name: 'save-view',
  summary: `Saves filters of a list under a name, or replaces those of this name. At most ${MOST_VIEWS} for each user or key.`,
  method: 'PUT',
  path: 'views/{list}/{name}',
  scope: 'view',
  query: nothing,
  body: Type.Object({ query: Type.String({ maxLength: 1_000 }) }, { additionalProperties: false }),
  answer: listOf(SavedViewShown),
  replies: 'at once',
  isReading: true,
});

export const removeView = route({
  name: 'remove-view',
  summary: 'Removes a saved view of the user or key that asks.',
  method: 'DELETE',
  path: 'views/{list}/{name}',
  scope: 'view',
  query: nothing,
  body: nothing,
  answer: listOf(SavedViewShown),
  replies: 'at once',
  isReading: true,
});

const LONGEST_NAME = 60;
const NAME = `1 to ${LONGEST_NAME} characters`;
const isList = (name: string) => LISTS.some((it) => it === name);
const shown = ({ list, name, query }: SavedView) => ({ list, name, query });

export function savedViewAnswers({ store, clock }: Pick<Context, 'store' | 'clock'>): readonly AnsweredRoute[] {
  const all = async (by: Actor) => ok({ items: (await store.all(viewsOf(ownerOf(by)))).map(shown) });
  return [
    answerRoute(listViews, (_, by) => all(by)),
    answerRoute(saveView, async ({ params: { list, name: typed }, body: { query } }, by) => {
      const name = typed.trim();
      if (!isList(list)) return refuse(404, 'NOT_FOUND', `no list ${quote(list)} has saved views: ${LISTS.join(', ')} have`);
      if (name === '' || name.length > LONGEST_NAME) return invalid('name', `name: found ${name.length} characters, allowed: ${NAME}`, NAME);
      const [saved] = await store.commit([saving(ownerOf(by), { list, name, query, createdAt: clock.now() })]);
      return saved?.changed === 1 ? await all(by) : refuse(409, 'NOT_POSSIBLE', `there are ${MOST_VIEWS} saved views already: remove one first`);
    }),
    answerRoute(removeView, async ({ params: { list, name } }, by) => {
      const [removed] = await store.commit([removal(ownerOf(by), list, name)]);
      return removed?.changed === 1 ? await all(by) : refuse(404, 'NOT_FOUND', `no saved view ${quote(name)} of the list ${quote(list)}`);
    }),
  ];
}

const ownerOf = ({ kind, id }: Actor): string => `${kind} ${id ?? ''}`;
