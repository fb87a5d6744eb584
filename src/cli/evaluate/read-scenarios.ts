import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  DAY,
  gridLimit,
  type PastCharge,
  readPriceCsv,
  readSessionCsv,
  type Scenario,
  s1,
  s2,
  s3,
  s4,
  s5,
  s7,
  syntheticPrices,
  syntheticScenarios,
  type Tariff,
} from '../../evaluate/index.ts';
import { CliError } from '../output.ts';

/** The scenarios that can be replayed, with the grid limits in kW that they have when none is given. */
const CAPS: Readonly<Record<string, readonly number[]>> = {
  S1: [...Array.from({ length: 27 }, (_, n) => 10 + 5 * n), 150],
  S2: [60],
  S3: Array.from({ length: 27 }, (_, n) => 10 + 5 * n),
  S4: [60],
  S5: [60],
  S7: [50],
  synthetic: [50],
};
/** What the command line says about the scenarios. */
export interface ScenarioChoice {
  scenario: string;
  data?: string;
  sessions?: string;
  prices?: string;
  caps?: readonly number[];
}

/** Reads the scenarios with their data. A file that cannot be read, and each line that is wrong, ends the command. */
export async function readScenarios({ scenario, data, sessions, prices, caps }: ScenarioChoice): Promise<readonly Scenario[]> {
  const limits = caps ?? CAPS[scenario] ?? [];
  if (sessions !== undefined) return ownScenarios(await ownSessions(sessions), { prices, caps: caps ?? [50], source: sessions });
  if (scenario === 'synthetic') return syntheticScenarios(limits);
  if (scenario === 'S7') return s7(limits);
  if (data === undefined) throw new CliError(`${scenario} needs its data: name the folder with --data DIR; without --scenario the synthetic data are used`, 2);
  const read = (file: string) => readText(join(data, file));
  const tariff = async () => JSON.parse(await read('prices/sce_tou_ev_4_march_2019.json')) as Tariff;
  const acn = (months: string) => read(`acn/acn_jpl_${months}.csv.gz`);
  if (scenario === 'S2') return s2({ earlier: await acn('2019-05-01_2019-08-31'), replayed: await acn('2019-09-01_2019-12-31') }, await tariff(), limits);
  if (scenario === 'S4') {
    const [earlier, replayed] = [await acn('2020-02-01_2020-05-31'), await acn('2021-05-01_2021-08-31')];
    return s4({ earlier, replayed, carbon: await read('carbon/SGIP_CAISO_SCE_2021-05_moer_only.csv.gz') }, await tariff(), limits);
  }
  if (scenario === 'S5') {
    const [arrival, stay, energy] = await Promise.all(['arrival', 'connection-time', 'energy-demand'].map((name) => read(`elaad/distribution-of-${name}.csv`)));
    return s5({ arrival: arrival ?? '', stay: stay ?? '', energy: energy ?? '' }, await read('prices/de_dayahead_2026-02-02_03.csv'), limits);
  }
  return (scenario === 'S1' ? s1 : s3)(await read('acn/acn_caltech_2019-03_5min.csv'), await tariff(), limits);
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new CliError(
      `${file} cannot be read (${error instanceof Error && 'code' in error ? error.code : error}): name a file or a folder that this user may read`,
      2,
    );
  }
}

async function ownSessions(file: string): Promise<readonly PastCharge[]> {
  return valid(file, readSessionCsv(await readText(file)));
}

/** The rows of a file; a wrong line ends the command. */
function valid<T>(file: string, { rows, problems }: { rows: readonly T[]; problems: readonly string[] }): readonly T[] {
  if (problems.length > 0)
    throw new CliError(
      problems.map((problem) => `${file}, ${problem}`),
      2,
    );
  if (rows.length === 0) throw new CliError(`${file} has no rows below its heading: write one line for each`, 2);
  return rows;
}

/** Sessions of the operator at limits of the site. Without prices, those of the synthetic day count for every day. */
export async function ownScenarios(
  sessions: readonly PastCharge[],
  { prices, caps, source }: { prices: string | undefined; caps: readonly number[]; source: string },
): Promise<readonly Scenario[]> {
  const begin = Math.floor(Math.min(...sessions.map(({ arrival }) => arrival)) / DAY) * DAY;
  const days = Math.ceil((Math.max(...sessions.map(({ departure }) => departure)) - begin) / DAY) + 2;
  const rows = prices === undefined ? undefined : valid(prices, readPriceCsv(await readText(prices)));
  const carbon = rows?.flatMap((row) => row.carbon ?? []) ?? [];
  return caps.map((cap) => ({
    name: `own sessions at ${cap} kW`,
    label: `sessions of ${source}, ${prices === undefined ? 'synthetic prices' : `prices of ${prices}`}`,
    currency: prices === undefined ? 'EUR' : 'the currency of the prices',
    sessions,
    earlier: [],
    limits: gridLimit(cap),
    prices: rows?.map(({ price }) => price) ?? syntheticPrices(begin, days),
    ...(carbon.length > 0 && { carbon }),
    zone: 0,
  }));
}
