import { atMost, type Benchmark, median, type Row } from './benchmark.ts';
import { startProgram } from './child-program.ts';
import { profileOptions } from './flows.ts';
import { fillRunning } from './grown/fill-running.ts';
import type { handlers as cpoHandlers } from './node/cpo-program.ts';

const SESSIONS = 10_000;
const TIMES = 9;
/** A page of the console: 50 sessions. */
const LISTS = {
  'newest first': 'limit=50',
  'sorted by power': 'sort=power&limit=50',
  'sorted by limit': 'sort=limit&limit=50',
  'limited by an absent charge point, sorted by name': 'limited_by=station-away&sort=name&limit=50',
  'of one site, sorted by energy': 'site=LOC7&sort=energy&limit=50',
  'searched, sorted by start': 'q=CP0077&sort=start&limit=50',
} as const;

/** Time of one list of 10,000 running sessions over HTTP, median of 9; and of the first list after a long pause, which reads all sessions. */
export const lists: Benchmark = async ({ workspace, options, progress }) => {
  const rows: Row[] = [];
  for (const store of options.stores) {
    const setup = { database: await workspace.newDatabase(store), folder: workspace.newFolder(), stations: SESSIONS, perLocation: 100 };
    progress(`${store}: ${SESSIONS} running sessions`);
    await fillRunning(setup.database, SESSIONS);
    await using node = startProgram<typeof cpoHandlers>('node/cpo-program.ts', profileOptions(options, `lists-${store}`));
    await node.call('open', setup);
    const time = async (query: string) => await node.call('timeList', query);
    rows.push({ name: `${store}: first list that is sorted`, value: await time(LISTS['sorted by power']), unit: 'ms' });
    rows.push({ name: `${store}: first list that is sorted by limit`, value: await time(LISTS['sorted by limit']), unit: 'ms' });
    for (const [name, query] of Object.entries(LISTS)) {
      const times: number[] = [];
      for (let n = 0; n < TIMES; n++) times.push(await time(query));
      rows.push(atMost(`${store}: ${name}`, median(times), { unit: 'ms', aim: 100 }));
    }
    await node.call('close', undefined);
  }
  return rows;
};
