import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Row } from './benchmark.ts';
import type { Program, usage } from './child-program.ts';
import type { handlers as driverHandlers } from './driver/driver.ts';
import type { Lap, Pace } from './driver/load.ts';
import type { StoreKind } from './workspace.ts';

const WARM_UP_MS = 4_000;
/** Longer than the timeout (30 s) within which a node ends every accepted request. */
const WAIT_FOR_RESULTS_MS = 35_000;

/** One measured load: times in ms, CPU of the measured programs in ms per flow, their memory in MB. */
export interface Measurement extends Lap {
  /** Flows per second. */
  rate: number;
  cpu: number;
  rss: number;
  lost: number;
  strays: number;
}
export type Driver = Program<typeof driverHandlers>;

/** The programs whose CPU and memory count: one, or several that work together. */
export interface MeasuredPrograms {
  usage(): Promise<{ cpu: number; rss: number }>;
  errorOutput(): string;
}

type Measured = Pick<Program<{ usage: typeof usage }>, 'call' | 'errorOutput'>;
/** Adds up the usage of several programs. */
export const measuredPrograms = (...programs: readonly Measured[]): MeasuredPrograms => ({
  usage: async () => {
    const all = await Promise.all(programs.map((it) => it.call('usage', undefined)));
    return { cpu: all.reduce((sum, { cpu }) => sum + cpu, 0), rss: all.reduce((sum, { rss }) => sum + rss, 0) };
  },
  errorOutput: () => programs.map((it) => it.errorOutput()).join(''),
});

/** Puts a load on the programs through a driver and measures it for `span` seconds after a warm-up. */
export async function measureLoad(driver: Driver, programs: MeasuredPrograms, { pace, span }: { pace: Pace; span: number }): Promise<Measurement> {
  await driver.call('start', pace);
  await sleep(WARM_UP_MS);
  const [before] = await Promise.all([programs.usage(), driver.call('mark', undefined)]);
  await sleep(span * 1000);
  const [after, lap] = await Promise.all([programs.usage(), driver.call('mark', undefined)]);
  const end = await driver.call('stop', WAIT_FOR_RESULTS_MS);
  if (!lap || !end) throw new Error('the driver was started before it was opened');
  const errors = lap.errors + end.unanswered;
  if (errors > 0) process.stderr.write(`first error: ${end.firstError}\n${programs.errorOutput()}\n`);
  const { lost, strays } = end;
  return { ...lap, errors, lost, strays, rate: lap.flows / lap.seconds, cpu: (after.cpu - before.cpu) / 1000 / lap.flows, rss: after.rss / 1e6 };
}

/** Rows for errors, lost results and duplicate results; the aim of each is 0. */
export function lossRows(store: StoreKind, all: readonly Measurement[]): readonly Row[] {
  const none = (name: string, countOf: (measurement: Measurement) => number): Row => {
    const sum = all.reduce((total, measurement) => total + countOf(measurement), 0);
    return atMost(`${store}: ${name}`, sum, { unit: '', aim: 0 });
  };
  return [none('errors', (it) => it.errors), none('accepted and never answered', (it) => it.lost), none('answered twice', (it) => it.strays)];
}
