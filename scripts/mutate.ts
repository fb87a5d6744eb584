import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describeMachine } from '../bench/report.ts';
import { equivalentMutants } from './mutate/equivalent-mutants.ts';
import { sortSurvivors } from './mutate/equivalents.ts';
import { type MutationResult, scoreOf } from './mutate/result.ts';
import { saveRun } from './mutate/result-files.ts';
import { runStryker, type Target } from './mutate/run-stryker.ts';
import { readOptions } from './script-options.ts';

// `npm run mutate`: changes the code in small ways and counts the changes that no unit test notices.
const folders = ['src/roles', 'src/planner', 'src/domain'];
const usage = `npm run mutate -- [FOLDER or FILE …] [options]
Mutates ${folders.join(', ')} with the unit tests of the same folder, prints each mutant that no test kills, and
writes the scores of whole folders to bench/results/mutation.md and .json. A part of a folder is only printed.
  --concurrency N    test runners at a time (default: 2)
  --no-save          do not write to bench/results/
  --help             show this help`;

const options = { concurrency: { type: 'string', default: '2' }, 'no-save': { type: 'boolean', default: false } } as const;
const { values, positionals } = readOptions(usage, options, true);

function end(text: string, code: number): never {
  process.stdout.write(`${text}\n`);
  process.exit(code);
}

const top = join(import.meta.dirname, '..');
const concurrency = Number(values.concurrency);
if (!Number.isInteger(concurrency) || concurrency < 1) end(`--concurrency is ${values.concurrency}; allowed is a whole number from 1 on\n${usage}`, 2);
const targets = (positionals.length > 0 ? positionals : folders).map(targetOf);
process.chdir(top); // Stryker and vitest read the project from here

/** The folder whose tests belong to a path from the command line. */
function targetOf(argument: string): Target {
  const path = relative(top, join(process.cwd(), argument)).replaceAll('\\', '/');
  const folder = folders.find((it) => path === it || path.startsWith(`${it}/`));
  const exists = existsSync(join(top, path)) && (path.endsWith('.ts') || statSync(join(top, path)).isDirectory());
  if (!folder || !exists) end(`${argument} is no folder or file below ${folders.join(', ')}\n${usage}`, 2);
  return { folder, path };
}

/** Prints the mutants that survived, apart from the known equivalent ones, and the score. */
function print({ path }: Target, result: MutationResult): void {
  const { killed, survived, noCoverage, ignored } = result;
  const { equivalent, others, outdated } = sortSurvivors(path, result.survivors, equivalentMutants);
  const lines = [
    ...others.map(({ file, line, mutator, code, mutated }) => `${file}:${line} ${mutator}\n  - ${code}\n  + ${mutated}`),
    ...outdated.map(
      ({ file, code, mutated }) => `${file}: listed as equivalent, but no such mutant survived; remove it from the list\n  - ${code}\n  + ${mutated}`,
    ),
    `${path}: ${scoreOf(result).toFixed(1)} % killed: ${killed} killed, ${survived} survived, ${noCoverage} in code that no test runs (${equivalent.length} of these equivalent), ${ignored} ignored`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

for (const target of targets) {
  const date = new Date().toISOString();
  const result = await runStryker(target, concurrency);
  print(target, result);
  if (target.path !== target.folder || values['no-save']) continue;
  const { survivors, ...counts } = result;
  const { equivalent } = sortSurvivors(target.folder, survivors, equivalentMutants);
  saveRun({ folder: target.folder, date, machine: describeMachine(), ...counts, equivalent: equivalent.length });
}
