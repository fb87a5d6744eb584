import { expect, test } from 'vitest';
import { type AnswerDependencies, answersOf, routes } from './all-routes.ts';
import { followEvents } from './events/routes.ts';

/** Answers are made without a node; none of them is called. */
const unused = { context: {}, roles: {}, operator: {}, agreements: {}, keys: {}, users: {} } as AnswerDependencies;

test('every route has one answer, and every answer is in the OpenAPI document', () => {
  const answered = [...answersOf(unused).map(({ route }) => route.name), followEvents.name];
  expect(answered.toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
  expect(new Set(answered).size).toBe(answered.length);
});
