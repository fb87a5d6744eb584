// How to add a quirk, a way in which charge points differ from the standard:
// 1. Add a row to `quirks` below: its name, what stations do (`seen`), what the node does (`does`), and the files that do it (`handledIn`).
// 2. Write the code. A pure function belongs in this file; other files only call it. The name of the quirk stands in a comment at the call.
// 3. Give the simulated station the behaviour in sim/charge-point/traits.ts: a `CompositeQuirk` (report-composite.ts produces it) or a field of `Traits`.
// 4. Add a case to test/flows/quirks.test.ts that shows it against that station; the types require one for each row.
// 5. Copy `seen` and `does` into the table of docs/charge-points.md; the same test compares them.
import type { ChargingProfile, RateUnit } from '../domain/profile/charging-profile.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../domain/units.ts';
import { type Call, compose, type Dialect, type WriteContext } from './dialect.ts';
import type { OcppVersion, StationAnswer, StationRequest } from './station.ts';

/** A way in which charge points differ from the standard, or use what the standard leaves open. */
export interface Quirk {
  /** What such a station does. */
  seen: string;
  /** What the node does about it. */
  does: string;
  /** The source files that do it, from the top of the repository. */
  handledIn: readonly string[];
}

const HERE = 'src/ocpp/quirks.ts';

/** All known quirks by name; each has a case in test/flows/quirks.test.ts and a row in docs/charge-points.md. */
export const quirks = {
  'unit-not-taken': {
    seen: 'takes profiles only in W, or only in A',
    does: 'the profile is converted with the phases and the nominal voltage of the EVSE, rounded down to a tenth; a station that did not state its units gets a refused profile once more in the other unit; on DC the profile is refused',
    handledIn: ['src/ocpp/tx-profile.ts', HERE],
  },
  'level-zero-stays': { seen: 'does not clear profiles at stack level 0', does: 'profiles are set at level 1, if the station has it', handledIn: [HERE] },
  'minus-one-for-no-limit': {
    seen: 'reports -1 where nothing limits',
    does: 'the maximum of the EVSE is used instead',
    handledIn: ['src/domain/profile/active-profile.ts'],
  },
  'huge-for-no-limit': {
    seen: 'reports 999999 where nothing limits',
    does: 'the maximum of the EVSE is used instead',
    handledIn: ['src/domain/profile/active-profile.ts'],
  },
  'empty-schedule': {
    seen: 'accepts GetCompositeSchedule and sends no schedule, or one without periods',
    does: 'a GET ends REJECTED, and no active profile is pushed unless an earlier push no longer holds: then the computed one is',
    handledIn: ['src/ocpp/reported-schedule.ts', 'src/node/cpo/read-active-profile.ts'],
  },
  'edge-off-by-a-second': {
    seen: 'rounds seconds differently',
    does: 'a period that starts a second earlier or later counts as the same period',
    handledIn: ['src/domain/profile/compare.ts'],
  },
  'other-unit': {
    seen: 'answers in another unit than requested',
    does: 'the unit of the answer is used, and the answer is converted before it is compared',
    handledIn: ['src/domain/profile/compare.ts'],
  },
  'few-periods': {
    seen: 'takes fewer periods than requested',
    does: 'neighbouring periods are merged at the lower limit, first those that lose the least energy; no limit is above the requested one; more than 1024 periods end REJECTED',
    handledIn: ['src/ocpp/tx-profile.ts'],
  },
  'clock-behind': {
    seen: 'its clock is behind, so a profile that starts now has not started yet',
    does: 'profiles that the node sends on its own start a minute in the past, and their later periods keep their time; a start that a sender named is kept',
    handledIn: [HERE],
  },
  'lost-at-reboot': {
    seen: 'forgets transaction profiles when it boots',
    does: 'OCPP 2.1: the profile is sent again after BootNotification; earlier versions: it is sent again when the composite schedule shows that it is gone, or there is none',
    handledIn: [HERE, 'src/node/cpo/resend-profile.ts'],
  },
  'no-composite-schedule': {
    seen: 'takes profiles but does not know GetCompositeSchedule',
    does: 'the node computes the answer and marks it as computed',
    handledIn: ['src/ocpp/ability-discovery.ts', 'src/node/cpo/read-active-profile.ts'],
  },
  'whole-amperes': {
    seen: 'uses whole amperes, rounded down',
    does: 'a limit less than one ampere below the computed one is no deviation',
    handledIn: ['src/roles/cpo/find-deviation.ts'],
  },
} as const satisfies Record<string, Quirk>;
/** The name of a known quirk. */
export type QuirkName = keyof typeof quirks;

