import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { machineClock } from '../node/core/machine-clock.ts';
import { hourAndMinute } from './describe-limit.ts';
import { describeLimit, describeSpan } from './describe-profile.ts';
import { type ApiOptions, connect, SESSION_ARGUMENT, withApiOptions } from './find-api.ts';
import { MAX_SPAN, parseLimit, parseSpan, parseUntil, reasonOption, reasonQuery, type TypedLimit, waitOption, waitQuery } from './option-values.ts';
import { CliError } from './output.ts';
import { exchangeOf, reportExchange } from './report-exchange.ts';
import { takeSession } from './take-session.ts';
import { terminal } from './terminal.ts';

interface SetOptions extends ApiOptions {
  limit?: TypedLimit;
  for?: number;
  /** ms. */
  until?: number;
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
      .addOption(
        new Option('--until <time>', 'end of the limit: a time of this machine such as 18:00, or 2030-01-01T00:00:00Z').argParser(parseUntil).conflicts('for'),
      )
      .addOption(new Option('--profile <file>', 'file with a ChargingProfile of OCPI, in JSON').conflicts(['limit', 'for', 'until']))
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
    const node = await connect(options);
    const { key, label } = await takeSession(node, session);
    if (options.limit && pausesMostCars(options.limit)) terminal().stderr.write(`evenkeel: below ${LEAST_AMPERES} A per phase most cars pause\n`);
    const exchange = await exchangeOf(
      node.client.send(node.routes.setProfile, {
        params: { session: key },
        query: { ...waitQuery(options.wait), ...(options.mode && { mode: options.mode }), ...reasonQuery(options.reason) },
        body,
      }),
    );
    reportExchange(exchange, `${describe(options)} on ${label}`, options);
  });
}

/** A; the least current that a car can charge with (IEC 61851-1). */
const LEAST_AMPERES = 6;
const pausesMostCars = ({ limit, unit }: TypedLimit) => unit === 'A' && limit < LEAST_AMPERES;

const describe = ({ limit, for: span, until }: SetOptions) =>
  limit ? `${describeLimit(limit.limit, limit.unit)}${until === undefined ? forSpan(span) : ` until ${hourAndMinute(until)}`}` : 'profile';
const forSpan = (span: number | undefined) => (span === undefined ? '' : ` for ${describeSpan(span)}`);

function bodyOf({ limit, for: span, until, profile }: SetOptions) {
  const seconds = until === undefined ? span : secondsUntil(until);
  if (limit) return { ...limit, ...(seconds !== undefined && { for: seconds }) };
  if (profile === undefined) throw new CliError('set needs --limit, such as --limit 8A, or --profile FILE; see evenkeel set --help', 2);
  try {
    return JSON.parse(readFileSync(profile, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not valid JSON' : `cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`;
    throw new CliError(`--profile: ${profile} ${why}; allowed is a file with a ChargingProfile of OCPI in JSON`, 2);
  }
}

function secondsUntil(until: number): number {
  const seconds = Math.ceil((until - machineClock.now()) / 1_000);
  if (seconds > MAX_SPAN) throw new CliError(`--until: found ${new Date(until).toISOString()}, allowed is a moment within ${describeSpan(MAX_SPAN)}`, 2);
  return Math.max(1, seconds);
}
