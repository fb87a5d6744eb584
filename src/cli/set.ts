import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { describeLimit, describeSpan } from './describe-profile.ts';
import { type ApiOptions, connect, SESSION_ARGUMENT, withApiOptions } from './find-api.ts';
import { parseLimit, parseSpan, reasonOption, reasonQuery, type TypedLimit, waitOption, waitQuery } from './option-values.ts';
import { CliError } from './output.ts';
import { exchangeOf, reportExchange } from './report-exchange.ts';

interface SetOptions extends ApiOptions {
  limit?: TypedLimit;
  for?: number;
  profile?: string;
  mode?: 'replace' | 'lower-only';
  wait?: number | true;
  reason?: string;
}

/** `set`: limits the current or power of a session. */
export function addSetCommand(program: Command): void {
  withApiOptions(
    program
      .command('set')
      .argument(...SESSION_ARGUMENT)
      .summary('limit the current or power of a session')
      .description('Sets the charging profile of a session, or replaces it. Give --limit for one limit, or --profile for a whole profile.')
      .addOption(new Option('--limit <limit>', 'limit with its unit: 8A (per phase), 7.4kW, 1840W; below 6 A most cars pause').argParser(parseLimit))
      .addOption(new Option('--for <span>', 'duration of the limit, such as 90s, 15m, 2h (default: until the session ends)').argParser(parseSpan))
      .addOption(new Option('--profile <file>', 'file with a ChargingProfile of OCPI, in JSON').conflicts(['limit', 'for']))
      .addOption(
        new Option(
          '--mode <mode>',
          'when another party has a profile on the session: replace drops it, lower-only keeps it, and the lowest limit applies',
        ).choices(['replace', 'lower-only']),
      )
      .addOption(waitOption())
      .addOption(reasonOption()),
  ).action(async (session: string, options: SetOptions) => {
    const body = bodyOf(options);
    const { client, routes } = await connect(options);
    const exchange = await exchangeOf(
      client.send(routes.setProfile, {
        params: { session },
        query: { ...waitQuery(options.wait), ...(options.mode && { mode: options.mode }), ...reasonQuery(options.reason) },
        body,
      }),
    );
    reportExchange(exchange, `${describe(options)} on ${session}`, options);
  });
}

const describe = ({ limit, for: span }: SetOptions) =>
  limit ? `${describeLimit(limit.limit, limit.unit)}${span === undefined ? '' : ` for ${describeSpan(span)}`}` : 'profile';

function bodyOf({ limit, for: span, profile }: SetOptions) {
  if (limit) return { ...limit, ...(span !== undefined && { for: span }) };
  if (profile === undefined) throw new CliError('set needs --limit, such as --limit 8A, or --profile FILE; see evenkeel set --help', 2);
  try {
    return JSON.parse(readFileSync(profile, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not valid JSON' : `cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`;
    throw new CliError(`--profile: ${profile} ${why}; allowed is a file with a ChargingProfile of OCPI in JSON`, 2);
  }
}
