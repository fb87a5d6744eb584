import { ok } from '../../../domain/result.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { SiteOperations } from './operations.ts';
import { imposeLimit, liftLimit, listSites, measureBuilding } from './routes.ts';

export const siteAnswers = (operations: SiteOperations): readonly AnsweredRoute[] => [
  answerRoute(listSites, async () => ok({ items: operations.sites() })),
  answerRoute(
    imposeLimit,
    ({ query, body }, { id: author }) => operations.imposeLimit(query.node, body, { ...(author !== undefined && { author }), ...reasonOf(query) }),
    ({ query, body }) => ({ subject: query.node, says: listed(describeLimit(body), query.reason) }),
  ),
  answerRoute(
    liftLimit,
    ({ query }) => operations.imposeLimit(query.node, undefined),
    ({ query }) => ({ subject: query.node, ...(query.reason !== undefined && { says: query.reason }) }),
  ),
  answerRoute(measureBuilding, async ({ params, body }) => operations.measure(params.node, body)),
];

const reasonOf = ({ reason }: { reason?: string }) => (reason === undefined ? {} : { reason });
const listed = (...parts: readonly (string | undefined)[]) => parts.filter((it) => it !== undefined).join(', ');

/** An imposed limit for the audit: 20 A, 13800 W until 2026-01-31T18:00:00Z. */
const describeLimit = ({ a, w, until }: { a?: number; w?: number; until?: string }): string =>
  [a === undefined ? [] : `${a} A`, w === undefined ? [] : `${w} W`, until === undefined ? [] : `until ${until}`].flat().join(' ');
