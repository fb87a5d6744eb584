import { ok } from '../../../domain/result.ts';
import { amperes, watts } from '../../../domain/units.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { SiteOperations } from './operations.ts';
import { imposeLimit, liftLimit, listSites } from './routes.ts';

export const siteAnswers = (operations: SiteOperations): readonly AnsweredRoute[] => [
  answerRoute(listSites, async () => ok({ items: operations.sites() })),
  answerRoute(imposeLimit, ({ query, body }) => operations.imposeLimit(query.node, ceilingOf(body))),
  answerRoute(liftLimit, ({ query }) => operations.imposeLimit(query.node, undefined)),
];

const ceilingOf = ({ a, w }: { a?: number; w?: number }) => ({ ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) });
