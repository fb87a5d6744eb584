import type { Command } from 'commander';
import type { ApiAccess } from './api-client.ts';
import { readConfiguration } from './configuration.ts';
import { type DemoAccess, runningDemos } from './demo-access.ts';
import { CliError } from './output.ts';
import { JSON_OPTION } from './print.ts';
import { terminal } from './terminal.ts';

/** The options of every command that talks to a running node. */
export interface ApiOptions {
  url?: string;
  key?: string;
  config?: string;
  json?: boolean;
}

/** Adds the options that select the node. */
export const withNodeOptions = (command: Command): Command =>
  command
    .option('--url <url>', 'address of the node (default: EVENKEEL_URL, or a running demo)')
    .option('--key <key>', 'API key (default: EVENKEEL_KEY); evenkeel keys add makes one')
    .option('--config <file>', "read the node's address from its configuration file");

/** Adds the options that select the node and the form of the output. */
export const withApiOptions = (command: Command): Command => withNodeOptions(command).option(...JSON_OPTION);

/** The argument of the commands about one session. */
export const SESSION_ARGUMENT = [
  '<session>',
  'id or key of the session, or the beginning of one; or the EVSE (uid or EVSE ID) or charge point where it runs',
] as const;

/** Finds the node and opens a client. Client and routes are imported here, so that other commands do not load them. */
export async function connect(options: ApiOptions) {
  const [{ openClient }, access, ...nouns] = await Promise.all([
    import('./api-client.ts'),
    findApi(options),
    import('../node/api/sessions/routes.ts'),
    import('../node/api/exchanges/routes.ts'),
    import('../node/api/sites/routes.ts'),
    import('../node/api/sites/day/routes.ts'),
    import('../node/api/stations/routes.ts'),
    import('../node/api/evidence/routes.ts'),
    import('../node/api/alarms/routes.ts'),
    import('../node/api/shadow/routes.ts'),
  ]);
  const [sessions, exchanges, sites, siteDays, stations, evidence, alarms, shadow] = nouns;
  return { client: openClient(access), routes: { ...sessions, ...exchanges, ...sites, ...siteDays, ...stations, ...evidence, ...alarms, ...shadow } };
}

/** The node of --url, else of --config, else of EVENKEEL_URL, else the running demo of this user. A URL of a running demo needs no key. */
export async function findApi(options: ApiOptions): Promise<ApiAccess> {
  const [{ readEnvironment }, { operatorUrl }] = await Promise.all([import('../node/config/config.ts'), import('../node/config/operator-url.ts')]);
  const environment = readEnvironment(terminal().env);
  const url = options.url ?? (options.config === undefined ? environment.url : operatorUrl(await readConfiguration(options.config)));
  const key = options.key ?? environment.key;
  if (url === undefined) return findDemo(key);
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new CliError(`--url: found ${JSON.stringify(url)}, allowed is an address such as http://127.0.0.1:8080`, 2);
  if (key === undefined || key === '') {
    const demo = runningDemos().find((it) => it.url === url.replace(/\/+$/, ''));
    if (demo) return { ...demo, source: 'demo' };
    throw new CliError(`no API key for ${url}: give one with --key or EVENKEEL_KEY; evenkeel keys add --config FILE --name NAME --scope operate makes one`, 2);
  }
  return { url, key, source: 'user' };
}

/** The newest running demo. With several, a line on standard error says which one it is and how to choose another. */
function findDemo(key: string | undefined): ApiAccess {
  const [newest, ...others] = runningDemos();
  if (!newest) throw new CliError('no node was named, and no demo of this user is running: start one with evenkeel demo, or give --url and --key');
  if (others.length > 0) terminal().stderr.write(`${describeChoice(newest, others)}\n`);
  return { ...newest, ...(key !== undefined && { key }), source: 'demo' };
}

const describeChoice = (newest: DemoAccess, others: readonly DemoAccess[]) =>
  `${others.length + 1} demos are running: this is ${newest.url}, the newest; choose another with ${others.map(({ url }) => `--url ${url}`).join(' or ')}`;
