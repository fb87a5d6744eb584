import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Benchmark, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as csmsHandlers } from './gateway/csms-program.ts';
import type { handlers as nodeHandlers } from './gateway/node-program.ts';
import type { handlers as pipeHandlers } from './gateway/pipe-program.ts';
import type { handlers as stationsHandlers } from './gateway/stations-program.ts';

/** 2,000 frames/s: a call and its answer are two. */
const CALLS_PER_SECOND = 1_000;
const LOADED_PAIRS = 500;
const MAX_PAIRS = 5_000;
const KEEPING_STATIONS = 20;
const KEPT_MESSAGES = 100_000;
/** By then the work on new connections is finished. */
const SETTLE_MS = 5_000;

/** A program between stations and a CSMS: a gateway, or the bare pipe. */
export interface Middle extends AsyncDisposable {
  /** Where stations connect; their id is added as the last path segment. */
  url: string;
  /** CPU in µs since the start, and resident memory in bytes. */
  usage(): Promise<{ cpu: number; rss: number }>;
  /** Bytes of live objects after a garbage collection. */
  live?(): Promise<number>;
}

/** Starts a middle before the CSMS at this URL. */
export type OpenMiddle = (upstream: string) => Promise<Middle>;

/** What a load through a middle took. */
interface Passing {
  p50: number;
  p99: number;
  /** CPU seconds of the middle for each second. */
  cpu: number;
  late: number;
}

/** A middle that is measured. */
interface Measured {
  name: string;
  open: OpenMiddle;
  /** Whether it keeps messages while the CSMS is away. */
  keeps: boolean;
}

/** The bare pipe comes first: the others are compared with it. */
const middles: readonly Measured[] = [
  { name: 'bare pipe', open: openPipe, keeps: false },
  { name: 'gateway', open: openNode, keeps: true },
];

/** Passing time, CPU, memory of a pair, a reconnect storm and kept messages, of a gateway beside the bare pipe. */
export const gateway: Benchmark = async ({ options, progress }) => {
  const rows: Row[] = [];
  let bare: Passing | undefined;
  for (const { name, open, keeps } of middles) {
    progress(`${name}: 2,000 frames/s`);
    const passing = await measurePassing(open, options.span);
    rows.push(...passingRows(name, passing), ...(bare ? comparedRows(name, { bare, passing }) : []));
    bare ??= passing;
    progress(`${name}: ${MAX_PAIRS} pairs`);
    rows.push(...(await measurePairs(name, open)));
    if (keeps) progress(`${name}: ${KEPT_MESSAGES} kept messages`);
    if (keeps) rows.push(...(await measureSendingOn(name, open)));
  }
  return rows;
};

