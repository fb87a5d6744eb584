import type { Command } from 'commander';
import type { SiteView } from '../node/api/sites/schemas.ts';
import { type ApiOptions, findApi, withApiOptions } from './find-api.ts';
import { printJsonLine } from './json-line.ts';
import { parseLimit, type TypedLimit } from './option-values.ts';
import type { Column } from './table.ts';

/** `sites`: shows the limits of sites, imposes some and lifts them. */
export function addSitesCommand(program: Command): void {
  const sites = program.command('sites').summary('limits of cables, and what counts against them');
  withApiOptions(sites.command('list').summary('the nodes of all sites, their limits and loads')).action(async (options: ApiOptions) => {
    const [{ openClient }, { listSites }, door] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(options)]);
    await print((await openClient(door).send(listSites, {})).items, options);
  });
  withApiOptions(
    sites
      .command('limit')
      .argument('<node>', 'its path, such as garage/north')
      .argument('<limit>', 'with its unit: 20A on each phase, 13.8kW over all', parseLimit)
      .summary('impose a limit on a node, until it is lifted'),
  ).action(async (node: string, { limit, unit }: TypedLimit, options: ApiOptions) => {
    const [{ openClient }, { imposeLimit }, door] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(options)]);
    const body = unit === 'A' ? { a: limit } : { w: limit };
    await print((await openClient(door).send(imposeLimit, { query: { node }, body })).items, options);
  });
  withApiOptions(sites.command('lift').argument('<node>', 'its path, such as garage/north').summary('lift what was imposed on a node')).action(
    async (node: string, options: ApiOptions) => {
      const [{ openClient }, { liftLimit }, door] = await Promise.all([import('./api-client.ts'), import('../node/api/sessions/routes.ts'), findApi(options)]);
      await print((await openClient(door).send(liftLimit, { query: { node } })).items, options);
    },
  );
}

async function print(items: readonly SiteView[], options: ApiOptions): Promise<void> {
  if (options.json) return items.forEach(printJsonLine);
  const { renderTable, printLines } = await import('./table.ts');
  const nodes = items.flatMap((site) => site.nodes);
  printLines(nodes.length === 0 ? ['this node has no sites'] : renderTable(columns, nodes));
}

type NodeView = SiteView['nodes'][number];
const told = (limit: { a?: number; w?: number } | undefined) =>
  [limit?.a === undefined ? [] : `${limit.a} A`, limit?.w === undefined ? [] : `${limit.w} W`].flat().join(', ');
const columns: Column<NodeView>[] = [
  { title: 'NODE', text: (it) => it.path, shrinks: true },
  { title: 'LIMIT', text: (it) => told(it.limit) || 'none' },
  { title: 'IMPOSED', text: (it) => told(it.imposed) },
  { title: 'COUNTED R S T', text: (it) => `${it.load.a.map((one) => one.toFixed(1)).join(' ')} A` },
  { title: 'POWER', text: (it) => `${Math.round(it.load.w)} W` },
];
