import { amperes, type EpochMillis, wattHours, watts } from '../domain/units.ts';
import { meantWord } from './patience/words.ts';
import type { Reading } from './station.ts';

/** One sampled value in Wh, W or A, from any version of OCPP. */
export interface Sample {
  measurand: string;
  value: number;
  phase: string | undefined;
  location: string | undefined;
  /** Why the station took the sample, as OCPP names it. */
  context?: string | undefined;
}

/** Meter values of any version of OCPP. A missing time is the time of receipt. */
export type MeterValues<S> = readonly { timestamp?: string; sampledValue: readonly S[] }[];
/** Reads the time of an event at a station, never later than now. */
export type ReadMoment = (text: string | undefined) => EpochMillis;

/** Turns a list of meter values into readings; a value without energy, power, current and state of charge is left out. */
export function readingsOf<S>(values: MeterValues<S>, { samplesOf, moment }: { samplesOf: (value: S) => Sample[]; moment: ReadMoment }): Reading[] {
  return values.flatMap((value) => {
    return toReadings(moment(value.timestamp), value.sampledValue.flatMap(samplesOf));
  });
}

const CONTEXTS: ReadonlyMap<string, NonNullable<Reading['context']>> = new Map([
  ['transaction.begin', 'begin'],
  ['transaction.end', 'end'],
]);

/** The readings of one moment: samples of the begin, of the end, and of the course of a transaction may stand in one meter value. */
function toReadings(at: EpochMillis, samples: readonly Sample[]): Reading[] {
  const contextOf = ({ context }: Sample) => CONTEXTS.get((context ?? '').toLowerCase());
  return [...Map.groupBy(samples, contextOf)].flatMap(([context, ofContext]) => {
    const reading = toReading(at, ofContext);
    return reading ? [{ ...reading, ...(context && { context }) }] : [];
  });
}

/** The units of what the node counts, by the first word of the measurand. */
const UNITS: Readonly<Record<string, readonly string[]>> = { Energy: ['Wh', 'kWh'], Power: ['W', 'kW'], Current: ['A'] };

/** By how much a value in this unit is larger than in Wh, W or A; undefined when the unit does not belong to the measurand. Without a unit: 1. */
export function factorOf(measurand: string, unit: string | undefined): number | undefined {
  const [quantity = ''] = measurand.split('.');
  const allowed = UNITS[quantity];
  const word = unit === undefined || unit === '' || !allowed ? unit : meantWord(unit, allowed)?.word;
  if (word === undefined && unit !== undefined) return undefined;
  return word?.startsWith('k') === true ? 1000 : 1;
}

/** Combines the samples of one moment; undefined when none of them is energy, power or current at the outlet, or the charge of the car. */
export function toReading(at: EpochMillis, samples: readonly Sample[]): Reading | undefined {
  const atOutlet = samples.filter(({ location }) => location === undefined || location === 'Outlet');
  const values = (measurand: string) => valuesOf(atOutlet.filter((it) => it.measurand === measurand));
  const energy = totalOf(values('Energy.Active.Import.Register'));
  const interval = totalOf(values('Energy.Active.Import.Interval'));
  const power = totalOf(values('Power.Active.Import'));
  const currents = values('Current.Import');
  const current = highestPhaseOf(currents);
  const powerOffered = totalOf(values('Power.Offered'));
  const currentOffered = highestPhaseOf(values('Current.Offered'));
  const charge = valuesOf(samples.filter(({ measurand }) => measurand === 'SoC')).total;
  const reading: Reading = {
    at,
    ...(energy === undefined ? {} : { energy: wattHours(energy) }),
    ...(interval === undefined ? {} : { interval: wattHours(interval) }),
    ...(power === undefined ? {} : { power: watts(power) }),
    ...(current === undefined ? {} : { current: amperes(current) }),
    ...(currents.phases.length === 0 ? {} : { currentSum: amperes(currents.phases.reduce((sum, it) => sum + it, 0)) }),
    ...(charge === undefined || charge < 0 || charge > 100 ? {} : { stateOfCharge: charge }),
    ...(powerOffered === undefined ? {} : { powerOffered: watts(powerOffered) }),
    ...(currentOffered === undefined ? {} : { currentOffered: amperes(currentOffered) }),
  };
  return Object.keys(reading).length > 1 ? reading : undefined;
}

interface Values {
  total: number | undefined;
  phases: readonly number[];
}

const PHASES = ['L1', 'L2', 'L3'];

// `L1-N` is the same phase as `L1`. Values between two phases, or of the neutral, are left out.
function valuesOf(samples: readonly Sample[]): Values {
  const phases = new Map(
    samples.flatMap(({ phase, value }) => (phase !== undefined && PHASES.includes(phase.replace('-N', '')) ? [[phase.replace('-N', ''), value]] : [])),
  );
  return { total: samples.findLast(({ phase }) => phase === undefined)?.value, phases: [...phases.values()] };
}

/** Energy and power: the total that the station states, else the sum of its phases. */
function totalOf({ total, phases }: Values): number | undefined {
  return total ?? (phases.length === 0 ? undefined : phases.reduce((sum, it) => sum + it, 0));
}

/** Current: the highest phase, because limits apply to each phase; without phases, the value without a phase. */
function highestPhaseOf({ total, phases }: Values): number | undefined {
  return phases.length === 0 ? total : Math.max(...phases);
}
