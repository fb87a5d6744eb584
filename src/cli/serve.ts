import { type Command, Option } from 'commander';
import type { LogLevel } from '../node/core/log.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError } from './output.ts';

/** `serve`: runs a node until it is told to stop. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .summary('run a node')
    .description(
      'Runs a node until SIGINT or SIGTERM, and says on standard output when it is ready. The log goes to standard error, one JSON object a line.\nWhat was accepted when it stops is in the database, and goes on at the next start.',
    )
    .requiredOption(...CONFIG_OPTION)
    .addOption(
      new Option('--log-level <level>', 'least level that is logged (default: what the configuration says)').choices([
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
  const points =
    config.ocpp && node.ocppPort !== undefined ? [`charge points at ${config.ocpp.tls ? 'wss' : 'ws'}://${config.ocpp.host}:${node.ocppPort}/ocpp/{id}`] : [];
  process.stdout.write(`${[`evenkeel is ready: OCPI at ${node.publicUrl}/ocpi/versions`, ...points].join(', ')}\n`);
  log('info', 'ready', { public_url: node.publicUrl });
  log('info', 'stopping', { signal: await stopped });
  if ((await stopInTime(node)) === 'late')
    throw new CliError('the node did not stop within 10 s and was cut off; what it had accepted goes on at the next start');
  log('info', 'stopped', {});
}
