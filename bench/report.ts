import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Options, Row } from './benchmark.ts';
import type { Calibration } from './calibration/calibrate.ts';

/** One figure of one run, with what the machine could do in the same minute. */
export interface Report {
  figure: string;
  date: string;
  machine: { cores: number; node: string };
  calibration: Calibration;
  options: Pick<Options, 'span' | 'inFlight' | 'stations'>;
  rows: readonly Row[];
}

export const machine = () => ({ cores: availableParallelism(), node: process.version });

/** The report as lines to be read in a terminal. */
export function formatReport({ figure, date, machine: { cores, node }, calibration, rows }: Report): string {
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, value, unit, aim, reached }) => {
    const verdict = aim === undefined ? '' : `   aim ${aim}${reached ? '' : ', not reached'}`;
    return `  ${name.padEnd(widest)}  ${round(value).padStart(9)} ${unit.padEnd(3)}${verdict}`.trimEnd();
  });
  return [`${figure}: ${date}, ${cores} cores, Node ${node}`, `  in the same minute: ${words(calibration)}`, ...lines].join('\n');
}

const words = ({ httpRequests, webSocketEchoes, sqliteCommits, postgresCommits }: Calibration): string =>
  [
    `${round(httpRequests)} node:http requests/s`,
    `${round(webSocketEchoes)} WebSocket echoes/s`,
    `${round(sqliteCommits)} SQLite commits/s`,
    ...(postgresCommits === undefined ? [] : [`${round(postgresCommits)} PostgreSQL commits/s`]),
  ].join(', ');

/** Three digits that count. */
const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** Writes `<figure>.json` anew and adds a line to `<figure>.md`. */
export function saveReport(report: Report): void {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${report.figure}.json`), `${JSON.stringify(report, undefined, 2)}\n`);
  const history = join(folder, `${report.figure}.md`);
  if (!existsSync(history)) writeFileSync(history, `# ${report.figure}\n\nOne line for each run; ⚠ marks an aim that was not reached.\n\n`);
  appendFileSync(history, `${lineOf(report)}\n`);
}

function lineOf({ date, machine: { cores, node }, calibration, rows }: Report): string {
  const aims = rows.filter(({ aim }) => aim !== undefined);
  const said = aims.map(({ name, value, unit, aim, reached }) => `${`${name} ${round(value)} ${unit}`.trimEnd()} (${aim})${reached ? '' : ' ⚠'}`);
  return `- ${date}, ${cores} cores, Node ${node}; ${words(calibration)}: ${said.join('; ')}`;
}
