import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from '../scripts/script-options.ts';
import type { Benchmark, Options } from './benchmark.ts';
import { calibrate } from './calibration/calibrate.ts';
import { catchUp } from './catch-up.ts';
import { compose } from './compose.ts';
import { consolePage } from './console.ts';
import { summarizeProfile } from './cpu-profile.ts';
import { flows } from './flows.ts';
import { gateway } from './gateway.ts';
import { grown } from './grown/grown.ts';
import { lists } from './lists.ts';
import { planner } from './planner.ts';
import { rebalance } from './rebalance.ts';
import { relay } from './relay.ts';
import { describeMachine, formatReport, type Report, saveReport } from './report.ts';
import { soak } from './soak.ts';
import { start } from './start.ts';
import { stations } from './stations.ts';
import { storm } from './storm.ts';
import { openWorkspace, type StoreKind } from './workspace.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  start,
  compose,
  rebalance,
  planner,
  stations,
  lists,
  flows,
  grown,
  relay,
  'catch-up': catchUp,
  storm,
  gateway,
  console: consolePage,
  soak,
};
/** Takes as long as `--minutes` says, so it runs only when it is named. */
const ONLY_BY_NAME = ['soak'];

const usage = `npm run bench -- [NAME …] [options]
Runs benchmarks, prints their results and adds them to bench/results/. Names: ${Object.keys(benchmarks).join(', ')}; without a name all run but soak.
  --span SECONDS     how long each load is measured (default: 15)
  --in-flight N      flows at a time under full load (default: 64)
  --stations N       charge points with one session each under load (default: 256)
  --sessions N       ended sessions of a grown store (default: 1000000)
  --exchanges N      ended exchanges of a grown store (default: 3000000)
  --store STORE      sqlite or postgres (default: both)
  --minutes N        length of a soak for each store (default: 60)
  --profile FOLDER   write CPU profiles of the measured programs to this folder
  --no-save          do not write to bench/results/
  --help             show this help`;

const numbers = { span: '15', 'in-flight': '64', stations: '256', sessions: '1000000', exchanges: '3000000', minutes: '60' } as const;
const number = (value: string) => ({ type: 'string', default: value }) as const;
const { values, positionals } = readOptions(
  usage,
  {
    span: number(numbers.span),
    'in-flight': number(numbers['in-flight']),
    stations: number(numbers.stations),
    sessions: number(numbers.sessions),
    exchanges: number(numbers.exchanges),
    minutes: number(numbers.minutes),
    store: { type: 'string' },
    profile: { type: 'string' },
    'no-save': { type: 'boolean', default: false },
  },
  true,
);

const names: readonly string[] = positionals;
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name)).map((name) => `there is no benchmark ${name}`);
const wrong = Object.keys(numbers).filter((name) => !/^[1-9]\d*$/.test(String(Reflect.get(values, name))));
const problems = [
  ...unknown,
  ...wrong.map((name) => `--${name} is ${Reflect.get(values, name)}; allowed is a whole number from 1 on`),
  ...(values.store === undefined || values.store === 'sqlite' || values.store === 'postgres'
    ? []
    : [`--store is ${values.store}; allowed is sqlite or postgres`]),
];
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n${usage}\n`);
  process.exit(2);
}

await using workspace = await openWorkspace();
const stores: readonly StoreKind[] = values.store === 'sqlite' ? ['sqlite'] : values.store === 'postgres' ? ['postgres'] : ['sqlite', 'postgres'];
const options: Options = {
  span: Number(values.span),
  inFlight: Number(values['in-flight']),
  stations: Number(values.stations),
  sessions: Number(values.sessions),
  exchanges: Number(values.exchanges),
  minutes: Number(values.minutes),
  stores: stores.filter((it) => it === 'sqlite' || workspace.hasPostgres),
  profile: values.profile,
};
const progress = (line: string) => process.stderr.write(`… ${line}\n`);

for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (names.length > 0 ? !names.includes(name) : ONLY_BY_NAME.includes(name)) continue;
  progress(`${name}: calibration`);
  const calibration = await calibrate(workspace);
  const date = new Date().toISOString();
  const rows = await benchmark({ workspace, options, progress });
  const { span, inFlight, stations, sessions, exchanges } = options;
  const report: Report = {
    figure: name,
    date,
    machine: describeMachine(),
    calibration,
    options: { span, inFlight, stations, ...(name === 'grown' && { sessions, exchanges }) },
    rows,
  };
  process.stdout.write(`${formatReport(report)}\n`);
  if (!values['no-save']) saveReport(report);
}
if (options.profile) for (const program of readdirSync(options.profile)) process.stdout.write(`${summarizeProfile(join(options.profile, program))}\n`);
