import type { Command } from 'commander';
import { type ApiOptions, connect, SESSION_ARGUMENT, withApiOptions } from './find-api.ts';
import { reasonOption, reasonQuery, waitOption, waitQuery } from './option-values.ts';
import { exchangeOf, reportExchange } from './report-exchange.ts';
import { takeSession } from './take-session.ts';

/** `clear`: removes the limit of a session. */
export function addClearCommand(program: Command): void {
  withApiOptions(
    program
      .command('clear')
      .argument(...SESSION_ARGUMENT)
      .summary('remove the limit of a session')
      .description('Removes the charging profile of a session. Other limits of the charge point stay.')
      .addOption(waitOption())
      .addOption(reasonOption()),
  ).action(async (session: string, options: ApiOptions & { wait?: number | true; reason?: string }) => {
    const node = await connect(options);
    const { key, label } = await takeSession(node, session);
    const { client, routes } = node;
    const query = { ...waitQuery(options.wait), ...reasonQuery(options.reason) };
    const exchange = await exchangeOf(client.send(routes.clearProfile, { params: { session: key }, query }));
    reportExchange(exchange, `clear of ${label}`, options);
  });
}
