import type { Evse } from '../evse.ts';
import { type EpochSeconds, epochSeconds, seconds } from '../units.ts';
import type { ChargingProfile, LimitIn, Period, ProfileIn, RateUnit } from './charging-profile.ts';
import { stackUp } from './compose.ts';
import { convertProfile, evseMaximum, profileIn } from './convert.ts';
import {
  ALWAYS,
  clip,
  combine,
  constant,
  type Limit,
  lowest,
  NO_LIMIT,
  over,
  periodsOf,
  type Schedule,
  type Span,
  scheduleOf,
  type Timed,
} from './schedule.ts';
import type { InstalledProfile, StackedProfile } from './stacked-profile.ts';

/**
 * Who decides where a CSMS and this node both limit a session. `strictest`: the lower limit; `ours`: the limit of this node;
 * `csms`: the limit of the CSMS where it has one.
 */
export type SmartChargingMode = 'strictest' | 'ours' | 'csms';

/** The purposes of a CSMS's profiles that this code combines with limits of the node. */
export type WishPurpose = 'tx' | 'tx-default' | 'max';

/** A profile that a CSMS set, and its EVSE (OCPP 1.6: connector); 0 is the whole station. */
export interface ProfileAtEvse {
  evseId: number;
  profile: InstalledProfile;
}

/** Where and when the wish of a CSMS is evaluated. */
export interface WishContext {
  evse: Evse;
  /** Absent: no transaction, so that no TxProfile applies. */
  transactionId?: string | undefined;
  /** The start of relative profiles. */
  chargingStarted: EpochSeconds;
  /** Nothing before this moment is computed. */
  from: EpochSeconds;
}

/** The profiles of a CSMS that apply at an EVSE, those of the EVSE before those of the whole station; purposes in the order of precedence. */
export interface CsmsWish {
  purposes: readonly WishPurpose[];
  profiles: readonly InstalledProfile[];
}

/** What a CSMS wants at an EVSE: its TxProfile, and where that has no period its TxDefaultProfile (OCPP 2.0.1 K01.FR.14), or its maximum for the station. */
export function csmsWish(set: readonly ProfileAtEvse[], purposes: readonly WishPurpose[], { evse, transactionId }: WishContext): CsmsWish {
  const applies = ({ evseId, profile: { purpose, transactionId: tx } }: ProfileAtEvse) => {
    if (!purposes.some((it) => it === purpose)) return false;
    if (purpose === 'tx') return evseId === evse.evseId && transactionId !== undefined && (tx === undefined || tx === transactionId);
    return evseId === 0 || (purpose === 'tx-default' && evseId === evse.evseId);
  };
  const applying = set.filter(applies).toSorted((a, b) => b.evseId - a.evseId);
  return { purposes, profiles: applying.map(({ profile }) => profile) };
}

/** The other limits at the EVSE that a combined profile must respect. */
export interface CombineContext extends WishContext {
  wish: CsmsWish;
  /** The profile of the CSMS is not at the station any more, because ours has its place: ours must hold for it outside its own time too. */
  standsFor?: boolean;
  /** The limit of the site, which no limit may exceed; the profile of the node is below it already. */
  below?: ChargingProfile | undefined;
}

/**
 * The profile to send for a profile of the node at an EVSE where a CSMS has profiles. `ours` undefined: the node has none, so the result is
 * what the CSMS wants. Returns the same object when the CSMS changes nothing; undefined when nobody limits.
 */
export function combineWithCsms(mode: SmartChargingMode, ours: ChargingProfile | undefined, context: CombineContext): ChargingProfile | undefined {
  const { wish, standsFor = false } = context;
  if (wish.profiles.length === 0 || (mode === 'ours' && ours !== undefined && !standsFor)) return ours;
  const unit = commonUnit(ours, context);
  const combined = unit === 'W' ? { unit, ...combineIn('W', { mode, ours, context }) } : { unit, ...combineIn('A', { mode, ours, context }) };
  return combined.periods.length === 0 ? ours : combined;
}

/** The unit of the first profile. Where W and A do not convert, on DC, it is A: a limit in W becomes a limit in A at the highest voltage, which is never higher. */
function commonUnit(ours: ChargingProfile | undefined, { wish, evse, below }: CombineContext): RateUnit {
  const units = [ours, ...wish.profiles.map(({ schedule }) => schedule), below].flatMap((it) => (it ? [it.unit] : []));
  return evse.powerType === 'DC' && units.includes('A') ? 'A' : (units[0] ?? 'A');
}

