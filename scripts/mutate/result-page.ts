import type { EquivalentMutants } from './equivalents.ts';
import { type MutationResult, scoreOf } from './result.ts';

/** A run over one whole folder, as bench/results/mutation.json keeps it. */
export interface Run extends Omit<MutationResult, 'survivors'> {
  folder: string;
  date: string;
  machine: { cores: number; node: string };
  /** How many of the survivors are equivalent. */
  equivalent: number;
}

const AIM = 90; // per cent

const about = `A mutant is a copy of the code with one small change: another operator, a condition that is always true, an empty function. A test that fails kills it.
Mutated is all of the three folders; the unit tests of the same folder run (\`*.test.ts\`), with a fixed seed and without the simulations of a site (\`simulated-day\`, \`balance-laws\`), which take too long. The score is killed / (killed + survived + without a test); equivalent mutants count as survived.

Ignored are mutants that change no decision:

- texts for people, which are texts with a blank between two words that are not compared with anything: status messages, problems, texts of errors;
- \`default: return x satisfies never\`, which the types make unreachable.

\`npm run mutate\` writes this page; see \`npm run mutate -- --help\`.`;

/** The page bench/results/mutation.md: the last run of each folder, the equivalent mutants, one line for each run. */
export function resultPage(runs: readonly Run[], equivalents: readonly EquivalentMutants[]): string {
  const last = [...new Map(runs.map((run) => [run.folder, run])).values()];
  const sum = (of: (run: Run) => number) => last.reduce((all, run) => all + of(run), 0);
  const total = { killed: sum((it) => it.killed), survived: sum((it) => it.survived), noCoverage: sum((it) => it.noCoverage) };
  const rest = { equivalent: sum((it) => it.equivalent), ignored: sum((it) => it.ignored) };
  return `# mutation

${about}

| folder | score | killed | survived | without a test | of these equivalent | ignored | date |
|---|---|---|---|---|---|---|---|
${last.map((run) => row(run.folder, run, run.date.slice(0, 10))).join('\n')}
${row('all', { ...total, ...rest }, `aim ≥ ${AIM} %`)}

## Equivalent mutants

They behave like the code in the source, so no test can kill them.

${equivalents.length === 0 ? 'None is known.' : equivalents.map(equivalentItem).join('\n')}

## Runs

One line for each run over a folder; ⚠ marks a score below ${AIM} %.

${runs.map(historyLine).join('\n')}
`;
}

type Counts = Pick<Run, 'killed' | 'survived' | 'noCoverage' | 'equivalent' | 'ignored'>;

const row = (name: string, run: Counts, note: string) =>
  `| ${name} | ${percent(run)} | ${run.killed} | ${run.survived} | ${run.noCoverage} | ${run.equivalent} | ${run.ignored} | ${note} |`;

const equivalentItem = ({ file, why, mutants }: EquivalentMutants) =>
  [`- ${file}: ${why}`, ...mutants.map(([code, mutated]) => `  - ${asCode(code)} → ${asCode(mutated)}`)].join('\n');

const historyLine = (run: Run) =>
  `- ${run.date}, ${run.machine.cores} cores, Node ${run.machine.node}: ${run.folder} ${percent(run)} (${run.killed} killed, ${run.survived} survived, ${run.noCoverage} without a test)${scoreOf(run) >= AIM ? '' : ' ⚠'}`;

const percent = (run: Counts) => `${scoreOf(run).toFixed(1)} %`;

/** Code on one line; a long piece is cut. */
const asCode = (code: string) => `\`\` ${code.length > 100 ? `${code.slice(0, 99)}…` : code || ' '} \`\``;
