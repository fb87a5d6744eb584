import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { drawResults, type EvaluationResult, type Expectation, replay, resultsMarkdown, type Scenario, type ScenarioResults } from '../../evaluate/index.ts';
import { machineClock } from '../../node/core/machine-clock.ts';
import { type Baseline, baselinePlanner, openPlanner, type SitePlanner } from '../../solver/index.ts';
import { CliError } from '../output.ts';
import { terminal } from '../terminal.ts';

/** The planners that can be compared; OPTIMISED is the one of the node. */
export const PLANNERS = ['OPTIMISED', 'LLF', 'EDF', 'FCFS', 'EQUAL_SHARE', 'UNCONTROLLED'] as const;
/** One of them. */
export type PlannerName = (typeof PLANNERS)[number];

/** How scenarios are replayed. */
export interface RunOptions {
  planners: readonly PlannerName[];
  expectations: readonly Expectation[];
  /** Every change of a plan is sent, and takes effect at once. */
  sendsAll: boolean;
  out?: string;
}

const start = performance.now();

/** Replays scenarios with each planner, and returns the results; progress goes to standard error. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<readonly ScenarioResults[]> {
  await using optimiser = openPlanner({ clock: machineClock, threads: 1 });
  const found: ScenarioResults[] = [];
  for (const scenario of scenarios) {
    const results: EvaluationResult[] = [];
    for (const run of runsOf(options)) results.push(await replayOne(scenario, run, optimiser));
    found.push({ name: scenario.name, label: scenario.label, currency: scenario.currency, results });
    if (options.out !== undefined) await writeResults(found, options.out);
  }
  return found;
}

interface Run {
  name: string;
  planner: PlannerName;
  expectation: Expectation;
  sendsAll: boolean;
}

/** Only the optimiser uses what is expected: the others run once. */
const runsOf = ({ planners, expectations, sendsAll }: RunOptions): readonly Run[] =>
  planners.flatMap((planner): Run[] => {
    if (planner !== 'OPTIMISED') return [{ name: planner, planner, expectation: 'earlier', sendsAll }];
    return expectations.map((expectation) => ({ name: expectation === 'earlier' ? planner : `${planner} (${expectation})`, planner, expectation, sendsAll }));
  });

async function replayOne(scenario: Scenario, { planner, ...run }: Run, optimiser: SitePlanner): Promise<EvaluationResult> {
  const report = progressOf(`${scenario.name}, ${run.name}`);
  const result = await replay(scenario, {
    ...run,
    planner: planner === 'OPTIMISED' ? optimiser : baselinePlanner(planner as Baseline),
    elapsed: () => performance.now() - start,
    progress: report,
  });
  report(1);
  return result;
}

/** On a terminal one line that changes; else one line when a replay is done. */
function progressOf(title: string): (part: number) => void {
  const { stderr } = terminal();
  const { isTTY = false } = stderr as { isTTY?: boolean };
  return (part) => {
    if (isTTY) stderr.write(`\r\u001b[K${title}: ${Math.floor(100 * part)} %${part === 1 ? '\n' : ''}`);
    else if (part === 1) stderr.write(`${title}: done\n`);
  };
}

/** The day and the machine, as one sentence. */
export const madeOn = (): string =>
  `${new Date(machineClock.now()).toISOString().slice(0, 10)}, ${availableParallelism()} cores of ${cpus()[0]?.model ?? arch()}, Node ${process.versions.node}, ${platform()}.`;

/** Writes `evaluation.md` and `evaluation.svg`. */
async function writeResults(results: readonly ScenarioResults[], folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'evaluation.md'), resultsMarkdown(results, madeOn()));
    await writeFile(join(folder, 'evaluation.svg'), drawResults(results, madeOn()));
  } catch (error) {
    throw new CliError(`cannot write to ${folder}: ${error instanceof Error ? error.message : error}`);
  }
}
