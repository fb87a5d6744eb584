import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Row } from './benchmark.ts';
import type { Program, usage } from './child-program.ts';
import type { desk as driverDesk } from './driver/driver.ts';
import type { Lap, Pace } from './driver/load.ts';
import type { StoreKind } from './workspace.ts';

const WARM_UP_MS = 4_000;
/** Longer than a node may take to give an accepted request its last word. */
const PATIENCE_MS = 35_000;

/** A load as it went: times in ms, CPU of the programs under load in ms for each flow, their memory in MB. */
export interface Measurement extends Lap {
  rate: number;
  cpu: number;
  rss: number;
  lost: number;
  strays: number;
}
export type Driver = Program<typeof driverDesk>;

/** What a load is measured on: one program, or several that work together. */
export interface MeasuredPrograms {
  usage(): Promise<{ cpu: number; rss: number }>;
  errorOutput(): string;
}

type Measured = Pick<Program<{ usage: typeof usage }>, 'ask' | 'complaints'>;
export const measuredPrograms = (...programs: readonly Measured[]): MeasuredPrograms => ({
  usage: async () => {
    const all = await Promise.all(programs.map((it) => it.call('usage', undefined)));
    return { cpu: all.reduce((sum, { cpu }) => sum + cpu, 0), rss: all.reduce((sum, { rss }) => sum + rss, 0) };
  },
  errorOutput: () => programs.map((it) => it.errorOutput()).join(''),
});

/** Lets a driver put a load on programs, and measures it once they are warm. */
export async function measureLoad(driver: Driver, on: MeasuredPrograms, { pace, span }: { pace: Pace; span: number }): Promise<Measurement> {
  await driver.call('start', pace);
  await sleep(WARM_UP_MS);
  const [before] = await Promise.all([on.usage(), driver.call('mark', undefined)]);
  await sleep(span * 1000);
  const [after, lap] = await Promise.all([on.usage(), driver.call('mark', undefined)]);
  const end = await driver.call('stop', PATIENCE_MS);
  if (!lap || !end) throw new Error('the driver was not open');
  const errors = lap.errors + end.unanswered;
  if (errors > 0) process.stderr.write(`first error: ${end.firstError}\n${on.errorOutput()}\n`);
  const { lost, strays } = end;
  return { ...lap, errors, lost, strays, rate: lap.flows / lap.seconds, cpu: (after.cpu - before.cpu) / 1000 / lap.flows, rss: after.rss / 1e6 };
}

/** What no load may bring about. */
export function lossRows(store: StoreKind, all: readonly Measurement[]): readonly Row[] {
  const none = (name: string, of: (held: Measurement) => number): Row => {
    const sum = all.reduce((total, held) => total + of(held), 0);
    return atMost(`${store}: ${name}`, sum, { unit: '', aim: 0 });
  };
  return [none('errors', (it) => it.errors), none('accepted and never answered', (it) => it.lost), none('answered twice', (it) => it.strays)];
}
