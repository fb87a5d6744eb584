import type { Command } from 'commander';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError } from './output.ts';
import { terminal } from './terminal.ts';

/** `doctor`: prints the effective configuration and checks whether a node can run with it. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check a configuration and everything it needs')
    .description(
      'Prints the effective configuration (with defaults, without secrets), then one line for each check: ok or FAIL.\nA failed check says how to fix the problem. Exits with 1 when a check failed. A running node is not disturbed.',
    )
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      const settings = await readConfiguration(config);
      const { runChecks } = await import('../node/offline/doctor/run-checks.ts');
      const { showConfig } = await import('../node/config/show-config.ts');
      terminal().stdout.write(`${showConfig(settings)}\n`);
      const findings = await runChecks(settings);
      for (const { check, ok, message } of findings) terminal().stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${check}: ${message}\n`);
      const failures = findings.filter((it) => !it.ok).length;
      if (failures > 0) throw new CliError(`${failures} of ${findings.length} checks failed; each FAIL line above says how to fix the problem`);
    });
}
