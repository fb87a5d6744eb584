import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { describeLimit, describeSpan } from './describe-profile.ts';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { DEFAULT_WAIT, parseLimit, parseSpan, parseWait, type TypedLimit } from './option-values.ts';
import { CliError } from './output.ts';
import { reportExchange } from './report-exchange.ts';

interface SetOptions extends ApiOptions {
  limit?: TypedLimit;
  for?: number;
  profile?: string;
  wait?: number | true;
}

/** `set`: limits what a session may draw. */
export function addSetCommand(program: Command): void {
  withApiOptions(
    program
      .command('set')
      .argument('<session>', 'its id, as evenkeel sessions shows it')
      .summary('limit what a session may draw')
      .description('Sets the charging profile of a session, or replaces it.')
      .addOption(new Option('--limit <limit>', 'the limit with its unit: 8A (per phase), 7.4kW, 1840W').argParser(parseLimit))
      .addOption(new Option('--for <span>', 'how long it holds: 90s, 15m, 2h (default: until the session ends)').argParser(parseSpan))
      .addOption(new Option('--profile <file>', 'a whole ChargingProfile of OCPI, in JSON').conflicts(['limit', 'for']))
      .addOption(new Option('--wait [seconds]', `wait for the outcome, ${DEFAULT_WAIT} s unless said otherwise`).argParser(parseWait)),
  ).action(async (session: string, options: SetOptions) => {
    const body = bodyOf(options);
    const [{ openClient }, { setProfile }, door] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(options)]);
    const wait = options.wait === true ? DEFAULT_WAIT : options.wait;
    const exchange = await openClient(door).send(setProfile, { params: { session }, query: { ...(wait !== undefined && { wait }) }, body });
    reportExchange(exchange, `${describe(options)} on ${session}`, options);
  });
}

const describe = ({ limit, for: span }: SetOptions) =>
  limit ? `${describeLimit(limit.limit, limit.unit)}${span === undefined ? '' : ` for ${describeSpan(span)}`}` : 'profile';

function bodyOf({ limit, for: span, profile }: SetOptions) {
  if (limit) return { ...limit, ...(span !== undefined && { for: span }) };
  if (profile === undefined) throw new CliError('set needs --limit, such as 8A, or --profile with a file; see evenkeel set --help', 2);
  try {
    return JSON.parse(readFileSync(profile, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not valid JSON' : `cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`;
    throw new CliError(`--profile: ${profile} ${why}`, 2);
  }
}
