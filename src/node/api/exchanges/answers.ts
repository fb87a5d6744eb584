import { type AnsweredRoute, answerRoute } from '../route.ts';
import { exchangeRows } from './export-exchanges.ts';
import type { ExchangeOperations } from './operations.ts';
import { exportExchanges, getExchange, getMessages, listExchanges } from './routes.ts';

export const exchangeAnswers = (operations: ExchangeOperations): readonly AnsweredRoute[] => [
  answerRoute(listExchanges, ({ query }) => operations.exchanges(query)),
  answerRoute(exportExchanges, ({ query }) => exchangeRows(operations, query)),
  answerRoute(getExchange, ({ params }) => operations.exchange(params.exchange)),
  answerRoute(getMessages, ({ params }) => operations.messages(params.exchange)),
];
