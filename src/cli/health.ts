import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError, printJsonLine } from './output.ts';
import { JSON_OPTION, type OutputOptions } from './print.ts';
import { terminal } from './terminal.ts';

/** `health`: says whether the node of a configuration is ready; for the health check of a container. */
export function addHealthCommand(program: Command): void {
  program
    .command('health')
    .summary('say whether the node of a configuration is ready')
    .description(
      'Asks the node that runs with this configuration on this machine, at /health/ready.\nExits with 0 when it is ready, and with 1 when it is not, with one line for each problem, or when it does not answer within 3 s. For the health check of a container.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json }: { config: string } & OutputOptions) => {
      const settings = await readConfiguration(config);
      const { readHealth } = await import('../node/offline/health.ts');
      const problems = await readHealth(settings);
      if (json) printJsonLine({ ready: problems.length === 0, problems });
      else if (problems.length === 0) terminal().stdout.write('the node is ready\n');
      if (problems.length > 0) throw new CliError(json ? [] : problems.map(({ check, says }) => `${check}: ${says}`));
    });
}
