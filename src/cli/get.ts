import type { Command } from 'commander';
import type { ExchangeView } from '../node/api/sessions/schemas.ts';
import { describeLimit, describeSpan } from './describe-profile.ts';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { DEFAULT_WAIT, parseSpan, parseWait } from './option-values.ts';
import { reportExchange } from './report-exchange.ts';

interface GetOptions extends ApiOptions {
  duration: number;
  wait: number;
}

/** `get`: asks the charge point of a session what it will stay below. */
export function addGetCommand(program: Command): void {
  withApiOptions(
    program
      .command('get')
      .argument('<session>', 'its id, as evenkeel sessions shows it')
      .summary('ask what limits a session has ahead')
      .description('Asks the charge point what the session will stay below in the next time, all its limits counted.')
      .option('--duration <span>', 'how far ahead: 90s, 15m, 2h', parseSpan, 900)
      .option('--wait <seconds>', 'how long to wait for the answer', parseWait, DEFAULT_WAIT),
  ).action(async (session: string, options: GetOptions) => {
    const [{ openClient }, { getActiveProfile }, door] = await Promise.all([
      import('./api-client.ts'),
      import('../node/api/sessions/routes.ts'),
      findApi(options),
    ]);
    const { duration, wait } = options;
    const exchange = await openClient(door).send(getActiveProfile, { params: { session }, query: { duration, wait } });
    reportExchange(exchange, `active profile of ${session}`, options);
    if (!options.json) await printProfile(exchange);
  });
}

async function printProfile({ active_charging_profile: active }: ExchangeView): Promise<void> {
  const { renderTable, printLines } = await import('./table.ts');
  if (!active) return printLines(['the answer has no profile: no limit is known']);
  const { charging_rate_unit: unit, charging_profile_period: periods, duration } = active.charging_profile;
  const begin = Date.parse(active.start_date_time);
  const lines = renderTable(
    [
      { title: 'FROM', text: (it) => new Date(begin + it.start_period * 1_000).toTimeString().slice(0, 8) },
      { title: 'LIMIT', text: (it) => describeLimit(it.limit, unit), align: 'right' },
    ],
    periods,
  );
  return printLines([...lines, ...(duration === undefined ? [] : [`known for ${describeSpan(duration)}`])]);
}
