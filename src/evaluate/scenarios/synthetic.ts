import { epochSeconds } from '../../domain/units.ts';
import type { NodeLimit, ValueStep } from '../../planner/index.ts';
import { DAY_PRICES, randomFrom } from '../../planner/synthetic-site.ts';
import { DAY, type PastCharge, type Scenario } from '../scenario.ts';
import { readSessionCsv } from '../session-csv.ts';

/** 2026-11-16 00:00Z, a Monday: the synthetic site has two weeks from here on; the first is for learning. */
const BEGIN = Date.UTC(2026, 10, 16) / 1_000;
const LEARN_DAYS = 7;
const DAYS = 14;
const EVSES = 12;

/** A grid limit of a whole site that never changes. */
export const gridLimit = (kilowatts: number): readonly NodeLimit[] => [
  { name: 'grid', steps: [{ from: epochSeconds(0), to: epochSeconds(1e11), watts: kilowatts * 1_000 }] },
];

/** Synthetic sessions as CSV, always the same: a car park of twelve EVSEs, a quarter of the cars on one phase. */
export function syntheticSessionCsv(): string {
  const random = randomFrom(15);
  const lines = ['session_id,evse,arrival,departure,energy_kwh,max_a,phases,stated_departure,stated_kwh,profile_type'];
  for (let day = 0; day < DAYS; day++)
    for (let evse = 0; evse < EVSES; evse++) if (random() < (day % 7 < 5 ? 0.85 : 0.4)) lines.push(sessionLine(day, evse, random));
  return `${lines.join('\n')}\n`;
}

const TYPES = ['CHEAP', 'CHEAP', 'REGULAR', 'GREEN', 'FAST'];
const moment = (at: number) => new Date(Math.round(at / 60) * 60_000).toISOString().replace('.000Z', 'Z');

function sessionLine(day: number, evse: number, random: () => number): string {
  const isOnePhase = evse % 4 === 3;
  const arrival = BEGIN + day * DAY + (6.5 + 4.5 * random() * random() * 2) * 3_600;
  const stay = (2 + 7 * random()) * 3_600;
  const power = isOnePhase ? 7.36 : 11.04;
  const energy = Math.min(60, ((power * stay) / 3_600) * (0.15 + 0.65 * random()));
  const said = arrival + stay + (random() < 0.3 ? 2.5 * random() : 0.2 * random()) * 3_600; // a third leaves earlier than it says
  const wanted = energy * (1 + 0.6 * random());
  return [
    `D${String(day + 1).padStart(2, '0')}E${String(evse + 1).padStart(2, '0')}`,
    `EVSE-${evse + 1}`,
    moment(arrival),
    moment(arrival + stay),
    energy.toFixed(1),
    isOnePhase ? 32 : 16,
    isOnePhase ? `L${(evse % 3) + 1}` : 3,
    moment(said),
    wanted.toFixed(1),
    TYPES[Math.floor(random() * TYPES.length)],
  ].join(',');
}

/** Prices in EUR for each hour of every day, the same every day: the prices of a synthetic day begin at 06:00. */
export const syntheticPrices = (begin: number, days: number): readonly ValueStep[] =>
  Array.from({ length: days * 24 }, (_, hour) => ({
    from: epochSeconds(begin + hour * 3_600),
    to: epochSeconds(begin + (hour + 1) * 3_600),
    value: DAY_PRICES[(hour + 18) % 24] ?? 0,
  }));

/** Carbon intensity that follows the prices: much power from gas is dear. */
const syntheticCarbon = (begin: number, days: number): readonly ValueStep[] =>
  syntheticPrices(begin, days).map((step) => ({ ...step, value: Math.round(150 + 1_000 * step.value) }));

/** The synthetic site at some grid limits, in kW: its second week, after a first week to learn from. */
export function syntheticScenarios(caps: readonly number[]): readonly Scenario[] {
  const charges = readSessionCsv(syntheticSessionCsv()).rows;
  const begin = BEGIN + LEARN_DAYS * DAY;
  const sessions: readonly PastCharge[] = charges.filter(({ arrival }) => arrival >= begin);
  return caps.map((cap) => ({
    name: `synthetic at ${cap} kW`,
    label: 'synthetic sessions of one week at twelve EVSEs, synthetic prices and carbon intensity',
    currency: 'EUR',
    sessions,
    earlier: charges.filter(({ arrival }) => arrival < begin),
    limits: gridLimit(cap),
    prices: syntheticPrices(BEGIN, DAYS + 2),
    carbon: syntheticCarbon(BEGIN, DAYS + 2),
    demandCharge: 5,
    zone: 0,
  }));
}
