import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { ExchangeOperations } from './operations.ts';
import { getExchange, getMessages, listExchanges } from './routes.ts';

export const exchangeAnswers = (operations: ExchangeOperations): readonly AnsweredRoute[] => [
  answerRoute(listExchanges, ({ query }) => operations.exchanges(query)),
  answerRoute(getExchange, ({ params }) => operations.exchange(params.exchange)),
  answerRoute(getMessages, ({ params }) => operations.messages(params.exchange)),
];
