import { ok } from '../../../domain/result.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { SiteOperations } from './operations.ts';
import { imposeLimit, liftLimit, listSites, measureBuilding } from './routes.ts';

export const siteAnswers = (operations: SiteOperations): readonly AnsweredRoute[] => [
  answerRoute(listSites, async () => ok({ items: operations.sites() })),
  answerRoute(imposeLimit, ({ query, body }) => operations.imposeLimit(query.node, body)),
  answerRoute(liftLimit, ({ query }) => operations.imposeLimit(query.node, undefined)),
  answerRoute(measureBuilding, async ({ params, body }) => operations.measure(params.node, body)),
];
