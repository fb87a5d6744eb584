import { type Command, Option } from 'commander';
import { OUTCOMES_OR_OPEN, type OutcomeOrOpen } from '../domain/exchange.ts';
import { omitUndefined } from '../domain/omit-undefined.ts';
import type { ExchangeView } from '../node/api/exchanges/schemas.ts';
import { timeOfDay } from './describe-session.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { countUpTo } from './option-values.ts';
import { printList } from './print.ts';
import type { Column } from './table.ts';
import { takeSession } from './take-session.ts';

interface ExchangesOptions extends ApiOptions {
  session?: string;
  station?: string;
  outcome?: OutcomeOrOpen;
  limit: number;
}

/** `exchanges`: lists requests about charging profiles and their outcomes. */
export function addExchangesCommand(program: Command): void {
  withApiOptions(
    program
      .command('exchanges')
      .summary('list requests about charging profiles')
      .description(
        'Lists requests about charging profiles with their outcomes, newest first. A state in parentheses means that there is no result yet.\nRESULT is the answer of the CPO or charge point; DELIVERY says whether it reached the peer that requested it. evenkeel exchange ID shows all messages.',
      )
      .option('--session <session>', 'only requests about this session, named as for evenkeel set')
      .option('--station <station>', 'only requests about sessions at this charge point')
      .addOption(new Option('--outcome <outcome>', 'only requests with this outcome; OPEN has none yet').choices(OUTCOMES_OR_OPEN))
      .option('--limit <number>', 'list at most this many', countUpTo(1_000), 20),
  ).action(async ({ session, station, outcome, limit, ...options }: ExchangesOptions) => {
    const node = await connect(options);
    const key = session === undefined ? undefined : (await takeSession(node, session)).key;
    const { items } = await node.client.send(node.routes.listExchanges, { query: { limit, ...omitUndefined({ session: key, station, outcome }) } });
    await printList(items, options, { columns: columnsOf(items), none: 'there are no requests yet' });
  });
}

const columnsOf = (items: readonly ExchangeView[]): Column<ExchangeView>[] => [
  { title: 'TIME', text: (it) => timeOfDay(it.accepted_at) },
  { title: 'REQUEST', text: (it) => it.kind },
  { title: 'SESSION', text: (it) => sessionIdIn(it.session), shrinks: true },
  { title: 'WITH', text: (it) => it.peer ?? it.station ?? '', shrinks: true },
  { title: 'RESULT', text: (it) => it.outcome ?? `(${it.state})` },
  { title: 'DELIVERY', text: (it) => it.delivery ?? '' },
  { title: 'EXCHANGE', text: shortId(items) },
];

/** The shortest beginning of each id that no other listed id has; at least 13 characters, which hold the time in ms. */
function shortId(items: readonly ExchangeView[]): (item: ExchangeView) => string {
  const ids = items.map(({ id }) => id);
  const isUnique = (length: number) => new Set(ids.map((id) => id.slice(0, length))).size === new Set(ids).size;
  const longest = Math.max(...ids.map(({ length }) => length));
  let length = 13;
  while (length < longest && !isUnique(length)) length += 1;
  return ({ id }) => id.slice(0, length);
}

/** The session id in a session key. Keys are in capitals, but a UUID is usually written in lower case. */
function sessionIdIn(key: string): string {
  const id = key.split('*').slice(2).join('*');
  return /^[0-9A-F-]{36}$/.test(id) ? id.toLowerCase() : id;
}
