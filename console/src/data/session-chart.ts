import { text } from '../text/text.ts';
import type { ChartModel, Line } from './chart-model.ts';
import type { Series } from './console-api-types.ts';
import type { Point } from './point.ts';
import { powerText } from './quantity.ts';

/** Choices for how much of the past is shown, in minutes; 0: all of it. */
export const TIME_RANGES = [15, 60, 360, 0] as const;

interface ChartView {
  minutes: number;
  /** Epoch seconds. */
  now: number;
  draft: readonly Point[];
  /** The pointer draws on the chart: its times must not move, and it needs room ahead. */
  drawing: boolean;
  /** Seconds ahead that the user's draft needs. */
  span: number;
}

/** The chart of a session: requested profile, active profile, EVSE maximum, site limit, metered power and the user's draft. */
export function sessionChart({ from, to, lines }: Series, { minutes, now, draft, drawing, span }: ChartView): ChartModel {
  const texts = text().sessionChart;
  const started = Date.parse(from) / 1000;
  const begin = minutes === 0 ? started : Math.max(started - 30, now - minutes * 60);
  // The last point only marks the end of the node's data; it is not planned.
  const ends = Date.parse(to) / 1000 - 1;
  const changes = [...lines.active, ...lines.requested].filter(([at]) => at < ends);
  const planned = changes.reduce((latest, [at]) => Math.max(latest, at), now);
  const needed = drawing || draft.length > 0 ? span : 180;
  const ahead = Math.max(needed, Math.min((planned - now) * 1.1, Math.max(3600, now - begin)), (now - begin) / 3);
  return {
    name: texts.name,
    axis: { unit: texts.axis, per: 1000 },
    format: powerText,
    from: Math.min(begin, now - 60),
    to: now + ahead,
    now,
    lines: [
      { name: texts.metered, tone: 'metered', shape: 'steps', points: untilNow(lines.metered, now) },
      ...ifPresent({ name: texts.maximum, tone: 'maximum', shape: 'steps', dash: true, width: 1.5, points: lines.maximum }),
      ...ifPresent({ name: texts.siteLimit, tone: 'limit', shape: 'steps', dash: true, points: lines.limit ?? [] }),
      { name: texts.active, tone: 'active', shape: 'steps', width: 3, points: lines.active },
      { name: texts.requested, tone: 'requested', shape: 'steps', dash: true, points: lines.requested },
      ...(drawing || draft.length > 0 ? [{ name: texts.draft, tone: 'draft', shape: 'steps', width: 3, points: draft } as const] : []),
    ],
  };
}

const ifPresent = (line: Line): Line[] => (line.points.length > 0 ? [line] : []);

/** The last metered value holds until now, and not longer. */
function untilNow(points: readonly Point[], now: number): readonly Point[] {
  const past = points.filter(([at, watts]) => at <= now && watts !== null);
  return past.length > 0 ? [...past, [now + 1, null]] : past;
}