/** Starts the bare pipe. */
async function openPipe(upstream: string): Promise<Middle> {
  const program = startProgram<typeof pipeHandlers>('gateway/pipe-program.ts');
  const { url } = await program.call('open', { upstream });
  return { url, usage: () => program.call('usage', undefined), [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** Starts a node on SQLite, with the CSMS behind it. */
async function openNode(upstream: string): Promise<Middle> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-gateway-'));
  const program = startProgram<typeof nodeHandlers>('gateway/node-program.ts', ['--expose-gc']);
  const { url } = await program.call('open', { database: join(folder, 'node.db'), folder, stations: MAX_PAIRS, upstream: `${upstream}/{id}` });
  return {
    url,
    usage: () => program.call('usage', undefined),
    live: () => program.call('live', undefined),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The time from a station's send to the CSMS's receipt at 2,000 frames/s, in ms, and the CPU of the middle. */
async function measurePassing(open: OpenMiddle, seconds: number): Promise<Passing> {
  await using csms = startProgram<typeof csmsHandlers>('gateway/csms-program.ts');
  await using stations = startProgram<typeof stationsHandlers>('gateway/stations-program.ts');
  await using middle = await open((await csms.call('open', undefined)).url);
  await stations.call('connect', { url: middle.url, from: 0, count: LOADED_PAIRS });
  await stations.call('load', { callsPerSecond: CALLS_PER_SECOND, seconds: 3 });
  await csms.call('record', true);
  const before = await middle.usage();
  const { late } = await stations.call('load', { callsPerSecond: CALLS_PER_SECOND, seconds });
  const after = await middle.usage();
  const times = (await csms.call('record', false)).toSorted((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN) / 1000;
  return { p50: at(0.5), p99: at(0.99), cpu: (after.cpu - before.cpu) / 1e6 / seconds, late };
}

/** The rows of a load. */
const passingRows = (name: string, { p50, p99, cpu, late }: Passing): readonly Row[] => [
  { name: `${name}: passing time of a frame at 2,000/s, p50`, value: p50, unit: 'ms' },
  { name: `${name}: passing time of a frame at 2,000/s, p99`, value: p99, unit: 'ms' },
  { name: `${name}: CPU at 2,000 frames/s`, value: cpu, unit: 's/s' },
  { name: `${name}: calls that found no free station`, value: late, unit: '' },
];

/** The aims beside the bare pipe of the same run. */
const comparedRows = (name: string, { bare, passing }: { bare: Passing; passing: Passing }): readonly Row[] => [
  atMost(`${name}: passing time above the bare pipe, p99`, passing.p99 - bare.p99, { unit: 'ms', aim: 0.5 }),
  atMost(`${name}: CPU, times the bare pipe`, passing.cpu / bare.cpu, { unit: '×', aim: 3 }),
];

/** Memory of a pair at 5,000 pairs, and the time until 5,000 dropped stations are connected and booted again. */
async function measurePairs(name: string, open: OpenMiddle): Promise<readonly Row[]> {
  await using csms = startProgram<typeof csmsHandlers>('gateway/csms-program.ts');
  await using stations = startProgram<typeof stationsHandlers>('gateway/stations-program.ts');
  await using middle = await open((await csms.call('open', undefined)).url);
  const liveBefore = await middle.live?.();
  const before = await middle.usage();
  const all = { url: middle.url, from: 0, count: MAX_PAIRS };
  await stations.call('connect', all);
  await sleep(SETTLE_MS);
  const { rss } = await middle.usage();
  const live = await middle.live?.();
  await stations.call('dropAll', undefined);
  const storm = await stations.call('connect', all);
  const liveRow = {
    name: `${name}: live objects of a pair, after a garbage collection`,
    value: ((live ?? 0) - (liveBefore ?? 0)) / MAX_PAIRS / 1000,
    unit: 'kB',
  };
  return [
    ...(live === undefined ? [] : [liveRow]),
    atMost(`${name}: memory of a pair at ${MAX_PAIRS} pairs`, (rss - before.rss) / MAX_PAIRS / 1000, { unit: 'kB', aim: 40 }),
    atMost(`${name}: reconnect storm of ${MAX_PAIRS} pairs`, storm, { unit: 's', aim: 60 }),
  ];
}

/** The time until 100,000 messages that were kept while the CSMS was away have arrived there, and whether they came in order. */
async function measureSendingOn(name: string, open: OpenMiddle): Promise<readonly Row[]> {
  await using csms = startProgram<typeof csmsHandlers>('gateway/csms-program.ts');
  await using stations = startProgram<typeof stationsHandlers>('gateway/stations-program.ts');
  await using middle = await open((await csms.call('open', undefined)).url);
  await stations.call('connect', { url: middle.url, from: 0, count: KEEPING_STATIONS });
  await csms.call('away', undefined);
  const began = performance.now();
  await stations.call('sendNumbered', KEPT_MESSAGES / KEEPING_STATIONS);
  const kept = performance.now();
  await csms.call('back', undefined);
  const { outOfOrder } = await csms.call('received', KEPT_MESSAGES);
  return [
    { name: `${name}: messages kept`, value: KEPT_MESSAGES / ((kept - began) / 1000), unit: '/s' },
    atMost(`${name}: ${KEPT_MESSAGES} kept messages sent on`, (performance.now() - kept) / 1000, { unit: 's', aim: 60 }),
    atMost(`${name}: kept messages out of order`, outOfOrder, { unit: '', aim: 0 }),
  ];
}
