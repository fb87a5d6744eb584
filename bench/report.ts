import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Options, Row } from './benchmark.ts';
import type { Calibration } from './calibration/calibrate.ts';

/** The result of one benchmark in one run, with the speed of the machine measured just before it. */
export interface Report {
  /** Name of the benchmark. The files in bench/results have this key. */
  figure: string;
  date: string;
  machine: { cores: number; node: string };
  calibration: Calibration;
  options: Pick<Options, 'span' | 'inFlight' | 'stations'> & Partial<Pick<Options, 'sessions' | 'exchanges'>>;
  rows: readonly Row[];
}

/** Number of CPU cores and version of Node. */
export const describeMachine = (): Report['machine'] => ({ cores: availableParallelism(), node: process.version });

/** The report as text for a terminal. */
export function formatReport({ figure, date, machine: { cores, node }, calibration, rows }: Report): string {
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, value, unit, aim, reached }) => {
    const verdict = aim === undefined ? '' : `   aim ${aim}${reached ? '' : ', not reached'}`;
    return `  ${name.padEnd(widest)}  ${round(value).padStart(9)} ${unit.padEnd(3)}${verdict}`.trimEnd();
  });
  return [`${figure}: ${date}, ${cores} cores, Node ${node}`, `  speed of this machine: ${formatCalibration(calibration)}`, ...lines].join('\n');
}

const formatCalibration = ({ httpRequests, webSocketEchoes, sqliteCommits, postgresCommits }: Calibration): string =>
  [
    `${round(httpRequests)} node:http requests/s`,
    `${round(webSocketEchoes)} WebSocket echoes/s`,
    `${round(sqliteCommits)} SQLite commits/s`,
    ...(postgresCommits === undefined ? [] : [`${round(postgresCommits)} PostgreSQL commits/s`]),
  ].join(', ');

/** Three significant digits. */
const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** Overwrites `bench/results/<figure>.json` and adds a line to `bench/results/<figure>.md`. */
export function saveReport(report: Report): void {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${report.figure}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  const history = join(folder, `${report.figure}.md`);
  if (!existsSync(history)) writeFileSync(history, `# ${report.figure}\n\nOne line for each run; ⚠ marks an aim that was not reached.\n\n`);
  appendFileSync(history, `${historyLine(report)}\n`);
}

function historyLine({ date, machine: { cores, node }, calibration, rows }: Report): string {
  const withAim = rows.filter(({ aim }) => aim !== undefined);
  const results = withAim.map(({ name, value, unit, aim, reached }) => `${`${name} ${round(value)} ${unit}`.trimEnd()} (${aim})${reached ? '' : ' ⚠'}`);
  return `- ${date}, ${cores} cores, Node ${node}; ${formatCalibration(calibration)}: ${results.join('; ')}`;
}