function combineIn<U extends RateUnit>(
  unit: U,
  { mode, ours, context }: { mode: SmartChargingMode; ours: ChargingProfile | undefined; context: CombineContext },
): Timed<LimitIn[U]> {
  const { evse, chargingStarted, from, below, standsFor = false } = context;
  const always: Span = { from, to: ALWAYS.to };
  const scheduled = (profile: ChargingProfile | undefined): Schedule<LimitIn[U]> =>
    profile ? scheduleOf<LimitIn[U]>(inUnit(unit, profile, evse), chargingStarted, always) : NO_LIMIT;
  const own = scheduled(ours);
  const whole: Schedule<LimitIn[U]> = combine(own, wishedSchedule(unit, context), CHOOSE[mode]);
  const first = own[0];
  const last = own.at(-1);
  const span = ours === undefined || standsFor ? always : first && last ? { from: first.from, to: last.to } : { from, to: from };
  const limited = clip(below ? lowest(whole, scheduled(below)) : whole, span);
  const minimum = ours && inUnit(unit, ours, evse).minChargingRate;
  return { ...asPeriods(limited, evseMaximum(evse, unit)), ...(minimum !== undefined && { minChargingRate: minimum }) };
}

/** Which of the two limits applies; the first is ours. */
const CHOOSE: Readonly<Record<SmartChargingMode, <L extends Limit>(ours: L | undefined, theirs: L | undefined) => L | undefined>> = {
  strictest: (ours, theirs) => (ours === undefined || (theirs !== undefined && theirs < ours) ? theirs : ours),
  ours: (ours, theirs) => ours ?? theirs,
  csms: (ours, theirs) => theirs ?? ours,
};

/** A schedule as periods. Periods have no gaps: where nothing limits, the maximum of the EVSE is written. */
function asPeriods<L extends Limit>(schedule: Schedule<L>, maximum: L): Timed<L> {
  const [first] = schedule;
  const last = schedule.at(-1);
  if (!first || !last) return { periods: [] };
  const filled = over(schedule, constant(maximum, { from: first.from, to: last.to }));
  return { start: first.from, ...(Number.isFinite(last.to) && { duration: seconds(last.to - first.from) }), periods: periodsOf(filled, first.from) };
}

const DAY = 86_400;
/** How far recurring profiles are written out: two runs of a day, or a little more than a week. */
const WRITTEN_OUT = { Daily: 2 * DAY, Weekly: 8 * DAY } as const;

/** The wish as a schedule from `from` on. Recurring profiles are written out for some days; after that their lowest limit applies. */
export function wishedSchedule<U extends RateUnit>(unit: U, { wish, evse, chargingStarted, from }: CombineContext): Schedule<LimitIn[U]> {
  const profiles: StackedProfile<LimitIn[U]>[] = wish.profiles.map((it) => ({ ...it, schedule: inUnit(unit, it.schedule, evse) }));
  const days = profiles.flatMap(({ kind }) => (kind === 'Daily' || kind === 'Weekly' ? [WRITTEN_OUT[kind]] : []));
  const to = days.length === 0 ? ALWAYS.to : epochSeconds(from + Math.max(...days));
  const stacks = wish.purposes.map((purpose) => stackUp(profiles, purpose, { from, to, chargingStarted }));
  const written = stacks.reduce(over, NO_LIMIT);
  return days.length === 0 ? written : over(written, lowestLimit(profiles, { from: to, to: ALWAYS.to }));
}

function lowestLimit<L extends Limit>(profiles: readonly StackedProfile<L>[], span: Span): Schedule<L> {
  const limits = profiles.flatMap(({ schedule }) => schedule.periods.map(({ limit }) => limit));
  return limits.map((limit) => constant(limit, span)).reduce<Schedule<L>>(lowest, NO_LIMIT);
}

/** A profile in a unit. On DC a limit in W becomes a limit in A at the highest voltage. */
function inUnit<U extends RateUnit>(unit: U, profile: ChargingProfile, evse: Evse): ProfileIn<U> {
  const converted = profileIn(unit, profile, evse);
  if (converted.ok) return converted.value;
  const atHighestVoltage = profileIn(unit, perVolt(profile, evse), evse);
  if (!atHighestVoltage.ok) throw new RangeError(`Found a profile in ${profile.unit} on EVSE ${evse.uid}; allowed is one that converts to ${unit}.`);
  return atHighestVoltage.value;
}

/** A profile in W on DC as one in A: the current at the highest voltage. */
function perVolt(profile: ChargingProfile, evse: Evse): ChargingProfile {
  const onOneLine = convertProfile(profile, 'A', { ...evse, powerType: 'AC_1_PHASE' });
  return onOneLine.ok ? onOneLine.value : profile;
}

/** A relative profile as its lowest limit, without an end: for a profile of ours that holds over several transactions. */
export function flattened(profile: InstalledProfile): InstalledProfile {
  if (profile.kind !== 'Relative') return profile;
  const { schedule } = profile;
  const start = epochSeconds(0);
  const flat: ChargingProfile =
    schedule.unit === 'W' ? { unit: 'W', start, periods: least(schedule.periods) } : { unit: 'A', start, periods: least(schedule.periods) };
  return { ...profile, kind: 'Absolute', schedule: flat };
}

const least = <L extends Limit>(periods: readonly Period<L>[]): readonly Period<L>[] =>
  periods
    .toSorted((a, b) => a.limit - b.limit)
    .slice(0, 1)
    .map((it) => ({ ...it, start: seconds(0) }));
