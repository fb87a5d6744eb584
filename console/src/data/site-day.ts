import { text } from '../text/text.ts';
import { type ChartModel, type Line, TONES } from './chart-model.ts';
import type { SiteDay } from './console-api-types.ts';
import type { Point } from './point.ts';
import { currentText, powerText } from './quantity.ts';

/** What the chart of a day shows: power over all phases, or the current on one phase. */
export const DAY_VIEWS = ['kW', 'L1', 'L2', 'L3'] as const;
/** One entry of `DAY_VIEWS`. */
export type DayView = (typeof DAY_VIEWS)[number];

/** EVSEs that have a line of their own; the rest are drawn as one. */
const MOST_LINES = 10;

/** The chart of a day: what each EVSE drew, stacked, under the limit of the node; the planned limit is dashed. `chosen`: epoch seconds. */
export function dayChart(day: SiteDay, view: DayView, chosen: number): ChartModel {
  const [from, to, now] = [day.from, day.to, day.now].map((it) => Date.parse(it) / 1_000) as [number, number, number];
  const texts = text().siteDay;
  const limit = day.limit.map((it): Point => [it[0], view === 'kW' ? it[1] : it[2]]);
  return {
    name: texts.title(day.node),
    axis: view === 'kW' ? { unit: 'kW', per: 1_000 } : { unit: 'A', per: 1 },
    format: view === 'kW' ? powerText : currentText,
    from,
    to,
    ...(now < to && { now }),
    chosen,
    stacked: true,
    lines: [
      ...evseLines(day, view),
      ...buildingLine(day, view),
      { name: texts.limit, tone: 'limit', shape: 'steps', alone: true, points: cutAt(limit, now).before },
      { name: texts.plannedLimit, tone: 'limit', shape: 'steps', dash: true, alone: true, points: cutAt(limit, now).after },
    ],
  };
}

/** One line for each EVSE, with all its sessions; the EVSEs with the highest values come first. */
function evseLines({ sessions }: SiteDay, view: DayView): Line[] {
  const drawn = sessions.filter(({ phases }) => view === 'kW' || phases.includes(view));
  const byEvse = [...Map.groupBy(drawn, ({ evse }) => evse)].map(([name, own]) => ({ name, points: joined(own, view) }));
  const all = byEvse.sort((a, b) => highestOf(b.points) - highestOf(a.points) || a.name.localeCompare(b.name));
  const rest = all.slice(MOST_LINES);
  const shown =
    rest.length > 1 ? [...all.slice(0, MOST_LINES), { name: text().siteDay.otherEvses(rest.length), points: sumOf(rest.map((it) => it.points)) }] : all;
  return shown.map((it, n) => ({ ...it, tone: TONES[n % TONES.length] ?? 't1', shape: 'steps' }));
}

const joined = (sessions: SiteDay['sessions'], view: DayView): Point[] =>
  sessions.flatMap(({ drawn }) => drawn.map((it): Point => [it[0], view === 'kW' ? it[1] : it[2]])).sort((a, b) => a[0] - b[0]);

const highestOf = (points: readonly Point[]): number => points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0);

/** The sum of step lines; null where none of them has a value. */
export function sumOf(lines: readonly (readonly Point[])[]): Point[] {
  const values: (number | null)[] = lines.map(() => null);
  const changes = lines.flatMap((points, n) => points.map(([at, value]) => ({ at, value, n }))).sort((a, b) => a.at - b.at);
  return changes.flatMap(({ at, value, n }, index): Point[] => {
    values[n] = value;
    if (changes[index + 1]?.at === at) return [];
    const known = values.filter((it) => it !== null);
    return [[at, known.length === 0 ? null : known.reduce((sum, it) => sum + it, 0)]];
  });
}

function buildingLine({ building }: SiteDay, view: DayView): Line[] {
  if (!building) return [];
  const column = DAY_VIEWS.indexOf(view) + 1;
  const points = building.map((it): Point => [it[0], it[column] ?? null]);
  return [{ name: text().siteDay.building, tone: 'plain', shape: 'steps', points }];
}

/** A line until a moment and from it on. */
export function cutAt(points: readonly Point[], at: number): { before: Point[]; after: Point[] } {
  const held = points.findLast(([from]) => from <= at);
  const [before, after] = [points.filter(([from]) => from <= at), points.filter(([from]) => from > at)];
  // The moment itself belongs to both.
  return { before: [...before, [at + 1, null]], after: held ? [[at, held[1]], ...after] : after };
}

/** Minutes that the chart shows around the chosen moment; 0: the whole day. */
export const DAY_RANGES = [60, 360, 0] as const;
/** One entry of `DAY_RANGES`. */
export type DayRange = (typeof DAY_RANGES)[number];

/** The part of a day that is shown: `minutes` around a moment, and never beyond the day. Epoch seconds. */
export function rangeAround(day: { from: number; to: number }, minutes: DayRange, centre: number): { from: number; to: number } {
  const length = minutes * MINUTE;
  if (minutes === 0 || length >= day.to - day.from) return day;
  const from = Math.min(Math.max(day.from, centre - length / 2), day.to - length);
  return { from, to: from + length };
}

/** Seconds that a key moves the chosen moment: a minute, with Shift a second; undefined: the key does not move it. */
export function keyStep({ key, shiftKey }: { key: string; shiftKey: boolean }): number | undefined {
  const by = STEPS[key];
  return by === undefined ? undefined : shiftKey && Math.abs(by) === MINUTE ? Math.sign(by) : by;
}
const MINUTE = 60;
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: MINUTE,
  ArrowUp: MINUTE,
  ArrowLeft: -MINUTE,
  ArrowDown: -MINUTE,
  PageUp: 15 * MINUTE,
  PageDown: -15 * MINUTE,
};

/** The begin and the end of a day in the user's zone; `offset` 0: today, -1: yesterday. */
export function dayOf(now: number, offset: number): { from: string; to: string } {
  const at = (days: number) => {
    const date = new Date(now * 1_000);
    return `${new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).toISOString().slice(0, 19)}Z`;
  };
  return { from: at(offset), to: at(offset + 1) };
}
