import { sessionKey } from '../domain/ids.ts';
import type { ProfileType } from '../domain/preferences.ts';
import { type EpochSeconds, epochSeconds, volts, wattHours } from '../domain/units.ts';
import type { EvseData, Phase, ValueStep } from '../planner/index.ts';
import { columnsOf, readTable } from './read-tables.ts';
import type { PastCharge } from './scenario.ts';

/** The rows that could be read, and a sentence with the line for each one that could not. */
export interface ReadRows<T> {
  rows: readonly T[];
  problems: readonly string[];
}

/** Columns that a file of sessions must have. */
const REQUIRED = ['session_id', 'evse', 'arrival', 'departure', 'energy_kwh'] as const;
const OPTIONAL = ['max_a', 'max_kw', 'phases', 'stated_departure', 'stated_kwh', 'profile_type'] as const;
const TYPES: readonly string[] = ['CHEAP', 'FAST', 'GREEN', 'REGULAR'];
/** kWh: no car takes more. */
const MOST_KWH = 1_000;
/** A moment with its time zone, such as 2026-11-23T08:15:00+01:00. */
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

type Cell = (column: string) => string;

/** A row that cannot be read. */
class BadRow extends Error {}

/** Reads past sessions from CSV. */
export function readSessionCsv(text: string): ReadRows<PastCharge> {
  const columns = columnsOf(text);
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    return {
      rows: [],
      problems: [`line 1: the column ${missing.join(', ')} is missing; required are ${REQUIRED.join(', ')}; allowed are also ${OPTIONAL.join(', ')}`],
    };
  const seen = new Set<string>();
  return readRows(text, (cell) => {
    const charge = chargeOf(cell);
    if (seen.has(charge.key)) throw new BadRow(`the session ${cell('session_id')} is there twice; each session has one line`);
    seen.add(charge.key);
    return charge;
  });
}

/** Reads prices of a kWh, and with the third column g CO2 of a kWh: each line counts until the next one, the last one for an hour. */
export function readPriceCsv(text: string): ReadRows<{ price: ValueStep; carbon?: ValueStep }> {
  const missing = ['from', 'price_per_kwh'].filter((column) => !columnsOf(text).includes(column));
  if (missing.length > 0)
    return { rows: [], problems: [`line 1: the column ${missing.join(', ')} is missing; required are from, price_per_kwh; allowed is also g_co2_per_kwh`] };
  const { rows, problems } = readRows(text, (cell) => ({
    from: momentOf(cell, 'from'),
    price: numberOf(cell, 'price_per_kwh', { least: -100, most: 100 }),
    carbon: cell('g_co2_per_kwh') === '' ? undefined : numberOf(cell, 'g_co2_per_kwh', { least: 0, most: 5_000 }),
  }));
  const sorted = rows.toSorted((a, b) => a.from - b.from);
  return {
    problems,
    rows: sorted.map(({ from, price, carbon }, n) => {
      const span = { from, to: sorted[n + 1]?.from ?? epochSeconds(from + 3_600) };
      return { price: { ...span, value: price }, ...(carbon !== undefined && { carbon: { ...span, value: carbon } }) };
    }),
  };
}

function readRows<T>(text: string, read: (cell: Cell) => T): ReadRows<T> {
  const problems: string[] = [];
  const rows = readTable(text).flatMap(({ line, cell }) => {
    try {
      return [read(cell)];
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      problems.push(`line ${line}: ${error.message}`);
      return [];
    }
  });
  return { rows, problems };
}

function chargeOf(cell: Cell): PastCharge {
  if (cell('session_id') === '') throw new BadRow('session_id is empty; it names the session');
  const [arrival, departure] = [momentOf(cell, 'arrival'), momentOf(cell, 'departure')];
  if (departure <= arrival) throw new BadRow(`departure ${cell('departure')} is not after arrival ${cell('arrival')}`);
  const type = cell('profile_type') || 'CHEAP';
  if (!TYPES.includes(type)) throw new BadRow(`profile_type is ${JSON.stringify(type)}; allowed are ${TYPES.join(', ')}`);
  const stated = {
    ...(cell('stated_departure') !== '' && { departure: momentOf(cell, 'stated_departure') }),
    ...(cell('stated_kwh') !== '' && { energy: wattHours(1_000 * numberOf(cell, 'stated_kwh', { least: 0, most: MOST_KWH })) }),
  };
  return {
    key: sessionKey('XX', 'OWN', cell('session_id')),
    evse: cell('evse'),
    electric: evseOf(cell),
    arrival,
    departure,
    energy: wattHours(1_000 * numberOf(cell, 'energy_kwh', { least: 0, most: MOST_KWH })),
    stated,
    profileType: type as ProfileType,
  };
}

function evseOf(cell: Cell): EvseData {
  const phases = phasesOf(cell('phases') || '3');
  if (cell('max_kw') !== '')
    return { unit: 'W', min: 0, max: 1_000 * numberOf(cell, 'max_kw', { least: 0.1, most: 1_000 }), voltage: volts(230), phases: [1, 2, 3] };
  return { unit: 'A', min: 6, max: cell('max_a') === '' ? 16 : numberOf(cell, 'max_a', { least: 6, most: 80 }), voltage: volts(230), phases };
}

/** `3`, `1`, or the names of conductors such as `L2` or `L1 L2`. */
function phasesOf(text: string): readonly Phase[] {
  if (text === '3') return [1, 2, 3];
  if (text === '1') return [1];
  const names = text.split(' ');
  if (names.every((name) => /^L[123]$/.test(name))) return names.map((name) => Number(name[1]) as Phase);
  throw new BadRow(`phases is ${JSON.stringify(text)}; allowed are 1, 3, or conductors such as L2`);
}

function momentOf(cell: Cell, column: string): EpochSeconds {
  const text = cell(column);
  const at = MOMENT.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(at)) throw new BadRow(`${column} is ${JSON.stringify(text)}; write a time with its zone, such as 2026-11-23T08:15:00+01:00`);
  return epochSeconds(Math.floor(at / 1_000));
}

function numberOf(cell: Cell, column: string, { least, most }: { least: number; most: number }): number {
  const text = cell(column);
  const value = Number(text);
  if (text === '' || !(value >= least && value <= most)) throw new BadRow(`${column} is ${JSON.stringify(text)}; allowed is a number from ${least} to ${most}`);
  return value;
}
