import { type Command, Option } from 'commander';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { DEFAULT_WAIT, parseWait } from './option-values.ts';
import { reportExchange } from './report-exchange.ts';

/** `clear`: takes the limit of a session back. */
export function addClearCommand(program: Command): void {
  withApiOptions(
    program
      .command('clear')
      .argument('<session>', 'its id, as evenkeel sessions shows it')
      .summary('take the limit of a session back')
      .description('Takes the charging profile of a session back; what else limits the charge point stays.')
      .addOption(new Option('--wait [seconds]', `wait for the outcome, ${DEFAULT_WAIT} s unless said otherwise`).argParser(parseWait)),
  ).action(async (session: string, options: ApiOptions & { wait?: number | true }) => {
    const [{ openClient }, { clearProfile }, door] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(options)]);
    const wait = options.wait === true ? DEFAULT_WAIT : options.wait;
    const exchange = await openClient(door).send(clearProfile, { params: { session }, query: { ...(wait !== undefined && { wait }) } });
    reportExchange(exchange, `clear of ${session}`, options);
  });
}
