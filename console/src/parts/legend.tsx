import { type ChartModel, type Line, valueAt } from '../data/chart-model.ts';
import { text } from '../text/text.ts';

/** The lines of a chart by name and colour, with their values under the pointer, or now. */
export function Legend({ model, at }: { model: ChartModel; at: number | undefined }) {
  const time = at ?? model.chosen ?? model.now ?? model.to;
  return (
    <ul class="legend" aria-label={text().chart.legend}>
      {model.lines.map((line) => (
        <li key={line.name}>
          <span class={`swatch ${line.tone}${line.dash ? ' dash' : ''}${model.stacked && !line.alone ? ' block' : ''}`} />
          {line.name} <span class="soft number">{valueText(line, time, model)}</span>
        </li>
      ))}
    </ul>
  );
}

function valueText(line: Line, time: number, { format }: ChartModel): string {
  if (line.shape === 'bars') return '';
  const value = line.shape === 'line' ? between(line, time) : valueAt(line.points, time);
  return value === null ? '–' : format(value);
}

/** The value of a straight line between two of its points; null beyond the last one. */
function between({ points }: Line, time: number): number | null {
  const after = points.findIndex(([at]) => at >= time);
  const b = points[after < 0 ? points.length - 1 : after];
  const a = points[after < 0 ? points.length - 1 : Math.max(0, after - 1)];
  if (!a || !b || a[1] === null || b[1] === null) return null;
  return b[0] === a[0] ? b[1] : a[1] + ((b[1] - a[1]) * (time - a[0])) / (b[0] - a[0]);
}
