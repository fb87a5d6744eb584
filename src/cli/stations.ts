import type { Command } from 'commander';
import type { StationView } from '../node/api/stations/schemas.ts';
import { timeOfDay } from './describe-session.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { printList } from './print.ts';
import type { Column } from './table.ts';

/** `stations`: lists the charge points of a node. */
export function addStationsCommand(program: Command): void {
  withApiOptions(
    program
      .command('stations')
      .summary('list the charge points of a node')
      .description('Lists the configured charge points and what is known of each. SMART says whether it supports smart charging; ? means not known yet.'),
  ).action(async (options: ApiOptions) => {
    const { client, routes } = await connect(options);
    const { items } = await client.send(routes.listStations, {});
    await printList(items, options, { columns: columnsOf(items), none: 'this node has no charge points; only a node with the role CPO has any' });
  });
}

const columns: Column<StationView>[] = [
  { title: 'STATION', text: (it) => it.id },
  { title: 'ONLINE', text: (it) => (it.online ? 'yes' : it.seen_at === undefined ? 'never' : 'no') },
  { title: 'OCPP', text: (it) => it.ocpp ?? '' },
  { title: 'SMART', text: (it) => (it.smart_charging === undefined ? '?' : it.smart_charging ? 'yes' : 'no') },
  { title: 'EVSES', text: (it) => it.evses.map(({ uid }) => uid).join(' '), shrinks: true },
  { title: 'HEARD', text: (it) => (it.heard_at === undefined ? '' : timeOfDay(it.heard_at)) },
  { title: 'MODEL', text: (it) => [it.vendor, it.model].filter((name) => name !== undefined).join(' '), shrinks: true },
];

/** Why a station is not healthy, where the other columns do not say it. */
const refusalOf = ({ health }: StationView) => (health.state === 'refuses-limits' ? (health.reason ?? '') : '');
/** The state of the CSMS, and how many messages wait for it. */
const csmsOf = ({ csms }: StationView) =>
  csms ? [csms.state ?? '-', ...(csms.mode === 'observe' ? ['observed'] : []), ...(csms.kept > 0 ? [`${csms.kept} kept`] : [])].join(', ') : '';
const columnsOf = (items: readonly StationView[]): Column<StationView>[] => [
  ...columns,
  ...(items.some((it) => it.csms) ? [{ title: 'CSMS', text: csmsOf }] : []),
  ...(items.some((it) => refusalOf(it) !== '') ? [{ title: 'NOTE', text: refusalOf }] : []),
];