/** Quirk level-zero-stays: the stack level of the node's profiles when the configuration names none. */
export const DEFAULT_STACK_LEVEL = 1;

/** Quirk lost-at-reboot: whether a version requires stations to keep transaction profiles when they boot (OCPP 1.6 errata 3.37; not OCPP 2.1 K01.FR.27). */
export const KEEPS_PROFILES_AT_REBOOT: Readonly<Record<OcppVersion, boolean>> = { '1.6': true, '2.0.1': true, '2.1': false };

/** More seconds than most stations' clocks are behind. */
const BACKDATED_BY = 60;

/** Quirk clock-behind: moves the start of a profile that starts about now to a minute ago. From its original start on, all limits stay the same. */
export function backdated(profile: ChargingProfile, now: EpochSeconds): ChargingProfile {
  const { start, duration } = profile;
  if (start === undefined || start > now || start <= now - BACKDATED_BY) return profile;
  const by = start - (now - BACKDATED_BY);
  const moved = { start: epochSeconds(start - by), ...(duration !== undefined && { duration: seconds(duration + by) }) };
  const later = <P extends { start: number }>(periods: readonly P[]) => periods.map((it) => (it.start === 0 ? it : { ...it, start: seconds(it.start + by) }));
  return profile.unit === 'W' ? { ...profile, ...moved, periods: later(profile.periods) } : { ...profile, ...moved, periods: later(profile.periods) };
}

/** A second call for a request that the station did not accept. It is sent immediately after the first, before any other call. */
export interface SecondAttempt {
  call: Call;
  /** The answer to the request when the second call cannot be sent. */
  ifNotSent: StationAnswer;
  /** If the station accepts the second call, it takes profiles in this unit only. */
  unit?: RateUnit;
}

/** The second call that may succeed after this answer to the first; undefined when the answer stands. */
export function secondAttempt(request: StationRequest, answer: StationAnswer, context: WriteContext & { dialect: Dialect }): SecondAttempt | undefined {
  if (request.kind === 'set-charging-profile') return inOtherUnit(request, answer, context);
  // Some stations do not find a profile by its id. The criteria match the node's profiles only.
  if (request.kind !== 'clear-charging-profile' || request.knownInstalled !== true || answer.is !== 'UNKNOWN') return undefined;
  return { call: context.dialect.clearByCriteria(request, context), ifNotSent: answer };
}

/** Quirk unit-not-taken: a station that did not state its units may have refused only the unit. */
function inOtherUnit(
  request: Extract<StationRequest, { kind: 'set-charging-profile' }>,
  answer: StationAnswer,
  { dialect, ...context }: WriteContext & { dialect: Dialect },
): SecondAttempt | undefined {
  const { abilities } = context;
  if (answer.is !== 'REJECTED' || answer.lacksSmartCharging || !abilities.unitsAssumed) return undefined;
  const { unit: refused } = request.profile;
  const unit = refused === 'A' ? 'W' : 'A';
  const call = compose(dialect, request, { ...context, abilities: { ...abilities, units: [unit] } });
  return call.ok ? { call: call.value, ifNotSent: { is: 'REJECTED', because: `${refused} was refused` }, unit } : undefined;
}
