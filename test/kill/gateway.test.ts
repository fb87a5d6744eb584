import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Random, seeded } from '../../sim/index.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { databaseFor, type StoreKind, stores } from '../world.ts';
import { type NodeProcess, openNodeProcess } from './node-process.ts';
import { PlainStation } from './plain-station.ts';
import { RecordingCsms } from './recording-csms.ts';

/** The same seed gives the same faults in the same order; their times depend on the machine. */
const SEED = process.env.EVENKEEL_SEED ?? 'evenkeel';
/** Stations of one run, each with its own random order of faults; EVENKEEL_RUNS sets how many in all. */
const STATIONS = 24;
const RUNS = Number(process.env.EVENKEEL_RUNS ?? STATIONS);
const PASSWORD = '0123456789abcdef';
const pause = (milliseconds: number) => new Promise<void>((then) => setTimeout(then, milliseconds));

test.each(stores)(
  'GW-A13: each message about a transaction reaches the CSMS in order, and twice only after a break, whatever fails (%s)',
  async (kind) => {
    console.log(`EVENKEEL_SEED=${SEED}`);
    for (let run = 0; run * STATIONS < RUNS; run++) await oneRun(kind, seeded(`${SEED} ${kind} ${run}`));
  },
  3_600_000,
);

async function oneRun(kind: StoreKind, random: Random): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-gateway-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const csms = stack.use(new RecordingCsms(random.branch('csms')));
  const ids = Array.from({ length: STATIONS }, (_, n) => `CP-${n}`);
  const node = stack.use(await openNodeProcess(settings({ url: await csms.url(), ids, database: await databaseFor(kind, stack), folder }), folder));
  const stations = ids.map((id, n) => {
    const own = random.branch(id);
    const url = `ws://127.0.0.1:${node.ocppPort()}/ocpp`;
    return new PlainStation({ url, id, password: PASSWORD, version: n % 2 === 0 ? '1.6' : '2.0.1', random: own, transactions: 3, answerMs: 8_000 });
  });
  stack.defer(() => {
    for (const station of stations) station.end();
  });
  const isOver = { now: false };
  const faults = disturb({ node, csms, stations, ids, random: random.branch('faults'), isOver });
  const runs = stations.map((station) => station.run());
  for (const [n, station] of stations.entries()) void runs[n]?.then(() => station.stay());
  await Promise.all(runs);
  isOver.now = true;
  await faults;
  csms.behave();
  await expect.poll(() => stations.every((it, n) => missing(it, csms, ids[n] ?? '').length === 0), { timeout: 60_000, interval: 100 }).toBe(true);
  expect(stations.flatMap((it, n) => violations(it, csms, ids[n] ?? ''))).toEqual([]);
  expect(csms.errors).toEqual([]);
  expect(stations.flatMap(({ errors }) => errors)).toEqual([]);
  expect(node.errors).toEqual([]);
}

const missing = ({ made }: PlainStation, { deliveries }: RecordingCsms, id: string) =>
  made.filter(({ mark }) => !deliveries.some((it) => it.station === id && it.mark === mark));

/** What is wrong with the messages that the CSMS got from one station. */
function violations({ made, calls, ids }: PlainStation, csms: RecordingCsms, id: string): string[] {
  const deliveries = csms.deliveries.filter(({ station }) => station === id);
  const first = [...new Set(deliveries.map(({ mark }) => mark))];
  const wrong = first.join() === made.map(({ mark }) => mark).join() ? [] : [`${id}: the order is ${first.join()}`];
  for (const { mark, start } of made) {
    const them = deliveries.filter((it) => it.mark === mark);
    if (new Set(them.map(({ connection }) => connection)).size < them.length) wrong.push(`${id}: ${mark} twice on one connection`);
    const allowed = deliveries.filter((it) => it.mark === start).map(({ transactionId }) => transactionId);
    for (const { transactionId } of them)
      if (!allowed.includes(transactionId)) wrong.push(`${id}: ${mark} names transaction ${transactionId}, not ${allowed.join()}`);
  }
  // A call of the CSMS names a transaction by the id that the station has for it.
  for (const { action, payload } of calls)
    if (action === 'RemoteStopTransaction' && ![...ids.values()].includes(String(payload.transactionId)))
      wrong.push(`${id}: asked to stop ${payload.transactionId}`);
  return wrong;
}

interface Disturbed {
  node: NodeProcess;
  csms: RecordingCsms;
  stations: readonly PlainStation[];
  ids: readonly string[];
  random: Random;
  isOver: { now: boolean };
}

/** Kills the node twice, makes the CSMS leave, and breaks connections of single stations, until all stations are done. */
async function disturb({ node, csms, stations, ids, random, isOver }: Disturbed): Promise<void> {
  for (let n = 0; !isOver.now; n++) {
    await pause(random.integer(20, 120));
    const index = random.integer(0, ids.length - 1);
    if (n === 12 || n === 40) {
      node.signal('SIGKILL');
      await node.ended();
      await node.start();
    } else if (n % 20 === 5) await csms.leave(random.integer(200, 1_500));
    else if (random.next() < 0.6) csms.disturb(ids[index] ?? '');
    else stations[index]?.lose();
  }
}

function settings({ url, ids, database, folder }: { url: string; ids: readonly string[]; database: string; folder: string }) {
  const parsed = parseConfig(
    JSON.stringify({
      listen: { port: 0 },
      public_url: 'http://127.0.0.1',
      database,
      key_file: join(folder, 'encryption.key'),
      insecure_http: true,
      parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'Evenkeel CPO' }],
      ocpp: { port: 0, security_profile: 1, upstream: { url } },
      charge_points: ids.map((id) => ({
        id,
        location_id: 'LOC1',
        evses: [{ uid: `${id}-1`, evse_id: 1, power_type: 'AC_3_PHASE', max_voltage: 230, max_amperage: 32 }],
      })),
      tokens: [{ uid: 'DEADBEEF', type: 'RFID', country_code: 'NL', party_id: 'MSP', contract_id: 'NL-MSP-C0001' }],
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
}
