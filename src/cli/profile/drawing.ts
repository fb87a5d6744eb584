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

/** What is drawn: limits over a finite span. */
export interface Drawing extends Span {
  title: string;
  unit: RateUnit;
  /** Where there is no step there is no limit. */
  steps: Schedule<number>;
  /** What the times count from; `its start` where that is not told, such as the start of charging. */
  since: '1970' | 'its start';
  /** The last limit goes on behind the end. */
  isEndless: boolean;
}

/** What there is to draw in a value from outside; several for a message with several profiles. */
export const readDrawings = (value: unknown): Result<readonly Drawing[]> =>
  readFrom(value, (it) => {
    const shape = SHAPES.find(({ marks }) => marks.some((mark) => isPresent(at(it, mark))));
    if (shape) return shape.draw(it);
    addProblem(it, `an object with one of ${SHAPES.flatMap(({ marks }) => marks).join(', ')}`);
    return [];
  });

interface Shape {
  /** Fields that tell this shape from those below it. */
  marks: readonly string[];
  draw(it: Field): Drawing[];
}

const SHAPES: readonly Shape[] = [
  { marks: ['evse_profiles', 'station_profiles'], draw: (it) => [ofCase(it)] },
  { marks: ['charging_profile'], draw: (it) => [ofActive(it)] },
  { marks: ['charging_profile_period'], draw: (it) => [ofProfile('ChargingProfile', ocpiProfile(it))] },
  { marks: ['csChargingProfiles'], draw: (it) => [object(at(it, 'csChargingProfiles'), ofInstalled)] },
  { marks: ['chargingProfile'], draw: (it) => oneOrMore(at(it, 'chargingProfile'), ofInstalled) },
  { marks: ['chargingProfilePurpose', 'chargingProfileKind'], draw: (it) => [ofInstalled(it)] },
  { marks: ['chargingSchedulePeriod', 'chargingSchedule', 'schedule'], draw: (it) => [ofComposite(ocppComposite(it, UNTOLD))] },
];

const oneOrMore = <T>(it: Field, read: (it: Field) => T): T[] => (Array.isArray(it.found) ? list(it, read) : [object(it, read)]);

function ofCase(it: Field): Drawing {
  const read = readCase(it);
  const made = it.problems.length > 0 ? undefined : composeCase(read, wiresOf({ phases: 3, voltage: DEFAULT_VOLTAGE }));
  if (made?.ok === false) addProblem(at(it, 'unit'), made.problem);
  const { from, to, unit } = read;
  return { title: 'Composite schedule', unit, from, to, steps: made?.ok ? made.value : [], since: '1970', isEndless: false };
}

const ofActive = (it: Field): Drawing =>
  ofProfile('ActiveChargingProfile', { ...object(at(it, 'charging_profile'), ocpiProfile), start: moment(at(it, 'start_date_time')) });

function ofProfile(title: string, profile: ChargingProfile): Drawing {
  const { unit, start, duration } = profile;
  const from = start ?? epochSeconds(0);
  const span = { from, to: epochSeconds(from + reach(profile)) };
  const steps = scheduleOf<number>(profile, from, span);
  return { title, unit, ...span, steps, since: start === undefined ? 'its start' : '1970', isEndless: duration === undefined };
}

/** One run of it, as far as it is valid; validity says nothing of a profile whose start is not told. */
function ofInstalled(it: Field): Drawing {
  const profile = ocppProfile(it);
  const { kind, schedule } = profile;
  const start = kind === 'Relative' ? undefined : schedule.start;
  const { validFrom, validTo, ...always } = profile;
  const from = epochSeconds(start === undefined ? UNTOLD : Math.max(start, validFrom ?? start));
  const end = RUNS[kind] === undefined ? (start ?? UNTOLD) + reach(schedule) : from + RUNS[kind];
  const to = epochSeconds(start === undefined ? end : Math.min(end, validTo ?? end));
  if (to <= from) addProblem(at(it, 'validTo'), 'a moment at which the profile has begun and is not over');
  const steps = limited(profileSchedule<Limit>(always, { from, to, chargingStarted: UNTOLD }));
  const isEndless = schedule.duration === undefined && RUNS[kind] === undefined && to === end;
  return { title: titleOf(profile), unit: schedule.unit, from, to, steps, since: start === undefined ? 'its start' : '1970', isEndless };
}

const RUNS: Readonly<Partial<Record<InstalledProfile['kind'], number>>> = { Daily: 86_400, Weekly: 604_800 };

function titleOf({ purpose, id, kind, stackLevel, transactionId, useLocalTime, randomizedDelay }: InstalledProfile): string {
  const words = [`${wireValueOf(PURPOSES_21, purpose)} ${id}`, kind, `stack level ${stackLevel}`];
  if (transactionId !== undefined) words.push(`transaction ${transactionId}`);
  if (useLocalTime) words.push('in local time');
  if (randomizedDelay !== undefined) words.push(`up to ${randomizedDelay} s later`);
  return words.join(', ');
}

function ofComposite({ start: from, unit, duration, periods }: ReportedSchedule): Drawing {
  const rising = periods
    .map(({ start, limit = Infinity }) => ({ start, limit: limit < 0 || limit >= NO_WIRE ? Infinity : limit }))
    .sort((a, b) => a.start - b.start);
  const told = duration !== undefined && duration > 0 && duration <= LONGEST ? { duration } : {};
  const span = { from, to: epochSeconds(from + reach({ periods: rising, ...told })) };
  const steps = limited(scheduleOf({ periods: rising }, from, span));
  return { title: 'Composite schedule', unit, ...span, steps, since: from === UNTOLD ? 'its start' : '1970', isEndless: false };
}

/** Where a limit is to be told from no limit: some stations write -1, some a number that no wire carries (ocpi-to-ocpp §5). */
const NO_WIRE = 999_999;
/** Some stations answer for thousands of years. */
const LONGEST = 366 * 86_400;
const UNTOLD = epochSeconds(0);

const limited = (steps: Schedule<number>) => steps.filter(({ limit }) => limit < Infinity);

/** How long to draw: as long as the profile lasts, or, when it has no end, a while behind its last period. */
function reach({ duration, periods }: { duration?: Seconds; periods: readonly { start: Seconds }[] }): number {
  const last = periods.at(-1)?.start ?? 0;
  return duration ?? Math.max(last + 60, Math.ceil(last * 1.25), last === 0 ? 3600 : 0);
}
