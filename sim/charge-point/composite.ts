import { phasesOf } from '../../src/domain/evse.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { compositeSchedule } from '../../src/domain/profile/compose.ts';
import type { Limit, Schedule, Span } from '../../src/domain/profile/schedule.ts';
import type { StackedProfile } from '../../src/domain/profile/stacked-profile.ts';
import { type Amperes, amperes, type EpochSeconds, type Watts, watts } from '../../src/domain/units.ts';
import type { InstalledProfile } from './profiles.ts';
import { type EvsePlan, powerLimitOf } from './simulated-evse.ts';

/** The limit where no profile limits; far above the maximum of any EVSE. */
const UNLIMITED = 1e12;

/** What a composite schedule is computed from: one EVSE, or all EVSEs for the whole station. */
export interface CompositeQuery extends Span {
  evses: readonly EvsePlan[];
  profiles: readonly InstalledProfile[];
  chargingStarted: EpochSeconds;
}

/** A step of a composite schedule; `isUnlimited`: no profile limits it, and `limit` is the maximum of the EVSE. */
export interface CompositeStep {
  from: EpochSeconds;
  to: EpochSeconds;
  limit: number;
  isUnlimited: boolean;
}

/** Computes a composite schedule in a unit, capped at the maximum of the EVSEs. Limits in the other unit are converted with the period's phases. */
export function computeComposite(query: CompositeQuery, unit: RateUnit): CompositeStep[] {
  const most = query.evses.reduce((sum, plan) => sum + (unit === 'W' ? powerLimitOf(plan) : plan.maxAmperage), 0);
  const limits: Schedule<Limit> = unit === 'W' ? composeIn(query, toWatts) : composeIn(query, toAmperes);
  return limits.map(({ from, to, limit }) => ({ from, to, limit: Math.min(limit, most), isUnlimited: limit >= UNLIMITED }));
}

type Convert<L> = (limit: number, from: RateUnit, ac: { voltage: number; phases: number }) => L;

const toAmperes: Convert<Amperes> = (limit, from, { voltage, phases }) => amperes(from === 'A' ? limit : limit / (voltage * phases));
const toWatts: Convert<Watts> = (limit, from, { voltage, phases }) => watts(from === 'W' ? limit : limit * voltage * phases);

function composeIn<L extends Limit>(query: CompositeQuery, convert: Convert<L>): Schedule<L> {
  const [plan] = query.evses;
  if (!plan) return [];
  const profiles = [...query.profiles].sort((a, b) => b.evseId - a.evseId); // the default of an EVSE takes precedence over the station's
  const maximum = convert(UNLIMITED, 'W', { voltage: 1, phases: 1 });
  return compositeSchedule(
    profiles.map((profile) => toStackedProfile(profile, plan, convert)),
    { ...query, maximum },
  );
}

function toStackedProfile<L extends Limit>(profile: InstalledProfile, plan: EvsePlan, convert: Convert<L>): StackedProfile<L> {
  const { id, stackLevel, purpose, kind, recurrency, validFrom, validTo, schedule } = profile;
  const phasesOfEvse = phasesOf(plan.powerType);
  return {
    id,
    stackLevel,
    purpose,
    kind: kind === 'Recurring' ? (recurrency ?? 'Daily') : kind,
    ...(validFrom !== undefined && { validFrom }),
    ...(validTo !== undefined && { validTo }),
    schedule: {
      ...(schedule.start !== undefined && { start: schedule.start }),
      ...(schedule.duration !== undefined && { duration: schedule.duration }),
      // More phases than the EVSE has count as its phases (OCPP 1.6 errata 3.34).
      periods: schedule.periods.map(({ start, limit, phases }) => ({
        start,
        limit: convert(limit, schedule.unit, { voltage: plan.maxVoltage, phases: Math.min(phases ?? phasesOfEvse, phasesOfEvse) }),
      })),
    },
  };
}
