import { type Command, Option } from 'commander';
import type { LogLevel } from '../node/core/log.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError } from './output.ts';
import { terminal } from './terminal.ts';

/** `serve`: runs a node until SIGINT or SIGTERM. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .summary('run a node')
    .description(
      'Runs a node until SIGINT (Ctrl-C) or SIGTERM. Prints one line on standard output when it is ready; the log goes to standard error, one JSON object per line.\nAccepted requests are in the database. After a stop, the next start continues them.',
    )
    .requiredOption(...CONFIG_OPTION)
    .addOption(
      new Option('--log-level <level>', 'lowest level that is logged (default: the level in the configuration)').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .action(async ({ config, logLevel }: { config: string; logLevel?: LogLevel | 'silent' }) => serve(config, logLevel));
}

async function serve(path: string, level: LogLevel | 'silent' | undefined): Promise<void> {
  const config = await readConfiguration(path);
  const [{ createNode }, { openLog }, { stopInTime, stopSignal }] = await Promise.all([
    import('../node/node.ts'),
    import('../node/core/log.ts'),
    import('../node/core/stop-signal.ts'),
  ]);
  const log = openLog(level ?? config.log);
  const stopped = stopSignal();
  const node = await createNode(config, { log });
  const ocpp =
    config.ocpp && node.ocppPort !== undefined ? [`charge points at ${config.ocpp.tls ? 'wss' : 'ws'}://${config.ocpp.host}:${node.ocppPort}/ocpp/{id}`] : [];
  const operators = config.listen_operator ? [`operators at ${node.operatorUrl}`] : [];
  terminal().stdout.write(`${[`evenkeel is ready: OCPI at ${node.publicUrl}/ocpi/versions`, ...operators, ...ocpp].join(', ')}\n`);
  log('info', 'ready', { public_url: node.publicUrl });
  const why = await Promise.race([stopped, node.storeTaken]);
  log('info', 'stopping', typeof why === 'string' ? { signal: why } : { error: why });
  if ((await stopInTime(node)) === 'late')
    throw new CliError('the node did not stop within 10 s and was ended; accepted requests are in the database, and the next start continues them');
  log('info', 'stopped', {});
  if (typeof why !== 'string') throw new CliError(why.message);
}
