import { sessionKey } from '../../domain/ids.ts';
import { epochSeconds, volts, wattHours } from '../../domain/units.ts';
import type { EvseData } from '../../planner/index.ts';
import { readTable } from '../read-tables.ts';
import { type PastCharge, type Scenario, SLOT } from '../scenario.ts';
import { pricesOf, type Tariff } from '../tariff.ts';
import { caltechLimits, caltechSums, exceedsCaltech } from './caltech-network.ts';
import { gridLimit } from './synthetic.ts';

/** 2019-03-01 00:00 in Pasadena: slot 0 of the file. */
const BEGIN = Date.UTC(2019, 2, 1, 8) / 1_000;
const ZONE = -8 * 3_600;
/** The published comparison has EVSEs of 208 V between two lines, with any current up to 32 A, and cars that take 6.6 kW at most. */
const EVSE: EvseData = { unit: 'A', min: 0, max: 6_600 / 208, voltage: volts(208), phases: [1] };
/** USD for each kW of the highest load of the month. */
const DEMAND_CHARGE = 15.51;

const chargesOf = (csv: string): readonly PastCharge[] =>
  readTable(csv).map(({ cell }) => ({
    key: sessionKey('US', 'ACN', cell('session_id')),
    evse: cell('station_id'),
    electric: EVSE,
    arrival: epochSeconds(BEGIN + Number(cell('arrival_slot5')) * SLOT),
    departure: epochSeconds(BEGIN + Number(cell('departure_slot5')) * SLOT),
    energy: wattHours(Number(cell('requested_kwh')) * 1_000),
    profileType: 'CHEAP',
  }));

function march(csv: string, tariff: Tariff): Omit<Scenario, 'name' | 'label' | 'limits'> {
  return {
    currency: 'USD',
    sessions: chargesOf(csv),
    earlier: [],
    prices: pricesOf(tariff, { begin: BEGIN, days: 34 }),
    zone: ZONE,
  };
}

/** S1: 954 sessions behind one transformer of some kW; with 150 kW once more with a demand charge. */
export function s1(csv: string, tariff: Tariff, caps: readonly number[]): readonly Scenario[] {
  const base = { ...march(csv, tariff), label: 'Caltech, March 2019, 954 sessions, one limit, TOU-EV-4' };
  return caps.flatMap((cap) => [
    { ...base, name: `S1 at ${cap} kW`, limits: gridLimit(cap) },
    ...(cap >= 150 ? [{ ...base, name: `S1 at ${cap} kW, demand charge`, limits: gridLimit(cap), demandCharge: DEMAND_CHARGE }] : []),
  ]);
}

/** S3: the same sessions on the unbalanced three-phase network of the car park, behind a transformer of some kW. */
export function s3(csv: string, tariff: Tariff, caps: readonly number[]): readonly Scenario[] {
  const base = march(csv, tariff);
  return caps.map((cap) => ({
    ...base,
    name: `S3 at ${cap} kW`,
    label: 'Caltech, March 2019, 954 sessions, unbalanced three-phase network, TOU-EV-4',
    sessions: base.sessions.map((charge) => ({ ...charge, node: caltechLimits.nodeOf(charge.evse) })),
    limits: caltechLimits.limits,
    sums: caltechSums(cap),
    exceeds: (amperes) => exceedsCaltech(amperes, cap),
  }));
}
