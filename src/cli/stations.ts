import type { Command } from 'commander';
import type { StationView } from '../node/api/sessions/schemas.ts';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { printJsonLine } from './json-line.ts';
import type { Column } from './table.ts';

/** `stations`: lists the charge points of a node. */
export function addStationsCommand(program: Command): void {
  withApiOptions(
    program
      .command('stations')
      .summary('list the charge points of a node')
      .description('Lists the charge points of the configuration, and whether they are connected.'),
  ).action(async (options: ApiOptions) => {
    const [{ openClient }, { listStations }, door] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(options)]);
    const { items } = await openClient(door).send(listStations, {});
    if (options.json) return items.forEach(printJsonLine);
    const { renderTable, printLines } = await import('./table.ts');
    return printLines(items.length === 0 ? ['this node has no charge points'] : renderTable(columns, items));
  });
}

const columns: Column<StationView>[] = [
  { title: 'STATION', text: (it) => it.id },
  { title: 'ONLINE', text: (it) => (it.online ? 'yes' : it.seen_at === undefined ? 'never' : 'no') },
  { title: 'OCPP', text: (it) => it.ocpp ?? '' },
  { title: 'SMART', text: (it) => (it.smart_charging === undefined ? '?' : it.smart_charging ? 'yes' : 'no') },
  { title: 'EVSES', text: (it) => it.evses.map(({ uid }) => uid).join(' '), shrinks: true },
  { title: 'MODEL', text: (it) => [it.vendor, it.model].filter((name) => name !== undefined).join(' '), shrinks: true },
];
