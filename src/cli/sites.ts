import type { Command } from 'commander';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import type { SiteView } from '../node/api/sites/schemas.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { parseLimit, parseMomentOfDay, parseSpan, parseUntil, reasonOption, reasonQuery, type TypedLimit } from './option-values.ts';
import { printJsonLine } from './output.ts';
import { printList } from './print.ts';
import type { Column } from './table.ts';

const NODE_ARGUMENT = ['<node>', 'path of the node, such as garage/north'] as const;

/** `sites`: shows the limits of sites, imposes limits and lifts them. */
export function addSitesCommand(program: Command): void {
  const sites = program
    .command('sites')
    .summary('show the limits of sites, and set or remove limits')
    .description('A site is a grid connection; its nodes are the cables, panels and groups below it, each with a limit.');
  withApiOptions(sites.command('list').summary('list the nodes of all sites with their limits and loads')).action(async (options: ApiOptions) => {
    const { client, routes } = await connect(options);
    const { items } = await client.send(routes.listSites, {});
    await printSites(items, options);
    if (!options.json) await printSessions(items, (await client.send(routes.listSessions, { query: { status: 'ACTIVE', limit: MOST_SESSIONS } })).items);
  });
  withApiOptions(
    sites
      .command('limit')
      .argument(...NODE_ARGUMENT)
      .argument('<limit>', 'limit with its unit: 20A (per phase), 13.8kW (total)', parseLimit)
      .option('--until <moment>', 'end of the limit: a time of this machine such as 18:00, or 2030-01-01T00:00:00Z', parseUntil)
      .option('--trusted-for <time>', 'time after which --fallback holds unless the limit is set again: 2m to 168h', parseSpan)
      .option('--fallback <limit>', 'limit that holds when nobody renews this one, in the same unit', parseLimit)
      .addOption(reasonOption())
      .summary('limit a node until the limit ends or is lifted')
      .description(
        'Limits a node until the limit ends or evenkeel sites lift removes it, and prints all nodes. The lower of this limit and the configured one applies. Charge points hold the end and the fallback by themselves.',
      ),
  ).action(async (node: string, typed: TypedLimit, options: ApiOptions & LimitOptions) => {
    const { client, routes } = await connect(options);
    const { until, trustedFor, fallback } = options;
    const body = {
      ...inUnit(typed),
      ...(until !== undefined && { until: new Date(until).toISOString() }),
      ...(trustedFor !== undefined && { trusted_for: trustedFor }),
      ...(fallback && { fallback: inUnit(fallback) }),
    };
    await printSites((await client.send(routes.imposeLimit, { query: { node, ...reasonQuery(options.reason) }, body })).items, options);
  });
  addDayCommand(sites);
  withApiOptions(
    sites
      .command('lift')
      .argument(...NODE_ARGUMENT)
      .addOption(reasonOption())
      .summary('remove the limit of evenkeel sites limit from a node')
      .description('Removes the limit that evenkeel sites limit has set, so that only the configured one applies, and prints all nodes.'),
  ).action(async (node: string, options: ApiOptions & { reason?: string }) => {
    const { client, routes } = await connect(options);
    await printSites((await client.send(routes.liftLimit, { query: { node, ...reasonQuery(options.reason) } })).items, options);
  });
}

/** `sites day`: who held what at a moment. */
function addDayCommand(sites: Command): void {
  withApiOptions(
    sites
      .command('day')
      .argument('<site>', 'name of the site')
      .option(
        '--at <moment>',
        'moment in the past or ahead: a time of today on this machine such as 09:30, or 2030-01-01T09:30:00Z (default: now)',
        parseMomentOfDay,
      )
      .option('--node <path>', 'node of the site, such as garage/north (default: the whole site)')
      .summary('show who held what at a moment, and why')
      .description('Prints the limit of a site at a moment, and each session with its limit, where that came from, and what it drew. Ahead: what is planned.'),
  ).action(printMoment);
}

/** Options of `sites day`. */
interface DayOptions extends ApiOptions {
  at?: string;
  node?: string;
}

async function printMoment(site: string, options: DayOptions): Promise<void> {
  const { client, routes } = await connect(options);
  const { at, node } = options;
  const query = { ...(at !== undefined && { at }), ...(node !== undefined && { node }) };
  const moment = await client.send(routes.getSiteMoment, { params: { site }, query });
  if (options.json) return printJsonLine(moment);
  const [{ renderTable, printLines }, { describeMoment, momentColumns }] = await Promise.all([import('./table.ts'), import('./describe-moment.ts')]);
  const rows = moment.sessions.length === 0 ? ['no session ran below this node'] : renderTable(momentColumns, moment.sessions);
  return printLines([describeMoment(moment), '', ...rows]);
}

/** Options of `sites limit`. */
interface LimitOptions {
  until?: number;
  trustedFor?: number;
  fallback?: TypedLimit;
  reason?: string;
}
const inUnit = ({ limit, unit }: TypedLimit) => (unit === 'A' ? { a: limit } : { w: limit });

async function printSites(items: readonly SiteView[], options: ApiOptions): Promise<void> {
  if (options.json) return items.forEach(printJsonLine);
  const nodes = items.flatMap((site) => site.nodes);
  await printList(nodes, options, { columns, none: 'this node has no sites' });
}

/** Most running sessions that are listed below the nodes. */
const MOST_SESSIONS = 200;

/** The running sessions at EVSEs of sites, each with the limit that holds now. */
async function printSessions(sites: readonly SiteView[], sessions: readonly SessionView[]): Promise<void> {
  const uids = new Set(sites.flatMap(({ evses }) => evses.map(({ uid }) => uid)));
  const here = sessions.filter(({ side, session }) => side === 'own' && uids.has(session.evse_uid));
  if (here.length === 0) return;
  const [{ renderTable, printLines }, { siteSessionColumns }] = await Promise.all([import('./table.ts'), import('./describe-session.ts')]);
  printLines(['', ...renderTable(siteSessionColumns(here), here)]);
}

type NodeView = SiteView['nodes'][number];
const describeLimit = (limit: { a?: number; w?: number } | undefined) =>
  [limit?.a === undefined ? [] : `${limit.a} A`, limit?.w === undefined ? [] : `${limit.w} W`].flat().join(', ');
const columns: Column<NodeView>[] = [
  { title: 'NODE', text: (it) => it.path, shrinks: true },
  { title: 'LIMIT', text: (it) => describeLimit(it.limit) || 'none' },
  { title: 'IMPOSED', text: (it) => describeLimit(it.imposed) },
  { title: 'RESERVED L1 L2 L3', text: (it) => `${it.load.a.map((one) => one.toFixed(1)).join(' ')} A` },
  { title: 'POWER', text: (it) => `${Math.round(it.load.w)} W` },
];
