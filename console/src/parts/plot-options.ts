import uPlot from 'uplot';
import { type ChartModel, highest, type Line, ticks } from '../data/chart-model.ts';
import { numberText } from '../data/quantity.ts';
import { axisTime } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import type { Colours } from './chart-colours.ts';

interface Drawing {
  /** The current model: new data is drawn without a new plot. */
  read(): ChartModel;
  colours: Colours;
  width: number;
  height: number;
  onCursor(at: number | undefined): void;
}

const FONT = '12px ui-sans-serif, system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const stepped = uPlot.paths.stepped?.({ align: 1 });
const bars = uPlot.paths.bars?.({ size: [0.8, 18] });

/** The options with which uPlot draws a model. */
export function plotOptions({ read, colours, width, height, onCursor }: Drawing): uPlot.Options {
  const model = read();
  const axis = { stroke: colours.soft, font: FONT, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1, size: 4 } };
  const { per } = model.axis;
  const marks = () => ticks((highest(read()) * 1.04) / per);
  return {
    width,
    height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [read().from, read().to] },
      y: { range: () => [0, (marks().at(-1) ?? 1) * per] },
    },
    axes: [
      { ...axis, size: 30, space: 70, values: (_, splits) => splits.map(axisTime) },
      {
        ...axis,
        size: 44,
        splits: () => marks().map((it) => it * per),
        values: (_, splits) => splits.map((it) => numberText(it / per, 2)),
      },
    ],
    series: [{}, ...model.lines.map((line) => seriesOf(line, model, colours))],
    bands: model.stacked
      ? model.lines.slice(1).flatMap(({ shape, alone }, n) => (shape === 'steps' && !alone ? [{ series: [n + 1, n + 2] satisfies [number, number] }] : []))
      : [],
    hooks: {
      drawClear: [(plot) => shadePlanned(plot, read(), colours)],
      draw: [(plot) => drawNow(plot, read(), colours), (plot) => drawChosen(plot, read(), colours)],
      setCursor: [
        ({ cursor, posToVal }) => onCursor(cursor.left === undefined || cursor.left < 0 || cursor.left === null ? undefined : posToVal(cursor.left, 'x')),
      ],
    },
  };
}

function seriesOf(line: Line, model: ChartModel, colours: Colours): uPlot.Series {
  const colour = colours.tone(line.tone);
  const paths = line.shape === 'steps' ? stepped : line.shape === 'bars' ? bars : undefined;
  return {
    label: line.name,
    stroke: colour,
    width: line.width ?? (line.shape === 'bars' ? 0 : 2),
    spanGaps: line.shape === 'line',
    points: { show: false },
    ...(paths && { paths }),
    ...(line.dash && { dash: [6, 4] }),
    ...(((model.stacked && !line.alone) || line.shape === 'bars') && { fill: line.shape === 'bars' ? colour : `${colour}66` }),
    ...(line.tone === 'metered' && !model.stacked && { fill: `${colour}22` }),
  };
}

function shadePlanned(plot: uPlot, { now, to }: ChartModel, colours: Colours): void {
  const { ctx, bbox } = plot;
  if (now === undefined || now >= to) return;
  const left = Math.max(bbox.left, plot.valToPos(now, 'x', true));
  ctx.save();
  ctx.fillStyle = colours.planned;
  ctx.fillRect(left, bbox.top, bbox.left + bbox.width - left, bbox.height);
  ctx.restore();
}

function drawNow(plot: uPlot, { now, from, to }: ChartModel, colours: Colours): void {
  if (now === undefined || now < from || now > to) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(now, 'x', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colours.ink;
  ctx.fillStyle = colours.ink;
  ctx.setLineDash([]);
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `600 ${11 * devicePixelRatio}px ui-sans-serif, system-ui, "DejaVu Sans", sans-serif`;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.textAlign = x > bbox.left + bbox.width - 40 * devicePixelRatio ? 'right' : 'left';
  ctx.fillText(text().chart.now, x + (ctx.textAlign === 'left' ? 4 : -4) * devicePixelRatio, bbox.top + 11 * devicePixelRatio);
  ctx.restore();
}

function drawChosen(plot: uPlot, { chosen, from, to }: ChartModel, colours: Colours): void {
  if (chosen === undefined || chosen < from || chosen > to) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(chosen, 'x', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = colours.tone('requested');
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
