import { text } from '../text/text.ts';
import type { ChartModel, Line } from './chart-model.ts';
import type { Series } from './console-api-types.ts';
import type { Point } from './point.ts';
import { limitText, numberText, powerText } from './quantity.ts';

/** Choices for how much of the past is shown, in minutes; 0: all of it. */
export const TIME_RANGES = [15, 60, 360, 0] as const;

interface ChartView {
  minutes: number;
  /** Epoch seconds. */
  now: number;
  /** The session is over, and `now` is its end: nothing is drawn after it. */
  ended: boolean;
  draft: readonly Point[];
  /** The pointer draws on the chart: its times must not move, and it needs room ahead. */
  drawing: boolean;
  /** Seconds ahead that the user's draft needs. */
  span: number;
}

/** The chart of a session: requested profile, active profile, EVSE maximum, site limit, metered power and the user's draft. */
export function sessionChart(series: Series, { minutes, now, ended, draft, drawing, span }: ChartView): ChartModel {
  const { from, to, lines } = series;
  const texts = text().sessionChart;
  const started = Date.parse(from) / 1000;
  const begin = minutes === 0 ? started : Math.max(started - 30, now - minutes * 60);
  // The last point only marks the end of the node's data; it is not planned.
  const ends = Date.parse(to) / 1000 - 1;
  const changes = [...lines.active, ...lines.requested].filter(([at]) => at < ends);
  const planned = changes.reduce((latest, [at]) => Math.max(latest, at), now);
  const needed = drawing || draft.length > 0 ? span : 180;
  const ahead = Math.max(needed, Math.min((planned - now) * 1.1, Math.max(3600, now - begin)), (now - begin) / 3);
  const { dc_voltage: volts } = series;
  const onDc = (name: string) => (volts !== undefined && isInAmperes(series) ? texts.atVoltage(name, numberText(volts, 0)) : name);
  return {
    name: texts.name,
    axis: { unit: texts.axis, per: 1000 },
    format: powerText,
    from: Math.min(begin, now - 60),
    to: ended ? now : now + ahead,
    ...(!ended && { now }),
    lines: [
      { name: texts.metered, tone: 'metered', shape: 'steps', points: untilNow(lines.metered, now) },
      ...ifPresent({ name: texts.estimated, tone: 'metered', shape: 'steps', dash: true, points: lines.estimated ?? [] }),
      ...ifPresent({ name: texts.maximum, tone: 'maximum', shape: 'steps', dash: true, width: 1.5, points: lines.maximum }),
      ...ifPresent({ name: siteLimitName(series), tone: 'limit', shape: 'steps', dash: true, points: lines.limit ?? [] }),
      { name: onDc(texts.active), tone: 'active', shape: 'steps', width: 3, points: lines.active },
      { name: onDc(texts.requested), tone: 'requested', shape: 'steps', dash: true, points: lines.requested },
      ...(drawing || draft.length > 0 ? [{ name: texts.draft, tone: 'draft', shape: 'steps', width: 3, points: draft } as const] : []),
    ],
  };
}

const ifPresent = (line: Line): Line[] => (line.points.length > 0 ? [line] : []);

/** The limit of the site with its origin: "10 A, share of garage/north". */
function siteLimitName({ site }: Series): string {
  const { siteLimit, shareOf } = text().sessionChart;
  return site ? shareOf(site.a === undefined ? siteLimit : limitText(site.a, 'A'), site.node) : siteLimit;
}

/** Whether a profile is in A: on DC its power depends on the voltage of the car. */
const isInAmperes = ({ active, requested }: Series): boolean =>
  [...active.map((it) => it.active_charging_profile.charging_profile), ...requested.map((it) => it.charging_profile)].some(
    (it) => it?.charging_rate_unit === 'A',
  );

/** The last metered value holds until now, and not longer. */
function untilNow(points: readonly Point[], now: number): readonly Point[] {
  const past = points.filter(([at]) => at <= now);
  return past.length > 0 && past.at(-1)?.[1] !== null ? [...past, [now + 1, null]] : past;
}
