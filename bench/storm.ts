import { atMost, type Benchmark, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import type { handlers as stationsHandlers } from './driver/idle-stations.ts';
import type { handlers as receiverHandlers } from './driver/location-receiver.ts';
import { profileOptions } from './flows.ts';
import type { handlers as cpoHandlers } from './node/cpo-program.ts';
import type { StoreKind } from './workspace.ts';

const LOCATION_SIZES = [1_000, 5_000] as const;
const LARGEST = 5_000;

/** One storm: all charge points of one location connect at once. */
interface Storm {
  store: StoreKind;
  stations: number;
  /** Whether an eMSP receives the location. */
  pushed: boolean;
}

/** Time and CPU of a node while all charge points of one location connect, boot and report their status. */
export const storm: Benchmark = async (by) => {
  const rows: Row[] = [];
  for (const store of by.options.stores)
    for (const stations of LOCATION_SIZES) for (const pushed of [false, true]) rows.push(...(await measure({ store, stations, pushed }, by)));
  return rows;
};

async function measure({ store, stations, pushed }: Storm, { workspace, options, progress }: Parameters<Benchmark>[0]): Promise<readonly Row[]> {
  const name = `${store}: ${stations} charge points of one location${pushed ? ', pushed to one eMSP' : ''}`;
  progress(name);
  const profile = profileOptions(options, `storm-${store}-${stations}${pushed ? '-pushed' : ''}`);
  await using node = startProgram<typeof cpoHandlers>('node/cpo-program.ts', profile);
  await using first = startProgram<typeof stationsHandlers>('driver/idle-stations.ts');
  await using second = startProgram<typeof stationsHandlers>('driver/idle-stations.ts');
  await using receiver = startProgram<typeof receiverHandlers>('driver/location-receiver.ts');
  const setup = { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations, perLocation: stations };
  const { ocppPort, ...invitation } = await node.call('open', setup);
  if (pushed) await receiver.call('register', invitation);
  const before = await node.call('usage', undefined);
  const began = Date.now();
  const half = stations / 2;
  await Promise.all([first, second].map((program, n) => program.call('connectAvailable', { from: n * half, count: half, port: ocppPort })));
  const connectedAt = Date.now();
  const settledAt = await node.call('locationSettled', { evses: stations });
  const receivedAt = pushed ? await receiver.call('received', { evses: stations }) : undefined;
  const after = await node.call('usage', undefined);
  const seconds = (until: number) => (until - began) / 1000;
  const total = seconds(Math.max(settledAt, connectedAt));
  return [
    { name: `${name}: connected, booted and reported`, value: seconds(connectedAt), unit: 's' },
    stations === LARGEST && !pushed
      ? atMost(`${name}: all available in the location`, total, { unit: 's', aim: 15 })
      : { name: `${name}: all available in the location`, value: total, unit: 's' },
    ...(receivedAt === undefined ? [] : [{ name: `${name}: all available at the eMSP`, value: seconds(receivedAt), unit: 's' }]),
    { name: `${name}: CPU of the node`, value: (after.cpu - before.cpu) / 1e6, unit: 's' },
    { name: `${name}: memory`, value: after.rss / 1e6, unit: 'MB' },
  ];
}
