import { phasesOf } from '../../src/domain/evse.ts';
import type { RateUnit } from '../../src/domain/profile/charging-profile.ts';
import { compositeSchedule } from '../../src/domain/profile/compose.ts';
import type { Limit, Schedule, Span } from '../../src/domain/profile/schedule.ts';
import type { StackedProfile } from '../../src/domain/profile/stacked-profile.ts';
import { type Amperes, amperes, type EpochSeconds, type Watts, watts } from '../../src/domain/units.ts';
import type { InstalledProfile } from './profiles.ts';
import { mostPower, type OutletPlan } from './simulated-evse.ts';

/** Stands for "no profile says anything", far above what any wire carries. */
const UNLIMITED = 1e12;

/** What is to be composed: for one EVSE, or for the whole station when `outlets` are all of its EVSEs. */
export interface Question extends Span {
  outlets: readonly OutletPlan[];
  profiles: readonly InstalledProfile[];
  chargingStarted: EpochSeconds;
}

/** A stretch of a composite; `free` says that nothing but the wires limits it. */
export interface CompositeStep {
  from: EpochSeconds;
  to: EpochSeconds;
  limit: number;
  free: boolean;
}

/** What the profiles leave of what the wires can carry, in the unit asked for; limits in the other unit are converted with their own phases. */
export function compose(question: Question, unit: RateUnit): CompositeStep[] {
  const most = question.outlets.reduce((sum, plan) => sum + (unit === 'W' ? mostPower(plan) : plan.maxAmperage), 0);
  const limits: Schedule<Limit> = unit === 'W' ? composeIn(question, toWatts) : composeIn(question, toAmperes);
  return limits.map(({ from, to, limit }) => ({ from, to, limit: Math.min(limit, most), free: limit >= UNLIMITED }));
}

type Convert<L> = (limit: number, from: RateUnit, wires: { voltage: number; phases: number }) => L;

const toAmperes: Convert<Amperes> = (limit, from, { voltage, phases }) => amperes(from === 'A' ? limit : limit / (voltage * phases));
const toWatts: Convert<Watts> = (limit, from, { voltage, phases }) => watts(from === 'W' ? limit : limit * voltage * phases);

function composeIn<L extends Limit>(question: Question, convert: Convert<L>): Schedule<L> {
  const [plan] = question.outlets;
  if (!plan) return [];
  const own = [...question.profiles].sort((a, b) => b.evseId - a.evseId); // an EVSE's own default goes before the station's
  const maximum = convert(UNLIMITED, 'W', { voltage: 1, phases: 1 });
  return compositeSchedule(
    own.map((profile) => stack(profile, plan, convert)),
    { ...question, maximum },
  );
}

function stack<L extends Limit>(profile: InstalledProfile, plan: OutletPlan, convert: Convert<L>): StackedProfile<L> {
  const { id, stackLevel, purpose, kind, recurrency, validFrom, validTo, schedule } = profile;
  const wires = phasesOf(plan.powerType);
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
      // More phases than there are wires change nothing (OCPP 1.6 errata 3.34).
      periods: schedule.periods.map(({ start, limit, phases }) => ({
        start,
        limit: convert(limit, schedule.unit, { voltage: plan.maxVoltage, phases: Math.min(phases ?? wires, wires) }),
      })),
    },
  };
}
