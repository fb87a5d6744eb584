import type { Evse } from '../../domain/evse.ts';
import type { ChargingProfile, RateUnit } from '../../domain/profile/charging-profile.ts';
import { convertProfile, evseMaximum } from '../../domain/profile/convert.ts';
import { strictest } from '../../domain/profile/strictest.ts';
import type { HeldLimit, LaterLimit } from '../../domain/site/held-limit.ts';
import type { SiteEvse } from '../../domain/site/limit-tree.ts';
import { type Amperes, amperes, type EpochSeconds, seconds, type Watts, watts } from '../../domain/units.ts';

/** The limit of a site for one EVSE in both units: A on each phase, and the same in W over all phases. `later`: how it changes by itself. */
export interface EvseLimit {
  current: Amperes;
  power: Watts;
  since: EpochSeconds;
  later: readonly (LaterLimit & { power: Watts })[];
}

/**
 * A limit as a profile without an end. On DC a limit in A applies to the car's side: it is set so low that the power stays within the limit
 * at the highest voltage.
 */
export function limitAsProfile({ current, power, since: start, later }: EvseLimit, unit: RateUnit, { powerType, maxVoltage }: Evse): ChargingProfile {
  const steps = [{ from: start, current, power }, ...later.filter(({ from }) => from > start)];
  const begin = (from: EpochSeconds) => seconds(from - start);
  if (unit === 'W') return { unit, start, periods: steps.map((it) => ({ start: begin(it.from), limit: it.power })) };
  const limitOf = (it: Pick<EvseLimit, 'current' | 'power'>) => (powerType === 'DC' ? amperes(Math.floor((it.power / maxVoltage) * 10) / 10) : it.current);
  return { unit, start, periods: steps.map((it) => ({ start: begin(it.from), limit: limitOf(it) })) };
}

/** What a station holds, in both units. */
export function limitFor({ voltage, phases }: SiteEvse, { current, later }: HeldLimit, since: EpochSeconds): EvseLimit {
  const powerOf = (it: Amperes) => watts(Math.floor(it * voltage * phases));
  return { current, power: powerOf(current), since, later: later.map((it) => ({ ...it, power: powerOf(it.current) })) };
}

/** The unit for limits of an EVSE when no profile names one. */
export const unitOf = ({ powerType }: Evse): RateUnit => (powerType === 'DC' ? 'W' : 'A');

/**
 * One profile that stays below all of several, in the unit of the first. Undefined when a unit does not convert, as between watts and
 * amperes on DC.
 */
export function lowestProfile(
  [first, ...others]: readonly [ChargingProfile, ...ChargingProfile[]],
  { evse, startedAt }: { evse: Evse; startedAt: EpochSeconds | undefined },
): ChargingProfile | undefined {
  if (others.length === 0 || startedAt === undefined) return first;
  const converted = others.map((it) => convertProfile(it, first.unit, evse)).flatMap((it) => (it.ok ? [it.value] : []));
  if (converted.length < others.length) return undefined;
  return strictest([first, ...converted], { from: startedAt, unlimited: { W: evseMaximum(evse, 'W'), A: evseMaximum(evse, 'A') } });
}

/** Whether a limit differs from the one before only in the moments at which it changes: such limits are sent all the time, and tell a sender nothing. */
export const isRenewal = (before: EvseLimit | undefined, limit: EvseLimit): boolean =>
  before !== undefined && String(currentsOf(before)) === String(currentsOf(limit));
const currentsOf = ({ current, later }: EvseLimit) => [current, ...later.map((it) => it.current)];
