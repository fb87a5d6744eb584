import { type EpochSeconds, epochSeconds } from '../units.ts';
import { constant, type Limit, lowest, merge, NO_LIMIT, over, type Schedule, type Span, type Step, scheduleOf, type Timed } from './schedule.ts';

/** What a charge point holds a profile for; `max` and `external` bind whatever a transaction may want (OCPP 2.0.1 K01). */
export type Purpose = 'tx' | 'tx-default' | 'max' | 'external';

/** One profile installed in a charge point, whichever version of OCPP brought it. */
export interface StackedProfile<L extends Limit> {
  id: number;
  /** The highest that has a period at a moment wins among those of its purpose. */
  stackLevel: number;
  purpose: Purpose;
  /** `Relative` counts from the start of charging; so do the others when they lack a start, as OCPP 1.6 allows. */
  kind: 'Absolute' | 'Daily' | 'Weekly' | 'Relative';
  validFrom?: EpochSeconds;
  /** The profile no longer holds at this very second. */
  validTo?: EpochSeconds;
  schedule: Timed<L>;
}

/** The moment and the place that profiles are composed for. */
export interface Situation<L extends Limit> extends Span {
  /** Relative profiles count from here; without a transaction, from the moment of asking (OCPP 2.0.1 K08.FR.06). */
  chargingStarted: EpochSeconds;
  /** What the EVSE can carry: holds where no profile does, and is never passed. */
  maximum: L;
}

/**
 * What an EVSE stays below over a finite span, all its profiles counted (OCPP 2.0.1 K08, OCPP 1.6 §3.13): TxProfile over
 * TxDefaultProfile, and the lowest of that and all that binds the station. No gaps. Of equal stack levels the first in the list wins.
 */
export function compositeSchedule<L extends Limit>(profiles: readonly StackedProfile<L>[], situation: Situation<L>): Schedule<L> {
  if (!Number.isFinite(situation.to - situation.from))
    throw new RangeError(`Found a span from ${situation.from} to ${situation.to}; compose over a finite one.`);
  const stack = (purpose: Purpose) => stackUp(profiles, purpose, situation);
  const wanted = over(stack('tx'), stack('tx-default'));
  return [wanted, stack('max'), stack('external')].reduce(lowest, constant(situation.maximum, situation));
}

function stackUp<L extends Limit>(profiles: readonly StackedProfile<L>[], purpose: Purpose, situation: Situation<L>): Schedule<L> {
  return profiles
    .filter((profile) => profile.purpose === purpose)
    .sort((a, b) => b.stackLevel - a.stackLevel)
    .map((profile) => whileValid(profile, situation))
    .reduce(over, NO_LIMIT);
}

function whileValid<L extends Limit>({ kind, schedule, validFrom, validTo }: StackedProfile<L>, situation: Situation<L>): Schedule<L> {
  const from = Math.max(situation.from, validFrom ?? -Infinity);
  const to = Math.min(situation.to, validTo ?? Infinity);
  const first = kind === 'Relative' ? situation.chargingStarted : (schedule.start ?? situation.chargingStarted);
  const every = RECURRENCE[kind];
  const steps: Step<L>[] = [];
  for (let start = latestRun(first, every, from); start < to; start += every) {
    const run = { from: epochSeconds(Math.max(from, start)), to: epochSeconds(Math.min(to, start + every)) };
    steps.push(...scheduleOf({ ...schedule, start: epochSeconds(start) }, first, run));
  }
  return merge(steps);
}

/** Runs count from the profile's own start, not from midnight or Monday, and there are none before it (OCPP 2.0.1 K01.FR.30). */
const latestRun = (first: number, every: number, at: number) => (at <= first || every === Infinity ? first : at - ((at - first) % every));

/** How long after the start of a run the next one starts. */
const RECURRENCE = { Absolute: Infinity, Relative: Infinity, Daily: 86_400, Weekly: 604_800 };
