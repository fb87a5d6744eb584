import { type Command, Option } from 'commander';
import type { Config } from '../node/config/config.ts';
import type { Log, LogLevel } from '../node/core/log.ts';
import type { Node } from '../node/node.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError, printJsonLine } from './output.ts';
import { JSON_OPTION, type OutputOptions } from './print.ts';
import { terminal } from './terminal.ts';

/** `serve`: runs a node until SIGINT or SIGTERM; SIGHUP reads the configuration again. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .summary('run a node')
    .description(
      'Runs a node until SIGINT (Ctrl-C) or SIGTERM. Prints one line on standard output when it is ready; the log goes to standard error, one JSON object per line.\nSIGHUP reads the configuration file again: charge points, locations, sites, tokens, contracts and consents change while the node runs. The log says what changed and what needs a restart.\nAccepted requests are in the database. After a stop, the next start continues them.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .addOption(
      new Option('--log-level <level>', 'lowest level that is logged (default: the level in the configuration)').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .action(async ({ config, logLevel, json }: { config: string; logLevel?: LogLevel | 'silent' } & OutputOptions) => serve(config, logLevel, json === true));
}

async function serve(path: string, level: LogLevel | 'silent' | undefined, json: boolean): Promise<void> {
  const config = await readConfiguration(path);
  const [{ createNode }, { openLog }, { onReloadSignal }, { stopInTime, stopSignal }] = await Promise.all([
    import('../node/node.ts'),
    import('../node/core/log.ts'),
    import('../node/core/reload-signal.ts'),
    import('../node/core/stop-signal.ts'),
  ]);
  const log = openLog(level ?? config.log);
  const closed = Promise.withResolvers<NodeJS.Signals>();
  const stopped = Promise.race([stopSignal(), closed.promise]);
  const signals = onReloadSignal({ reload: () => reloadNode(path, log, () => node), hungUp: () => closed.resolve('SIGHUP') });
  const node: Node = await createNode(config, { log });
  printReady(config, node, json);
  log('info', 'ready', { public_url: node.publicUrl });
  signals.begin();
  const why = await Promise.race([stopped, node.storeTaken]);
  log('info', 'stopping', typeof why === 'string' ? { signal: why } : { error: why });
  if ((await stopInTime(node)) === 'late')
    throw new CliError('the node did not stop within 10 s and was ended; accepted requests are in the database, and the next start continues them');
  log('info', 'stopped', {});
  if (typeof why !== 'string') throw new CliError(why.message);
}

/** Prints the addresses of a node that is ready. */
function printReady({ ocpp, listen_operator: listenOperator }: Config, node: Node, json: boolean): void {
  const ocpi = `${node.publicUrl}/ocpi/versions`;
  const stations = ocpp && node.ocppPort !== undefined ? `${ocpp.tls ? 'wss' : 'ws'}://${ocpp.host}:${node.ocppPort}/ocpp/{id}` : undefined;
  const others = [listenOperator ? `operators at ${node.operatorUrl}` : '', stations === undefined ? '' : `charge points at ${stations}`].filter(Boolean);
  if (json) printJsonLine({ ready: true, ocpi, operators: node.operatorUrl, ...(stations !== undefined && { charge_points: stations }) });
  else terminal().stdout.write(`${[`evenkeel is ready: OCPI at ${ocpi}`, ...others].join(', ')}\n`);
}

/** Reads the configuration file again. Whatever is wrong with it, the node runs on. */
async function reloadNode(path: string, log: Log, node: () => Node): Promise<void> {
  const { readConfigFile } = await import('../node/config/config-file.ts');
  const refuse = (mistakes: readonly string[]) => log('error', 'configuration-refused', { file: path, mistakes, says: 'the node runs on as before' });
  try {
    const read = readConfigFile(path);
    const done = read.ok ? await node().reload(read.value) : read;
    if (!done.ok) return refuse(done.problem);
    const { changed, refused } = done.value;
    log('info', 'configuration-reloaded', { file: path, changed });
    if (refused.length > 0) log('warn', 'configuration-needs-restart', { file: path, keys: refused, says: 'the values of the last start still hold' });
  } catch (error) {
    refuse([error instanceof Error ? error.message : String(error)]);
  }
}
