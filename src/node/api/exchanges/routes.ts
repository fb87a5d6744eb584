import { Type } from 'typebox';
import { EXCHANGE_STATES } from '../../../domain/exchange.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Before, Limit, pageOf, SearchText } from '../lists.ts';
import { csvRoute, queryRoute, readRoute } from '../route.ts';
import { OutcomeOrOpen } from './outcome.ts';
import { ExchangeMessages, ExchangeView } from './schemas.ts';

export const getExchange = readRoute({
  name: 'get-exchange',
  summary: 'One request about a charging profile.',
  path: 'exchanges/{exchange}',
  answer: ExchangeView,
});

const filters = {
  q: SearchText,
  session: Type.Optional(Type.String({ maxLength: 64 })),
  station: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'a charge point of this node' })),
  state: Type.Optional(oneOf(...EXCHANGE_STATES)),
  outcome: Type.Optional(OutcomeOrOpen),
};

export const listExchanges = queryRoute({
  name: 'list-exchanges',
  summary: 'Requests about charging profiles, newest first; also those that this node refused.',
  path: 'exchanges',
  query: Type.Object({ ...filters, limit: Limit, before: Before }),
  answer: pageOf(ExchangeView),
});

export const exportExchanges = csvRoute({
  name: 'export-exchanges',
  summary: 'All requests about charging profiles that match, as CSV.',
  path: 'exchanges.csv',
  query: Type.Object(filters),
});

export const getMessages = readRoute({
  name: 'get-exchange-messages',
  summary:
    'The messages of one exchange in the order of time, as they passed while they are kept, else rebuilt; with secrets hidden. Times between acceptance and end are known for the newest exchanges only.',
  path: 'exchanges/{exchange}/messages',
  answer: ExchangeMessages,
});
