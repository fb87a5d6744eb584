import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError } from './output.ts';

/** `doctor`: says how a configuration is understood, and whether a node can run with it. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check a configuration and what it needs')
    .description(
      'Prints the whole configuration as it is understood (defaults filled in, secrets masked), then one line for each check.\nA failed check says how to mend it, and the command ends with 1. A node that runs is not disturbed.',
    )
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      const settings = await readConfiguration(config);
      const { runChecks } = await import('../node/offline/doctor/run-checks.ts');
      const { showConfig } = await import('../node/config/show-config.ts');
      process.stdout.write(`${showConfig(settings)}\n`);
      const findings = await runChecks(settings);
      for (const { check, ok, message } of findings) process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${check}: ${message}\n`);
      const failed = findings.filter((it) => !it.ok).length;
      if (failed > 0) throw new CliError(`${failed} of ${findings.length} checks failed; each line above that begins with FAIL says the mend`);
    });
}
