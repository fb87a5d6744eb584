import type { Command } from 'commander';
import type { Finding } from '../node/offline/doctor/finding.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { CliError, printable, printJsonLine } from './output.ts';
import { JSON_OPTION, type OutputOptions } from './print.ts';

/** `doctor`: checks whether a node can run with a configuration, and prints the effective configuration. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check a configuration and everything it needs')
    .description(
      'Prints one line for each check: ✓ good, ! advice, ✗ a problem that must be solved. A line with ! or ✗ says what to do.\nThen it prints the effective configuration (with defaults, without secrets), and a summary as the last line.\nExits with 1 when a check found a problem. A running node is not disturbed.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json }: { config: string } & OutputOptions) => {
      const settings = await readConfiguration(config);
      const { runChecks } = await import('../node/offline/doctor/run-checks.ts');
      const { effectiveConfig, showConfig } = await import('../node/config/show-config.ts');
      const findings = await runChecks(settings);
      if (json) printJsonLine({ ok: findings.every(({ ok }) => ok), checks: findings, configuration: effectiveConfig(settings) });
      else {
        const { printLines } = await import('./table.ts');
        printLines([...findings.map(lineOf), '', ...showConfig(settings).trimEnd().split('\n').map(printable), '', summaryOf(findings)]);
      }
      if (findings.some(({ ok }) => !ok)) throw new CliError([]);
    });
}

const markOf = ({ ok, advice }: Finding): string => (ok ? (advice ? '!' : '✓') : '✗');
const lineOf = (finding: Finding): string => printable(`${markOf(finding)} ${finding.check}: ${finding.message}`);

function summaryOf(findings: readonly Finding[]): string {
  const failed = findings.filter(({ ok }) => !ok).map(({ check }) => check);
  const advice = findings.filter((it) => it.ok && it.advice).map(({ check }) => check);
  const problems = failed.length === 0 ? 'the node can run' : `${failed.length} of ${findings.length} checks failed (${failed.join(', ')}): see ✗ above`;
  return `${problems}${advice.length === 0 ? '' : `; advice on ${[...new Set(advice)].join(', ')}: see ! above`}`;
}
