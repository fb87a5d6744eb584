import type { PowerType } from '../evse.ts';
import type { ActiveChargingProfile, ChargingProfile, RateUnit } from '../profile/charging-profile.ts';
import { amperesToWatts, type Wires, wattsToAmperes } from '../profile/convert.ts';
import { type Limit, type Step, scheduleOf } from '../profile/schedule.ts';
import { amperes, type EpochSeconds, volts, watts } from '../units.ts';

/**
 * Where a limit comes from. `party`: a party of OCPI; `operator`: a user or a key of this node; `plan`: the planner of this node; `site`: a node of a
 * site; `evse`: the maximum of the EVSE; `station`: the charge point itself; `cpo`: the CPO of a remote session; `csms`: the CSMS that this node stands in front of.
 */
export const ORIGINS = ['party', 'operator', 'plan', 'site', 'evse', 'station', 'cpo', 'csms'] as const;
/** Where a limit comes from, with the name to show: `NL*SCS`, a user, `garage/north`, the uid of an EVSE, the id of a station. */
export interface LimitOrigin {
  readonly kind: (typeof ORIGINS)[number];
  readonly name: string;
}

/** What is known of the supply of an EVSE. `amperes`: its maximum on each phase; `watts`: its maximum over all phases. */
export interface Supply extends Wires {
  readonly amperes?: number;
  readonly watts?: number;
}

/** A limit that somebody has set, as it is now. */
export interface LimitSource {
  readonly origin: LimitOrigin;
  readonly limit: number;
  readonly unit: RateUnit;
  /** When this limit ends or changes; absent: not known, or never. */
  readonly until?: EpochSeconds;
  /** It is not known whether the station took it. */
  readonly uncertain?: true;
}

/** A limit now, and when it ends or changes. */
export type LimitNow = Pick<LimitSource, 'limit' | 'unit' | 'until'>;

/** The limit of a profile now; undefined: it has none now. A profile without a start counts from the start of charging. */
export function limitNow(profile: ChargingProfile | ActiveChargingProfile, at: { started: EpochSeconds; now: EpochSeconds }): LimitNow | undefined {
  const step = stepAt(profile, at);
  if (!step) return undefined;
  return { limit: step.limit, unit: profile.unit, ...(Number.isFinite(step.to) && { until: step.to }) };
}

/** The limit of a reported profile now. It ends only where another limit follows: the end of the report itself says nothing. */
export function reportedNow(active: ActiveChargingProfile, at: { started: EpochSeconds; now: EpochSeconds }): LimitNow | undefined {
  const found = limitNow(active, at);
  if (!found) return undefined;
  const { until, ...limit } = found;
  return until !== undefined && until < active.start + active.duration ? { ...limit, until } : limit;
}

const stepAt = (profile: ChargingProfile | ActiveChargingProfile, { started, now }: { started: EpochSeconds; now: EpochSeconds }): Step<Limit> | undefined =>
  scheduleOf<Limit>(profile, started).find(({ from, to }) => from <= now && now < to);

/** A limit in another unit; undefined: it cannot be converted, as on DC or at an EVSE that is not known. */
export function inUnit({ limit, unit }: Pick<LimitNow, 'limit' | 'unit'>, wanted: RateUnit, supply: Supply | undefined): number | undefined {
  if (unit === wanted) return limit;
  if (!supply) return undefined;
  const converted = wanted === 'W' ? amperesToWatts(amperes(limit), supply) : wattsToAmperes(watts(limit), supply);
  return converted.ok ? converted.value : undefined;
}

/** One ampere on each phase, in A or W. */
export const oneAmpere = (unit: RateUnit, supply: Supply | undefined): number =>
  unit === 'A' ? 1 : supply ? supply.maxVoltage * (PHASES[supply.powerType] ?? 1) : ASSUMED_VOLTS;
const ASSUMED_VOLTS = 230;
const PHASES: Readonly<Record<PowerType, 1 | 2 | 3>> = { AC_1_PHASE: 1, AC_2_PHASE: 2, AC_2_PHASE_SPLIT: 2, AC_3_PHASE: 3, DC: 1 };

/** The phases that an EVSE supplies to a car; undefined on DC and at an EVSE that is not known. */
export const acPhases = (supply: Supply | undefined): 1 | 2 | 3 | undefined => (supply && supply.powerType !== 'DC' ? PHASES[supply.powerType] : undefined);

/** The supply of an EVSE of which only the phases and the voltage are known. */
export function supplyOf(phases: number, voltage: number, most: { amperes?: number | undefined; watts?: number | undefined }): Supply {
  const powerType = phases >= 3 ? 'AC_3_PHASE' : phases === 2 ? 'AC_2_PHASE' : 'AC_1_PHASE';
  return {
    powerType,
    maxVoltage: volts(voltage),
    ...(most.amperes !== undefined && { amperes: most.amperes }),
    ...(most.watts !== undefined && { watts: most.watts }),
  };
}
