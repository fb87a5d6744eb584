import { merge, NO_LIMIT, type Schedule, type Step } from '../profile/schedule.ts';
import { fail, ok, type Result } from '../result.ts';
import { amperes, type EpochSeconds, epochSeconds, watts } from '../units.ts';
import type { Ceiling, CeilingOverTime } from './ceiling.ts';
import type { CeilingDescription, NodeDescription, ScheduleEntry } from './description.ts';
import { DAY } from './local-day.ts';

/** Reads the limit and the schedule of a node; the problem describes the error and how to correct it. */
export function readCeiling({ limit = {}, schedule = [] }: Pick<NodeDescription, 'limit' | 'schedule'>): Result<CeilingOverTime> {
  const fixed = ceilingOf(limit);
  const times = schedule.map(({ from }) => readTime(from));
  const invalid = schedule[times.indexOf(undefined)];
  if (invalid) return fail(`has a schedule from ${invalid.from}: write HH:MM for every day, or a date and time with its zone, such as 2026-07-01T00:00:00Z`);
  if (schedule.some((it) => it.a === undefined && it.w === undefined)) return fail('has a schedule entry without a limit: add a (A per phase), w (W), or both');
  if (schedule.length === 0) return ok({ fixed, dated: NO_LIMIT, daily: NO_LIMIT });
  const kinds = new Set(times.map((time) => time?.kind));
  if (kinds.size > 1) return fail('has a schedule of times of day and of dates: use only one of them');
  if (times.some((time, n) => n > 0 && Number(time?.at) <= Number(times[n - 1]?.at)))
    return fail('has a schedule that is not in order: sort its entries by time, each time once');
  const starts = times.map((time) => time?.at ?? 0);
  return ok(
    kinds.has('day') ? { fixed, dated: NO_LIMIT, daily: dailySteps(schedule, starts) } : { fixed, dated: steps(schedule, starts, Infinity), daily: NO_LIMIT },
  );
}

/** What is wrong with the fallback of a meter; undefined: nothing. It must limit what the node limits: else a silent meter would raise the limit. */
export function fallbackMistake({ limit = {}, schedule = [], meter }: Pick<NodeDescription, 'limit' | 'schedule' | 'meter'>): string | undefined {
  if (!meter) return undefined;
  const units = (['a', 'w'] as const).filter((unit) => [limit, ...schedule].some((it) => it[unit] !== undefined));
  if (units.length === 0) return 'has a meter and no limit that the building could take a part of: add limit or schedule to this node, or remove the meter';
  const missing = units.filter((unit) => meter.fallback[unit] === undefined);
  if (missing.length === 0) return undefined;
  return `limits ${units.join(' and ')}, and the fallback of its meter has no ${missing.join(' and no ')}: add to meter.fallback what the EVSEs may draw while the meter is silent`;
}

/** A ceiling in units. */
export const ceilingOf = ({ a, w }: CeilingDescription): Ceiling => ({ ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) });

function readTime(from: string): { kind: 'day' | 'date'; at: number } | undefined {
  const day = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(from);
  if (day) return { kind: 'day', at: Number(day[1]) * 3600 + Number(day[2]) * 60 };
  const at = readDate(from);
  return at === undefined ? undefined : { kind: 'date', at };
}

/** A date and time with its zone, such as 2026-07-01T00:00:00Z; undefined: the text is none. */
export function readDate(text: string): EpochSeconds | undefined {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
  return Number.isNaN(at) ? undefined : epochSeconds(at);
}

function steps(entries: readonly ScheduleEntry[], starts: readonly number[], end: number): Schedule<Ceiling> {
  return merge(entries.map((entry, n): Step<Ceiling> => ({ from: moment(starts[n] ?? 0), to: moment(starts[n + 1] ?? end), limit: ceilingOf(entry) })));
}
/** Before the first entry of a day, the last entry of the day before applies. */
function dailySteps(entries: readonly ScheduleEntry[], starts: readonly number[]): Schedule<Ceiling> {
  const last = entries.at(-1);
  const morning = last && starts[0] !== 0 ? [{ ...last, from: '00:00' }] : [];
  return steps([...morning, ...entries], [...morning.map(() => 0), ...starts], DAY);
}
const moment = (at: number): EpochSeconds => epochSeconds(at);
