import { type ChartModel, type Line, valueAt } from '../data/chart-model.ts';

/** The lines of a chart by name and colour, with their values at a moment: under the pointer, or now. */
export function Legend({ model, at }: { model: ChartModel; at: number | undefined }) {
  const moment = at ?? model.now ?? model.to;
  return (
    <ul class="legend" aria-label="Legend">
      {model.lines.map((line) => (
        <li key={line.name}>
          <span class={`swatch ${line.tone}${line.dash ? ' dash' : ''}${model.stacked ? ' block' : ''}`} />
          {line.name} <span class="soft number">{said(line, moment, model)}</span>
        </li>
      ))}
    </ul>
  );
}

function said(line: Line, moment: number, { format }: ChartModel): string {
  if (line.shape === 'bars') return '';
  const value = line.shape === 'line' ? between(line, moment) : valueAt(line.points, moment);
  return value === null ? '–' : format(value);
}

/** A straight line's value between two of its points; beyond the last one there is none. */
function between({ points }: Line, moment: number): number | null {
  const after = points.findIndex(([at]) => at >= moment);
  const b = points[after < 0 ? points.length - 1 : after];
  const a = points[after < 0 ? points.length - 1 : Math.max(0, after - 1)];
  if (!a || !b || a[1] === null || b[1] === null) return null;
  return b[0] === a[0] ? b[1] : a[1] + ((b[1] - a[1]) * (moment - a[0])) / (b[0] - a[0]);
}
