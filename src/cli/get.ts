import { type Command, Option } from 'commander';
import type { ExchangeView } from '../node/api/exchanges/schemas.ts';
import { describeLimit, describeSpan } from './describe-profile.ts';
import { timeOfDay } from './describe-session.ts';
import { type ApiOptions, connect, SESSION_ARGUMENT, withApiOptions } from './find-api.ts';
import { DEFAULT_WAIT, parseSpan, parseWait } from './option-values.ts';
import { exchangeOf, reportExchange } from './report-exchange.ts';
import { takeSession } from './take-session.ts';

interface GetOptions extends ApiOptions {
  duration: number;
  wait: number;
}

/** `get`: asks the charge point for the limits ahead of a session. */
export function addGetCommand(program: Command): void {
  withApiOptions(
    program
      .command('get')
      .argument(...SESSION_ARGUMENT)
      .summary('get the limits ahead of a session')
      .description(
        'Asks the charge point for the limits ahead of a session. They follow from all charging profiles and from limits of the charge point itself.',
      )
      .addOption(new Option('--duration <span>', 'how far ahead, such as 90s, 15m, 2h').argParser(parseSpan).default(900, '15m'))
      .option('--wait <seconds>', 'wait for the answer, at most this many seconds', parseWait, DEFAULT_WAIT),
  ).action(async (session: string, options: GetOptions) => {
    const node = await connect(options);
    const { key, label } = await takeSession(node, session);
    const { client, routes } = node;
    const { duration, wait } = options;
    const exchange = await exchangeOf(client.send(routes.getActiveProfile, { params: { session: key }, query: { duration, wait } }));
    reportExchange(exchange, `active profile of ${label}`, options);
    if (!options.json) await printProfile(exchange);
  });
}

async function printProfile({ active_charging_profile: active }: ExchangeView): Promise<void> {
  const { renderTable, printLines } = await import('./table.ts');
  if (!active) return printLines(['the answer has no limits']);
  const { charging_rate_unit: unit, charging_profile_period: periods, duration } = active.charging_profile;
  const begin = Date.parse(active.start_date_time);
  const lines = renderTable(
    [
      { title: 'FROM', text: (it) => timeOfDay(begin + it.start_period * 1_000) },
      { title: 'LIMIT', text: (it) => describeLimit(it.limit, unit), align: 'right' },
    ],
    periods,
  );
  return printLines([...lines, ...(duration === undefined ? [] : [`these limits hold for ${describeSpan(duration)}`])]);
}
