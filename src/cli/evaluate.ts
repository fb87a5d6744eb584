import { type Command, InvalidArgumentError, Option } from 'commander';
import { printJsonLine } from './output.ts';
import { JSON_OPTION, type OutputOptions } from './print.ts';
import { terminal } from './terminal.ts';

interface EvaluateOptions extends OutputOptions {
  scenario: string;
  data?: string;
  sessions?: string;
  prices?: string;
  history?: true;
  config?: string;
  caps?: readonly number[];
  planner: 'all' | readonly string[];
  expected: string;
  send: string;
  out?: string;
}

/** `evaluate`: charges past sessions again with the planner and with simple planners, and compares them. */
export function addEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .summary('charge past sessions again with the planner, and compare')
    .description(
      'Charges past sessions again at a simulated site: with the planner of the node and with simple planners, and prints a table of energy served, cost, CO2, peak and messages.\nWithout options it uses the synthetic data that come with Evenkeel. Your own sessions: --sessions FILE, or --history --config FILE.',
    )
    .addOption(
      new Option('--scenario <name>', 'the sessions and the site').choices(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'synthetic']).default('synthetic'),
    )
    .option('--data <folder>', 'folder with the public data of S1 to S5')
    .addOption(new Option('--sessions <file>', 'your own sessions, as CSV; its columns are in docs/planner.md').conflicts(['scenario', 'history']))
    .addOption(new Option('--history', 'the ended sessions in the database of --config').conflicts('scenario'))
    .option('--config <file>', 'configuration file of the node (YAML), for --history')
    .option('--prices <file>', 'prices for your own sessions, as CSV: from, price_per_kwh and g_co2_per_kwh (default: a synthetic day)')
    .option('--caps <kW,…>', 'limits of the site in kW; each is one table', parseCaps)
    .option('--planner <name,…>', 'all, or some of OPTIMISED, LLF, EDF, FCFS, EQUAL_SHARE, UNCONTROLLED', parsePlanners, 'all' as const)
    .addOption(
      new Option('--expected <source>', 'which days say how much energy is usual: earlier ones, those that are replayed (hindsight), none, or all three')
        .choices(['earlier', 'hindsight', 'none', 'all'])
        .default('earlier'),
    )
    .addOption(
      new Option('--send <which>', 'profiles that are sent: by the rules of sending, or every change at once, as published comparisons assume')
        .choices(['rules', 'every'])
        .default('rules'),
    )
    .option('--out <folder>', 'also write evaluation.md and evaluation.svg into this folder')
    .option(...JSON_OPTION)
    .action(evaluate);
}

async function evaluate({ planner, expected, send, out, json, history, config, ...choice }: EvaluateOptions): Promise<void> {
  const { PLANNERS, runScenarios, madeOn } = await import('./evaluate/run.ts');
  const { readScenarios } = await import('./evaluate/read-scenarios.ts');
  const { EXPECTATIONS, resultsMarkdown } = await import('../evaluate/index.ts');
  const { readHistory } = await import('./evaluate/read-history.ts');
  if (choice.scenario === 'S6') return (await import('./evaluate/measure-plans.ts')).printPlanTimes(json === true);
  const scenarios = history ? await readHistory({ config, ...choice }) : await readScenarios(choice);
  const found = await runScenarios(scenarios, {
    planners: PLANNERS.filter((name) => planner === 'all' || planner.includes(name)),
    expectations: EXPECTATIONS.filter((it) => expected === 'all' || it === expected),
    sendsAll: send === 'every',
    ...(out !== undefined && { out }),
  });
  if (json) for (const { results } of found) for (const result of results) printJsonLine(result);
  else terminal().stdout.write(resultsMarkdown(found, madeOn()));
}

function parseCaps(text: string): readonly number[] {
  const caps = text.split(',').map(Number);
  if (caps.some((cap) => !(cap >= 1 && cap <= 100_000))) throw new InvalidArgumentError('Allowed are numbers of kW from 1 to 100000, such as 30,35.');
  return caps;
}

const NAMES = ['OPTIMISED', 'LLF', 'EDF', 'FCFS', 'EQUAL_SHARE', 'UNCONTROLLED'];
function parsePlanners(text: string): 'all' | readonly string[] {
  if (text === 'all') return text;
  const names = text.split(',');
  if (names.some((name) => !NAMES.includes(name))) throw new InvalidArgumentError(`Allowed are all, or names of ${NAMES.join(', ')} with commas between them.`);
  return names;
}
