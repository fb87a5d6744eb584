import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark, Options } from './benchmark.ts';
import { calibrate } from './calibration/calibrate.ts';
import { catchUp } from './catch-up.ts';
import { compose } from './compose.ts';
import { summarizeProfile } from './cpu-profile.ts';
import { flows } from './flows.ts';
import { rebalance } from './rebalance.ts';
import { relay } from './relay.ts';
import { formatReport, machine, type Report, saveReport } from './report.ts';
import { start } from './start.ts';
import { stations } from './stations.ts';
import { openWorkspace } from './workspace.ts';

const figures: Readonly<Record<string, Benchmark>> = { start, compose, rebalance, stations, flows, relay, 'catch-up': catchUp };

const usage = `npm run bench -- [FIGURE …] [options]
Measures, prints, and keeps results in bench/results/. Figures: ${Object.keys(figures).join(', ')}; all of them when none is named.
  --span SECONDS     how long each load is measured (15)
  --in-flight N      flows at a time under full load (64)
  --stations N       charge points with a session each under load (256)
  --store STORE      sqlite or postgres (both)
  --profile FOLDER   writes CPU profiles of the programs under load
  --no-save          keeps no results`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    span: { type: 'string', default: '15' },
    'in-flight': { type: 'string', default: '64' },
    stations: { type: 'string', default: '256' },
    store: { type: 'string' },
    profile: { type: 'string' },
    'no-save': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const unknown = positionals.filter((name) => !figures[name]);
if (values.help || unknown.length > 0) {
  process.stdout.write(`${unknown.length > 0 ? `no figure ${unknown.join(', ')}\n` : ''}${usage}\n`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const options: Options = {
  span: Number(values.span),
  inFlight: Number(values['in-flight']),
  stations: Number(values.stations),
  stores: values.store === 'sqlite' ? ['sqlite'] : values.store === 'postgres' ? ['postgres'] : ['sqlite', 'postgres'],
  profile: values.profile,
};
const say = (line: string) => process.stderr.write(`… ${line}\n`);

await using laboratory = await openWorkspace();
for (const [name, figure] of Object.entries(figures)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  say(`${name}: calibration`);
  const calibration = await calibrate(laboratory);
  const date = new Date().toISOString();
  const rows = await figure({ workspace, options, progress });
  const { span, inFlight, stations } = options;
  const report: Report = { figure: name, date, machine: machine(), calibration, options: { span, inFlight, stations }, rows };
  process.stdout.write(`${formatReport(report)}\n`);
  if (!values['no-save']) saveReport(report);
}
if (options.profile) for (const program of readdirSync(options.profile)) process.stdout.write(`${summarizeProfile(join(options.profile, program))}\n`);
