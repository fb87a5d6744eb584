import { amperes, type EpochMillis, wattHours, watts } from '../domain/units.ts';
import type { Reading } from './station.ts';

/** One sampled value in plain units (Wh, W, A), whichever version it came in. */
export interface Sample {
  measurand: string;
  value: number;
  phase: string | undefined;
  location: string | undefined;
}

/** What the samples of one moment say together; undefined when none of them is of use here. */
export function toReading(at: EpochMillis, samples: readonly Sample[]): Reading | undefined {
  const atOutlet = samples.filter(({ location }) => location === undefined || location === 'Outlet');
  const values = (measurand: string) => valuesOf(atOutlet.filter((it) => it.measurand === measurand));
  const energy = inAll(values('Energy.Active.Import.Register'));
  const power = inAll(values('Power.Active.Import'));
  const current = perPhase(values('Current.Import'));
  const powerOffered = inAll(values('Power.Offered'));
  const currentOffered = perPhase(values('Current.Offered'));
  const reading: Reading = {
    at,
    ...(energy === undefined ? {} : { energy: wattHours(energy) }),
    ...(power === undefined ? {} : { power: watts(power) }),
    ...(current === undefined ? {} : { current: amperes(current) }),
    ...(powerOffered === undefined ? {} : { powerOffered: watts(powerOffered) }),
    ...(currentOffered === undefined ? {} : { currentOffered: amperes(currentOffered) }),
  };
  return Object.keys(reading).length > 1 ? reading : undefined;
}

interface Values {
  whole: number | undefined;
  phases: readonly number[];
}

const PHASES = ['L1', 'L2', 'L3'];

// `L1-N` says of power and current what `L1` says; a value between two phases, or of the neutral, adds nothing.
function valuesOf(samples: readonly Sample[]): Values {
  const phases = new Map(
    samples.flatMap(({ phase, value }) => (phase !== undefined && PHASES.includes(phase.replace('-N', '')) ? [[phase.replace('-N', ''), value]] : [])),
  );
  return { whole: samples.findLast(({ phase }) => phase === undefined)?.value, phases: [...phases.values()] };
}

/** Power and energy: the total that the station gives, else the sum over its phases. */
function inAll({ whole, phases }: Values): number | undefined {
  return whole ?? (phases.length === 0 ? undefined : phases.reduce((sum, it) => sum + it, 0));
}

/** Current: that of the phase which carries most, as limits are per phase; a value without a phase is taken as it is. */
function perPhase({ whole, phases }: Values): number | undefined {
  return phases.length === 0 ? whole : Math.max(...phases);
}
