import type { Command } from 'commander';
import type { ShadowReport, ShadowSiteDay, ShadowStationDay } from '../node/api/shadow/schemas.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { parseMoment } from './option-values.ts';
import { printJsonLine } from './output.ts';
import type { Column } from './table.ts';

/** Options of `shadow report`. */
interface ReportOptions extends ApiOptions {
  from?: string;
  to?: string;
  site?: string;
  station?: string;
}

/** Days of charge points and sites that one report shows at most. */
const MOST_ROWS = 1_000;

/** `shadow report`: what the node would have done at charge points that it only observes. */
export function addShadowCommand(program: Command): void {
  const shadow = program
    .command('shadow')
    .summary('show what the node would have sent to charge points that it only observes')
    .description('Charge points behind a CSMS with upstream.mode: observe get nothing from this node. It records what it would have sent.');
  withApiOptions(
    shadow
      .command('report')
      .summary('print what would have been sent and lowered, by day')
      .description(
        'Prints, by day (UTC) and charge point, what would have been sent and by how much the limits would have lowered what was measured; and by day and site, how long it was above its limits. LOWERED is what was drawn above the limits: a car charges a part of it later.',
      )
      .option('--from <moment>', 'begin, such as 2030-01-01T00:00:00Z (default: 7 days before --to)', parseMoment)
      .option('--to <moment>', 'end, excluded (default: now)', parseMoment)
      .option('--site <name>', 'only this site and its charge points')
      .option('--station <id>', 'only this charge point'),
  ).action(async ({ from, to, site, station, ...options }: ReportOptions) => {
    const { client, routes } = await connect(options);
    const query = { ...(from && { from }), ...(to && { to }), ...(site && { site }), ...(station && { station }), limit: MOST_ROWS };
    await printReport(await client.send(routes.getShadow, { query }), options);
  });
}

async function printReport(report: ShadowReport, options: ApiOptions): Promise<void> {
  if (options.json) return printJsonLine(report);
  const { renderTable, printLines } = await import('./table.ts');
  const { stations, sites, next } = report;
  return printLines([
    ...describeTotals(report),
    ...(stations.length === 0 ? [] : ['', ...renderTable(stationColumns, stations)]),
    ...(sites.length === 0 ? [] : ['', ...renderTable(siteColumns, sites)]),
    ...(next === undefined ? [] : ['', `only the newest ${MOST_ROWS} rows; choose a shorter time with --from and --to`]),
  ]);
}

/** What the whole time shows, in lines. */
function describeTotals({ from, to, observed, totals }: ShadowReport): string[] {
  const { requests, site_limits: limits, refused, lowered_kwh: kwh, lowered_peak_kw: kw, measured_hours: hours, sites_above_minutes: above } = totals;
  return [
    `from ${from.slice(0, 16)}Z to ${to.slice(0, 16)}Z; ${observed} charge point${observed === 1 ? ' is' : 's are'} observed now`,
    `not sent: ${requests.set} set, ${requests.clear} clear, ${requests.get} get, ${limits} limits of sites; refused: ${refused}`,
    `measured ${hours.toFixed(1)} h; limits would have lowered ${kwh.toFixed(2)} kWh, at most ${kw.toFixed(1)} kW`,
    `sites were above their limits for ${above.toFixed(1)} min`,
  ];
}

const stationColumns: Column<ShadowStationDay>[] = [
  { title: 'DAY', text: (it) => it.day },
  { title: 'STATION', text: (it) => it.station, shrinks: true },
  { title: 'SET', text: (it) => String(it.requests.set), align: 'right' },
  { title: 'CLEAR', text: (it) => String(it.requests.clear), align: 'right' },
  { title: 'GET', text: (it) => String(it.requests.get), align: 'right' },
  { title: 'SITE', text: (it) => String(it.site_limits), align: 'right' },
  { title: 'REFUSED', text: (it) => String(it.refused), align: 'right' },
  { title: 'LOWERED', text: (it) => `${it.lowered_kwh.toFixed(2)} kWh`, align: 'right' },
  { title: 'PEAK', text: (it) => `${it.lowered_peak_kw.toFixed(1)} kW`, align: 'right' },
];

const siteColumns: Column<ShadowSiteDay>[] = [
  { title: 'DAY', text: (it) => it.day },
  { title: 'SITE', text: (it) => it.site, shrinks: true },
  { title: 'ABOVE ITS LIMIT', text: (it) => `${it.above_minutes.toFixed(1)} min`, align: 'right' },
  { title: 'OF', text: (it) => `${it.measured_hours.toFixed(1)} h`, align: 'right' },
  {
    title: 'AT MOST',
    text: (it) => (it.above_peak_kw > 0 ? `${it.above_peak_a.toFixed(1)} A, ${it.above_peak_kw.toFixed(1)} kW` : `${it.above_peak_a.toFixed(1)} A`),
    align: 'right',
  },
];
