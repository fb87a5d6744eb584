import {
  type ChargingProfile,
  type InstalledProfile,
  type Limit,
  profileSchedule,
  type RateUnit,
  type ReportedSchedule,
  type Schedule,
  type Span,
  scheduleOf,
} from '../../domain/profile/index.ts';
import { ocpiProfile } from '../../domain/profile/ocpi.ts';
import { PURPOSES_21 } from '../../domain/profile/ocpp-enums.ts';
import { ocppComposite } from '../../domain/profile/read-composite.ts';
import { addProblem, at, type Field, isPresent, list, moment, object, readFrom, wireValueOf } from '../../domain/profile/read-field.ts';
import { ocppProfile } from '../../domain/profile/read-ocpp.ts';
import type { Result } from '../../domain/result.ts';
import { epochSeconds, type Seconds } from '../../domain/units.ts';
import { composeCase, readCase } from './case.ts';
import { DEFAULT_VOLTAGE, wiresOf } from './wires.ts';

/** Limits over a finite time span, ready to draw. */
export interface Drawing extends Span {
  title: string;
  unit: RateUnit;
  /** A time without a step has no limit. */
  steps: Schedule<number>;
  /** `1970`: times are epoch seconds. `start`: seconds from a start that the input does not contain, such as the start of charging. */
  since: '1970' | 'start';
  /** The last limit continues after `to`. */
  isEndless: boolean;
}

/** Reads the drawings in a JSON value; a message with several profiles gives several. */
export const readDrawings = (value: unknown): Result<readonly Drawing[]> =>
  readFrom(value, (it) => {
    const shape = SHAPES.find(({ marks }) => marks.some((mark) => isPresent(at(it, mark))));
    if (shape) return shape.read(it);
    addProblem(it, `an object with one of ${SHAPES.flatMap(({ marks }) => marks).join(', ')}`);
    return [];
  });

/** One of the JSON objects that can be drawn. */
interface Shape {
  /** An object with one of these fields has this shape, unless an earlier shape in the list fits. */
  marks: readonly string[];
  read(it: Field): Drawing[];
}

const SHAPES: readonly Shape[] = [
  { marks: ['evse_profiles', 'station_profiles'], read: (it) => [ofCase(it)] },
  { marks: ['charging_profile'], read: (it) => [ofActive(it)] },
  { marks: ['charging_profile_period'], read: (it) => [ofProfile('ChargingProfile', ocpiProfile(it))] },
  { marks: ['csChargingProfiles'], read: (it) => [object(at(it, 'csChargingProfiles'), ofInstalled)] },
  { marks: ['chargingProfile'], read: (it) => oneOrMore(at(it, 'chargingProfile'), ofInstalled) },
  { marks: ['chargingProfilePurpose', 'chargingProfileKind'], read: (it) => [ofInstalled(it)] },
  { marks: ['chargingSchedulePeriod', 'chargingSchedule', 'schedule'], read: (it) => [ofComposite(ocppComposite(it, UNKNOWN_START))] },
];

const oneOrMore = <T>(it: Field, read: (it: Field) => T): T[] => (Array.isArray(it.found) ? list(it, read) : [object(it, read)]);

function ofCase(it: Field): Drawing {
  const read = readCase(it);
  const composed = it.problems.length > 0 ? undefined : composeCase(read, wiresOf({ phases: 3, voltage: DEFAULT_VOLTAGE }));
  if (composed?.ok === false) addProblem(at(it, 'unit'), composed.problem);
  const { from, to, unit } = read;
  return { title: 'Composite schedule', unit, from, to, steps: composed?.ok ? composed.value : [], since: '1970', isEndless: false };
}

const ofActive = (it: Field): Drawing =>
  ofProfile('ActiveChargingProfile', { ...object(at(it, 'charging_profile'), ocpiProfile), start: moment(at(it, 'start_date_time')) });

function ofProfile(title: string, profile: ChargingProfile): Drawing {
  const { unit, start, duration } = profile;
  const from = start ?? epochSeconds(0);
  const span = { from, to: epochSeconds(from + drawnSpan(profile)) };
  const steps = scheduleOf<number>(profile, from, span);
  return { title, unit, ...span, steps, since: start === undefined ? 'start' : '1970', isEndless: duration === undefined };
}

/** One recurrence of the profile, cut to its validity. The validity is ignored when the start is unknown. */
function ofInstalled(it: Field): Drawing {
  const profile = ocppProfile(it);
  const { kind, schedule } = profile;
  const start = kind === 'Relative' ? undefined : schedule.start;
  const { validFrom, validTo, ...always } = profile;
  const from = epochSeconds(start === undefined ? UNKNOWN_START : Math.max(start, validFrom ?? start));
  const end = RECURRENCES[kind] === undefined ? (start ?? UNKNOWN_START) + drawnSpan(schedule) : from + RECURRENCES[kind];
  const to = epochSeconds(start === undefined ? end : Math.min(end, validTo ?? end));
  if (to <= from) addProblem(at(it, 'validTo'), 'a moment at which the profile has begun and is not over');
  const steps = limited(profileSchedule<Limit>(always, { from, to, chargingStarted: UNKNOWN_START }));
  const isEndless = schedule.duration === undefined && RECURRENCES[kind] === undefined && to === end;
  return { title: titleOf(profile), unit: schedule.unit, from, to, steps, since: start === undefined ? 'start' : '1970', isEndless };
}

/** Seconds of one recurrence. */
const RECURRENCES: Readonly<Partial<Record<InstalledProfile['kind'], number>>> = { Daily: 86_400, Weekly: 604_800 };

function titleOf({ purpose, id, kind, stackLevel, transactionId, useLocalTime, randomizedDelay }: InstalledProfile): string {
  const words = [`${wireValueOf(PURPOSES_21, purpose)} ${id}`, kind, `stack level ${stackLevel}`];
  if (transactionId !== undefined) words.push(`transaction ${transactionId}`);
  if (useLocalTime) words.push('in local time');
  if (randomizedDelay !== undefined) words.push(`up to ${randomizedDelay} s later`);
  return words.join(', ');
}

function ofComposite({ start: from, unit, duration, periods }: ReportedSchedule): Drawing {
  const sorted = periods
    .map(({ start, limit = Infinity }) => ({ start, limit: limit < 0 || limit >= NO_LIMIT ? Infinity : limit }))
    .sort((a, b) => a.start - b.start);
  const known = duration !== undefined && duration > 0 && duration <= MAX_DURATION ? { duration } : {};
  const span = { from, to: epochSeconds(from + drawnSpan({ periods: sorted, ...known })) };
  const steps = limited(scheduleOf({ periods: sorted }, from, span));
  return { title: 'Composite schedule', unit, ...span, steps, since: from === UNKNOWN_START ? 'start' : '1970', isEndless: false };
}

/** For "no limit" some stations write -1 and some a huge number; this one and higher count as no limit (ocpi-to-ocpp §5). */
const NO_LIMIT = 999_999;
/** Seconds. Some stations report durations of thousands of years, which are ignored. */
const MAX_DURATION = 366 * 86_400;
const UNKNOWN_START = epochSeconds(0);

const limited = (steps: Schedule<number>) => steps.filter(({ limit }) => limit < Infinity);

/** Seconds to draw: the duration of the profile, or without one some time after the start of its last period. */
function drawnSpan({ duration, periods }: { duration?: Seconds; periods: readonly { start: Seconds }[] }): number {
  const last = periods.at(-1)?.start ?? 0;
  return duration ?? Math.max(last + 60, Math.ceil(last * 1.25), last === 0 ? 3600 : 0);
}
