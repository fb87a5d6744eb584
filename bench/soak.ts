import { setTimeout as sleep } from 'node:timers/promises';
import { atLeast, atMost, type Benchmark, median, type Options, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as driverHandlers } from './driver/driver.ts';
import { profileOptions } from './flows.ts';
import type { handlers as cpoHandlers } from './node/cpo-program.ts';
import type { StoreKind, Workspace } from './workspace.ts';

const FLOWS_A_SECOND = 50;
/** Sessions that end each second; as many begin. */
const RENEWALS_A_SECOND = 5;
const MINUTE_MS = 60_000;
/** Fewest samples: a short run is sampled more often than each minute. */
const FEWEST_SAMPLES = 10;
const WARM_UP_MS = 4_000;
/** Longer than the timeout (30 s) within which a node ends every accepted request. */
const WAIT_FOR_RESULTS_MS = 35_000;
/** Memory may grow in the last half by this part of itself, in percent, and the delay of the event loop by so many ms. */
const MOST_GROWTH_PERCENT = 5;
const MOST_DELAY_GROWTH_MS = 5;

/** The state of the node at one moment: memory in MB, delay of its event loop in ms, flows per second since the moment before. */
interface Sample {
  rss: number;
  heap: number;
  loopP99: number;
  flows: number;
  errors: number;
}

/** A steady load with sessions that begin and end, for `--minutes`: whether memory and delays stay as they are in the last half. */
export const soak: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores) rows.push(...(await soakOn(store, { workspace, options, progress })));
  return rows;
};

async function soakOn(store: StoreKind, { workspace, options, progress }: { workspace: Workspace; options: Options; progress: (line: string) => void }) {
  await using driver = startProgram<typeof driverHandlers>('driver/driver.ts');
  await using node = startProgram<typeof cpoHandlers>('node/cpo-program.ts', ['--expose-gc', ...profileOptions(options, `soak-${store}`)]);
  const { stations, minutes } = options;
  const { ocppPort, ...address } = await node.call('open', { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations });
  await driver.call('open', { target: { is: 'node', as: 'EMSP', ...address }, ocppPort, stations });
  await driver.call('start', { is: 'open', perSecond: FLOWS_A_SECOND });
  await driver.call('renew', RENEWALS_A_SECOND);
  await sleep(WARM_UP_MS);
  await Promise.all([node.call('vitals', undefined), driver.call('mark', undefined)]);
  const every = Math.min(MINUTE_MS, (minutes * MINUTE_MS) / FEWEST_SAMPLES);
  const samples: Sample[] = [];
  for (let n = 1; n <= Math.round((minutes * MINUTE_MS) / every); n += 1) {
    await sleep(every);
    const [vitals, lap] = await Promise.all([node.call('vitals', undefined), driver.call('mark', undefined)]);
    if (!lap) throw new Error('the driver was started before it was opened');
    const sample = { rss: vitals.rss / 1e6, heap: vitals.heap / 1e6, loopP99: vitals.loopP99, flows: lap.flows / lap.seconds, errors: lap.errors };
    samples.push(sample);
    progress(`${store}: minute ${((n * every) / MINUTE_MS).toFixed(1)}: ${describe(sample)}`);
  }
  await driver.call('endRenewals', undefined);
  const end = await driver.call('stop', WAIT_FOR_RESULTS_MS);
  const lost = (end?.lost ?? 0) + (end?.unanswered ?? 0);
  if (end?.firstError) process.stderr.write(`first error: ${end.firstError}\n${node.errorOutput()}\n`);
  return rowsOf(store, { samples, minutes, lost, renewed: await driver.call('renewed', undefined) });
}

const describe = ({ rss, heap, loopP99, flows, errors }: Sample) =>
  `RSS ${rss.toFixed(0)} MB, heap ${heap.toFixed(1)} MB, event loop p99 ${loopP99.toFixed(1)} ms, ${flows.toFixed(1)} flows/s, ${errors} errors`;

interface Soaked {
  samples: readonly Sample[];
  minutes: number;
  lost: number;
  renewed: number;
}

function rowsOf(store: StoreKind, { samples, minutes, lost, renewed }: Soaked): readonly Row[] {
  const half = samples.slice(Math.floor(samples.length / 2));
  const of = (key: keyof Sample, from: readonly Sample[] = half) => from.map((it) => it[key]);
  const summary = (name: string, key: keyof Sample, unit: string): Row => ({
    name: `${store}: ${name}`,
    value: median(of(key)),
    unit,
    series: of(key, samples),
  });
  const percent = (key: keyof Sample) => (100 * growth(of(key))) / median(of(key));
  const errors = of('errors', samples).reduce((sum, it) => sum + it, 0);
  return [
    { name: `${store}: length`, value: minutes, unit: 'min' },
    { name: `${store}: sessions that ended`, value: renewed, unit: '' },
    summary('RSS, median of the last half', 'rss', 'MB'),
    summary('heap, median of the last half', 'heap', 'MB'),
    summary('event loop p99, median of the last half', 'loopP99', 'ms'),
    summary('flows, median of the last half', 'flows', '/s'),
    atMost(`${store}: RSS, growth in the last half`, percent('rss'), { unit: '%', aim: MOST_GROWTH_PERCENT }),
    atMost(`${store}: heap, growth in the last half`, percent('heap'), { unit: '%', aim: MOST_GROWTH_PERCENT }),
    atMost(`${store}: event loop p99, growth in the last half`, growth(of('loopP99')), { unit: 'ms', aim: MOST_DELAY_GROWTH_MS }),
    atLeast(`${store}: flows, slowest sample of the last half`, Math.min(...of('flows')), { unit: '/s', aim: 0.9 * FLOWS_A_SECOND }),
    atMost(`${store}: errors`, errors, { unit: '', aim: 0 }),
    atMost(`${store}: accepted and never answered`, lost, { unit: '', aim: 0 }),
  ];
}

/** How much the values rise from the first to the last, along the line that fits them best (least squares). */
function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, n) => sum + (n - middle) * (value - mean), 0);
  const variance = values.reduce((sum, _, n) => sum + (n - middle) ** 2, 0);
  return variance === 0 ? 0 : (covariance / variance) * (values.length - 1);
}
