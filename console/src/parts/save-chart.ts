import type uPlot from 'uplot';
import { align, type ChartModel, highest, type Line, ticks } from '../data/chart-model.ts';
import { fileName, saveFile } from '../data/save-file.ts';
import { axisTime, localTime, zoneName } from '../data/time-format.ts';
import { type Colours, colours } from './chart-colours.ts';

const inXml = (text: string) => text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`);

/** Saves a chart as PNG, as it is on the page, with its name and background. */
export function savePng(model: ChartModel, plot: uPlot | undefined): void {
  if (!plot) return;
  const { surface, ink } = colours();
  const from = plot.ctx.canvas;
  const head = 36 * devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = from.width;
  canvas.height = from.height + head;
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  ctx.fillStyle = surface;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = ink;
  ctx.font = `${13 * devicePixelRatio}px sans-serif`;
  ctx.fillText(`${model.name} (${model.axis.unit})`, 12 * devicePixelRatio, 22 * devicePixelRatio);
  ctx.drawImage(from, 0, head);
  canvas.toBlob((blob) => blob && saveFile(fileName(model.name, 'png'), blob), 'image/png');
}

/** Saves a chart as SVG. */
export const saveSvg = (model: ChartModel): void => saveFile(fileName(model.name, 'svg'), new Blob([svgOf(model, colours())], { type: 'image/svg+xml' }));

const WIDTH = 960;
const HEIGHT = 420;
const BOX = { left: 56, top: 64, right: 16, bottom: 40 };

/** The text of an SVG file with the chart. */
function svgOf(model: ChartModel, { tone, ink, soft, line, surface }: Colours): string {
  const marks = ticks(highest(model) / model.axis.per);
  const most = (marks.at(-1) ?? 1) * model.axis.per;
  const x = (at: number) => BOX.left + ((at - model.from) / (model.to - model.from)) * (WIDTH - BOX.left - BOX.right);
  const y = (value: number) => HEIGHT - BOX.bottom - (value / most) * (HEIGHT - BOX.top - BOX.bottom);
  const text = (at: { x: number; y: number }, content: string, attributes = '') =>
    `<text x="${at.x.toFixed(1)}" y="${at.y.toFixed(1)}" fill="${soft}" font-size="12" ${attributes}>${inXml(content)}</text>`;
  const grid = marks.map((it) => {
    const at = y(it * model.axis.per).toFixed(1);
    return `<path d="M${BOX.left} ${at}H${WIDTH - BOX.right}" stroke="${line}"/>${text({ x: BOX.left - 8, y: Number(at) + 4 }, String(it), 'text-anchor="end"')}`;
  });
  const hours = Array.from({ length: 7 }, (_, n) => model.from + (n * (model.to - model.from)) / 6);
  const [xs, ...columns] = align(model);
  const drawn = model.lines.map((it, n) => pathOf(it, { xs, ys: columns[n] ?? [], x, y, colour: tone(it.tone) })).reverse();
  const names = model.lines.map((it, n) => `<tspan fill="${tone(it.tone)}"${n > 0 ? ' dx="14"' : ''}>■ ${inXml(it.name)}</tspan>`);
  const when = `${localTime(new Date(model.from * 1000).toISOString())} – ${localTime(new Date(model.to * 1000).toISOString())} ${zoneName}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${surface}"/>`,
    `<text x="${BOX.left}" y="24" fill="${ink}" font-size="15">${inXml(`${model.name} (${model.axis.unit}), ${when}`)}</text>`,
    `<text x="${BOX.left}" y="46" font-size="12">${names.join('')}</text>`,
    ...grid,
    ...hours.map((it) => text({ x: x(it), y: HEIGHT - 16 }, axisTime(it), 'text-anchor="middle"')),
    ...drawn,
    '</svg>',
  ].join('\n');
}

interface Pen {
  xs: ArrayLike<number>;
  ys: ArrayLike<number | null | undefined>;
  x(at: number): number;
  y(value: number): number;
  colour: string;
}

function pathOf({ shape, dash }: Line, { xs, ys, x, y, colour }: Pen): string {
  const parts: string[] = [];
  let down = false;
  for (let n = 0; n < xs.length; n++) {
    const [at, value] = [xs[n] ?? 0, ys[n]];
    if (value === undefined) continue;
    if (shape === 'bars') parts.push(value ? `M${x(at).toFixed(1)} ${y(0).toFixed(1)}V${y(value).toFixed(1)}` : '');
    else if (value === null) {
      if (down && shape === 'steps') parts.push(`H${x(at).toFixed(1)}`);
      down = false;
    } else {
      parts.push(
        !down
          ? `M${x(at).toFixed(1)} ${y(value).toFixed(1)}`
          : shape === 'steps'
            ? `H${x(at).toFixed(1)}V${y(value).toFixed(1)}`
            : `L${x(at).toFixed(1)} ${y(value).toFixed(1)}`,
      );
      down = true;
    }
  }
  return `<path d="${parts.join('')}" fill="none" stroke="${colour}" stroke-width="${shape === 'bars' ? 10 : 2}"${dash ? ' stroke-dasharray="6 4"' : ''}/>`;
}
