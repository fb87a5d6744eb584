import type { Command } from 'commander';
import { readConfiguration } from './configuration.ts';
import { demoAccessFile, readDemoAccess } from './demo-access.ts';
import { CliError } from './output.ts';

/** A node's address, the key to its door, and who named them. */
export interface ApiAccess {
  url: string;
  key: string;
  source: 'user' | 'demo';
}

/** What every command that talks to a running node can be told. */
export interface ApiOptions {
  url?: string;
  key?: string;
  config?: string;
  json?: boolean;
}

/** Adds the options that say which node is meant. */
export const withApiOptions = (command: Command): Command =>
  command
    .option('--url <url>', 'where the node is (default: EVENKEEL_URL, or the demo that runs)')
    .option('--key <key>', 'key to its door (default: EVENKEEL_KEY); evenkeel keys add makes one')
    .option('--config <file>', "take the node's address from its configuration")
    .option('--json', 'print JSON, one object a line, for scripts');

/** The node that is meant: the one named, else the one of the configuration, else the demo of this user. */
export async function findApi(options: ApiOptions): Promise<ApiAccess> {
  const { readEnvironment } = await import('../node/config/config.ts');
  const named = readEnvironment();
  const url = options.url ?? (options.config === undefined ? named.url : (await readConfiguration(options.config)).public_url);
  const key = options.key ?? named.key;
  if (url === undefined) return demoDoor(key);
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new CliError(`--url: found ${JSON.stringify(url)}, allowed is an address such as http://127.0.0.1:8080`, 2);
  if (key === undefined || key === '')
    throw new CliError(`no key for ${url}: give one with --key or EVENKEEL_KEY; evenkeel keys add --config FILE --name NAME --scope operate makes one`, 2);
  return { url, key, source: 'user' };
}

function demoDoor(key: string | undefined): ApiAccess {
  const door = readDemoAccess();
  if (!door)
    throw new CliError(`no node is named, and no demo of yours is running (${demoAccessFile()}): start one with evenkeel demo, or give --url and --key`);
  return { ...door, ...(key !== undefined && { key }), source: 'demo' };
}
