import fc from 'fast-check';
import { expect, test } from 'vitest';
import { omitUndefined } from '../omit-undefined.ts';
import { type Amperes, amperes, epochSeconds, seconds } from '../units.ts';
import { type CompositionContext, compositeSchedule } from './compose.ts';
import { limitAt } from './schedule.ts';
import type { Purpose, StackedProfile } from './stacked-profile.ts';

type Profile = StackedProfile<Amperes>;

// The wording of the standard, taken literally, one second at a time: slow, and without a step function in it.

/** OCPP 2.0.1 K01: is the profile valid at this second? From validFrom on, no longer at validTo; of 2.1, not after too long offline. */
function isValid(
  { validFrom, validTo, maxOfflineDuration, invalidAfterOfflineDuration }: Profile,
  at: number,
  { offline }: CompositionContext<Amperes>,
): boolean {
  if (validFrom !== undefined && at < validFrom) return false;
  if (validTo !== undefined && at >= validTo) return false;
  if (maxOfflineDuration === undefined || !offline) return true;
  const isTooLong = at >= offline.from + maxOfflineDuration && offline.to > offline.from + maxOfflineDuration;
  return !isTooLong || (at >= offline.to && !invalidAfterOfflineDuration);
}

/** Where the schedule began that runs at this second. */
function beginning({ kind, schedule }: Profile, at: number, { chargingStarted }: CompositionContext<Amperes>): number {
  let start: number = kind === 'Relative' ? chargingStarted : (schedule.start ?? chargingStarted);
  const every = kind === 'Daily' ? 86_400 : kind === 'Weekly' ? 7 * 86_400 : undefined;
  while (every !== undefined && start + every <= at) start += every;
  return start;
}

/** The limit of the last period that began, unless the schedule is over or has not begun. */
function periodAt(profile: Profile, at: number, situation: CompositionContext<Amperes>): number | undefined {
  const since = at - beginning(profile, at, situation);
  if (!isValid(profile, at, situation) || since < 0 || since >= (profile.schedule.duration ?? Infinity)) return undefined;
  return profile.schedule.periods.findLast(({ start }) => start <= since)?.limit;
}

/** Of the profiles of a purpose that have a period now, the one of the highest stack level leads. */
function leading(profiles: readonly Profile[], purpose: Purpose, look: { at: number; situation: CompositionContext<Amperes> }): number | undefined {
  const having = profiles.filter((it) => it.purpose === purpose && periodAt(it, look.at, look.situation) !== undefined);
  const highest = having.toSorted((a, b) => b.stackLevel - a.stackLevel)[0];
  return highest && periodAt(highest, look.at, look.situation);
}

function limitBySecond(profiles: readonly Profile[], at: number, situation: CompositionContext<Amperes>): number {
  const lead = (purpose: Purpose) => leading(profiles, purpose, { at, situation });
  const { maximum, priorityCharging } = situation;
  const isPriority = priorityCharging === undefined || (at >= priorityCharging.from && at < priorityCharging.to);
  const wanted = (isPriority ? lead('priority') : undefined) ?? lead('tx') ?? lead('tx-default') ?? Infinity;
  const fromGrid = Math.min(wanted, lead('max') ?? Infinity, lead('external') ?? Infinity, maximum);
  return Math.min(fromGrid + (lead('local-generation') ?? 0), maximum);
}

const now = 1_773_128_000;
const around = fc.integer({ min: -150, max: 250 });
/** A moment near now, or so near a day or a week before that what recurs begins anew in the window. */
const starts = fc.tuple(around, fc.constantFrom(0, 1, 7, 15)).map(([offset, days]) => epochSeconds(now + offset - days * 86_400));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });

const schedules = fc
  .record({
    start: maybe(starts),
    duration: maybe(fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 86_300, max: 86_500 })).map(seconds)),
    gaps: fc.array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constant(86_400)), fc.integer({ min: 0, max: 60 })), { maxLength: 4 }),
    first: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ start, duration, gaps, first }) => {
    let from = 0;
    const later = gaps.map(([gap, limit]) => {
      from += gap;
      return { start: seconds(from), limit: amperes(limit) };
    });
    return { ...omitUndefined({ start, duration }), periods: [{ start: seconds(0), limit: amperes(first) }, ...later] };
  });

const profiles = fc.array(
  fc.record({
    purpose: fc.constantFrom<Purpose>('tx', 'tx-default', 'max', 'external', 'priority', 'local-generation'),
    kind: fc.constantFrom<Profile['kind']>('Absolute', 'Relative', 'Daily', 'Weekly', 'Dynamic'),
    validFrom: maybe(around.map((offset) => epochSeconds(now + offset))),
    validTo: maybe(around.map((offset) => epochSeconds(now + offset))),
    maxOfflineDuration: maybe(fc.nat(80).map(seconds)),
    invalidAfterOfflineDuration: maybe(fc.boolean()),
    schedule: schedules,
  }),
  { maxLength: 8 },
);

const installed = profiles.map((drawn) =>
  drawn.map(({ purpose, kind, schedule, ...rest }, i): Profile => ({ id: i, stackLevel: (i * 5) % 8, purpose, kind, schedule, ...omitUndefined(rest) })),
);

const spans = fc.tuple(around, fc.nat(150)).map(([from, length]) => ({ from: epochSeconds(now + from), to: epochSeconds(now + from + length) }));
const situations = fc
  .record({ started: around, priorityCharging: maybe(spans), offline: maybe(spans) })
  .map(({ started, ...rest }): CompositionContext<Amperes> => {
    return { from: epochSeconds(now), to: epochSeconds(now + 120), chargingStarted: epochSeconds(now + started), maximum: amperes(48), ...omitUndefined(rest) };
  });

test('CP-31: the composite schedule is what the wording of the standard gives for each second', () => {
  fc.assert(
    fc.property(installed, situations, (held, situation) => {
      const composed = compositeSchedule(held, situation);
      const bySecond = Array.from({ length: 120 }, (_, i) => limitBySecond(held, now + i, situation));
      expect(bySecond.map((_, i) => limitAt(composed, epochSeconds(now + i)))).toEqual(bySecond);
    }),
    { numRuns: 400 },
  );
});
