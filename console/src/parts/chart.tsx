import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { align, type ChartModel } from '../data/chart-model.ts';
import { useTheme } from '../data/theme.ts';
import { localTime } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { colours } from './chart-colours.ts';
import { Legend } from './legend.tsx';
import { plotOptions } from './plot-options.ts';
import { savePng, saveSvg } from './save-chart.ts';

interface ChartProps {
  model: ChartModel;
  height?: number;
  /** The pointer draws on the chart: epoch seconds and value under it, whether a stroke begins there, and whether Shift keeps it level. */
  onDraw?: ((stroke: { at: number; value: number; begins: boolean; flat: boolean }) => void) | undefined;
  /** The pointer chooses a moment, in epoch seconds. */
  onPick?: (at: number) => void;
}

/** A chart over time with a legend, which shows the values under the pointer. */
export function Chart({ model, height = 260, onDraw, onPick }: ChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const draw = useRef(onDraw);
  draw.current = onDraw ?? (onPick && (({ at }) => onPick(at)));
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const { shown } = useTheme();
  const shape = JSON.stringify([shown, height, model.stacked, model.lines.map((it) => [it.name, it.tone, it.shape, it.dash])]);
  const latest = useRef(model);
  latest.current = model;

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const build = () => {
      plot.current?.destroy();
      const drawing = { read: () => latest.current, colours: colours(), width: element.clientWidth, height, onCursor: setCursor };
      plot.current = new uPlot(plotOptions(drawing), align(latest.current), element);
      if (draw.current) listen(plot.current, (stroke) => draw.current?.(stroke));
    };
    build();
    const watch = new ResizeObserver(() => plot.current && element.clientWidth !== plot.current.width && build());
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, onDraw !== undefined, onPick !== undefined]);

  useEffect(() => plot.current?.setData(align(model)), [model]);

  return (
    <figure class={`chart${onDraw ? ' painting' : ''}${onPick ? ' picking' : ''}`}>
      <Legend model={model} at={cursor} />
      <div class="row spread small soft">
        <span>{model.axis.unit}</span>
        <span class="row">
          {cursor !== undefined && <span class="number">{localTime(new Date(cursor * 1000).toISOString())}</span>}
          <button type="button" class="button slim" onClick={() => savePng(model, plot.current)} aria-label={text().chart.save(model.name, 'PNG')}>
            PNG
          </button>
          <button type="button" class="button slim" onClick={() => saveSvg(model)} aria-label={text().chart.save(model.name, 'SVG')}>
            SVG
          </button>
        </span>
      </div>
      <div class="plot" ref={container} role="img" aria-label={describe(model)} />
    </figure>
  );
}

/** The chart as text, for screen readers. */
function describe({ name, lines, format, now, to }: ChartModel): string {
  const last = lines.map((line) => {
    const points = line.points.filter(([at]) => at <= (now ?? to));
    const value = points.at(-1)?.[1];
    return value === undefined || value === null ? text().chart.noValue(line.name) : `${line.name} ${format(value)}`;
  });
  return text().chart.description(name, last.join(', '));
}

function listen(plot: uPlot, draw: NonNullable<ChartProps['onDraw']>): void {
  const report = (event: PointerEvent, begins: boolean) => {
    const box = plot.over.getBoundingClientRect();
    draw({ at: plot.posToVal(event.clientX - box.left, 'x'), value: Math.max(0, plot.posToVal(event.clientY - box.top, 'y')), begins, flat: event.shiftKey });
  };
  plot.over.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    plot.over.setPointerCapture(event.pointerId);
    report(event, true);
  });
  plot.over.addEventListener('pointermove', (event) => {
    if (plot.over.hasPointerCapture(event.pointerId)) report(event, false);
  });
}
