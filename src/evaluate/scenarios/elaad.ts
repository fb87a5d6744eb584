import { sessionKey } from '../../domain/ids.ts';
import { type EpochSeconds, epochSeconds, volts, wattHours } from '../../domain/units.ts';
import type { EvseData, ValueStep } from '../../planner/index.ts';
import { randomFrom } from '../../planner/synthetic-site.ts';
import { readTable } from '../read-tables.ts';
import { DAY, type PastCharge, type Scenario } from '../scenario.ts';
import { gridLimit } from './synthetic.ts';

const EVSE: EvseData = { unit: 'A', min: 6, max: 16, voltage: volts(230), phases: [1, 2, 3] };
/** Central European time. */
const ZONE = 3_600;
/** Cars that come to the site on one day. */
const CARS = 60;

/** The texts of the distributions: by quarter of an hour the part of arrivals; by percent of the sessions the stay in h and the energy in kWh. */
export interface Distributions {
  arrival: string;
  stay: string;
  energy: string;
}

/** S5: two days with real prices of the day-ahead market, and public charging in the Netherlands, drawn with a seed. */
export function s5(distributions: Distributions, prices: string, caps: readonly number[]): readonly Scenario[] {
  const series = pricesOf(prices);
  const begin = series[0]?.from ?? epochSeconds(0);
  const end = series.at(-1)?.to ?? begin;
  const random = randomFrom(2026);
  const sessions = drawDay(distributions, { begin, end, random }).concat(drawDay(distributions, { begin: epochSeconds(begin + DAY), end, random }));
  const before = Array.from({ length: 7 }, (_, n) => epochSeconds(begin - (n + 1) * DAY));
  const earlier = before.flatMap((day) => drawDay(distributions, { begin: day, end: day + 2 * DAY, random }));
  return caps.map((cap) => ({
    name: `S5 at ${cap} kW`,
    label: 'DE-LU day-ahead prices of 2026-02-02 and -03, sessions drawn from ElaadNL distributions (public), all cars CHEAP',
    currency: 'EUR',
    sessions,
    earlier,
    limits: gridLimit(cap),
    prices: series,
    zone: ZONE,
  }));
}

/** The first series of each day counts: a later one repeats the same span. */
function pricesOf(csv: string): readonly ValueStep[] {
  const prices = new Map<number, number>();
  for (const { cell } of readTable(csv)) {
    const at = Date.parse(cell('start_utc')) / 1_000;
    if (!prices.has(at)) prices.set(at, Number(cell('eur_per_mwh')) / 1_000);
  }
  return [...prices].sort(([a], [b]) => a - b).map(([at, value]) => ({ from: epochSeconds(at), to: epochSeconds(at + 900), value }));
}

function drawDay({ arrival, stay, energy }: Distributions, { begin, end, random }: { begin: EpochSeconds; end: number; random: () => number }): PastCharge[] {
  const arrivals = readTable(arrival.replaceAll('"', '')).map(({ cell }) => Number(cell('public')));
  const quantile = (csv: string) => {
    const rows = readTable(csv.replaceAll('"', ''));
    return Number(rows[Math.min(rows.length - 1, Math.floor(random() * rows.length))]?.cell('public') ?? 0);
  };
  return Array.from({ length: CARS }, (_, n) => {
    const from = begin + quarter(arrivals, random()) * 900 + Math.floor(3 * random()) * 300;
    const departure = Math.min(end, from + Math.max(0.5, quantile(stay)) * 3_600);
    const most = (11.04 * (departure - from)) / 3_600;
    return {
      key: sessionKey('NL', 'ELD', `${begin}-${n}`),
      evse: `public ${n}`,
      electric: EVSE,
      arrival: epochSeconds(from),
      departure: epochSeconds(Math.round(departure)),
      energy: wattHours(Math.round(1_000 * Math.min(quantile(energy), 0.95 * most))),
      profileType: 'CHEAP' as const,
    };
  }).filter(({ arrival: at, departure, energy: wanted }) => departure > at && wanted > 0);
}

/** The quarter of an hour of the day in which a share of the arrivals has come. */
function quarter(parts: readonly number[], share: number): number {
  const total = parts.reduce((sum, part) => sum + part, 0);
  let sum = 0;
  const found = parts.findIndex((part) => {
    sum += part / total;
    return sum >= share;
  });
  return Math.max(0, found);
}
