import { formatTime, limitTicks, type Tick, timeLabel, timeTicks, unitLabel } from './axis.ts';
import type { Drawing } from './drawing.ts';

const WIDTH = 860;
const HEIGHT = 380;
/** Where the plot lies in the picture. */
const PLOT = { left: 78, right: 816, top: 64, bottom: 318 };

const STYLE = `
    .bg { fill: #ffffff } text { fill: #1b2733 } .title { font-size: 16px; font-weight: 600 } .small { font-size: 12px; fill: #4a5866 }
    .grid { stroke: #dde4ea } .axis { stroke: #9aa7b5 } .area { fill: #2f5d8a; fill-opacity: 0.14 } .free { fill: url(#free) } .hatch { stroke: #9aa7b5 }
    .line { stroke: #2f5d8a; stroke-width: 2; fill: none } .on { stroke-dasharray: 3 4 }
    @media (prefers-color-scheme: dark) {
      .bg { fill: #10161d } text { fill: #e6edf3 } .small { fill: #a3b1bf } .grid { stroke: #26323e } .axis { stroke: #5d6d7c }
      .area { fill: #7fb0e0; fill-opacity: 0.18 } .line { stroke: #7fb0e0 } .hatch { stroke: #5d6d7c }
    }`;

/** A profile as an SVG document: axes with unit and times, the limits as a line of steps; hatched where nothing limits. */
export function drawSvg(drawing: Drawing): string {
  const ticks = limitTicks(drawing, 5);
  const scale = scaleOf(drawing, ticks.at(-1)?.at ?? 1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `  <title>${escaped(drawing.title)}</title>`,
    `  <desc>${escaped(inWords(drawing))}</desc>`,
    `  <style>${STYLE}\n  </style>`,
    '  <defs><pattern id="free" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V8"/></pattern></defs>',
    `  <rect class="bg" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    `  <text class="title" x="${PLOT.left}" y="30">${escaped(shortened(drawing.title))}</text>`,
    `  <text class="small" x="${PLOT.left}" y="50">${unitLabel(drawing)}</text>`,
    ...limitAxis(ticks, scale),
    ...timeAxis(drawing, scale),
    ...gapsOf(drawing).map(({ from, to }) => free(scale.x(from), scale.x(to))),
    ...shapes(drawing, scale),
    '</svg>',
  ].join('\n');
}

interface Scale {
  x(at: number): number;
  y(limit: number): number;
}

const scaleOf = ({ from, to }: Drawing, top: number): Scale => ({
  x: (at) => tenth(PLOT.left + ((at - from) / (to - from)) * (PLOT.right - PLOT.left)),
  y: (limit) => tenth(PLOT.bottom - (limit / top) * (PLOT.bottom - PLOT.top)),
});
const tenth = (n: number) => Math.round(n * 10) / 10;

function limitAxis(ticks: readonly Tick[], { y }: Scale): string[] {
  return ticks.map(({ at, label }) => {
    const line = `<path class="${at === 0 ? 'axis' : 'grid'}" d="M${PLOT.left} ${y(at)}H${PLOT.right}"/>`;
    return `  ${line}<text x="${PLOT.left - 10}" y="${y(at) + 4.5}" text-anchor="end">${label}</text>`;
  });
}

function timeAxis(drawing: Drawing, { x }: Scale): string[] {
  const marks = timeTicks(drawing, 8).map(({ at, label }) => {
    const line = `<path class="axis" d="M${x(at)} ${PLOT.bottom}v5"/>`;
    return `  ${line}<text x="${x(at)}" y="${PLOT.bottom + 22}" text-anchor="middle">${label}</text>`;
  });
  const says = drawing.since === '1970' ? `from ${formatTime(drawing.from, drawing)} to ${formatTime(drawing.to, drawing)} UTC` : timeLabel(drawing);
  return [...marks, `  <text class="small" x="${PLOT.right}" y="${PLOT.bottom + 46}" text-anchor="end">${says}</text>`];
}

/** Each unbroken stretch as an area and a line on top of it; a last limit without end goes on in dashes. */
function shapes({ steps, isEndless }: Drawing, { x, y }: Scale): string[] {
  const areas = steps.map(({ from, to, limit }) => `M${x(from)} ${PLOT.bottom}V${y(limit)}H${x(to)}V${PLOT.bottom}Z`);
  const line = steps.map(({ from, to, limit }, n) => `${steps[n - 1]?.to === from ? 'V' : `M${x(from)} `}${y(limit)}H${x(to)}`);
  const last = steps.at(-1);
  if (!last) return [];
  const on = isEndless ? [`  <path class="line on" d="M${x(last.to)} ${y(last.limit)}h18"/>`] : [];
  return [`  <path class="area" d="${areas.join('')}"/>`, `  <path class="line" d="${line.join('')}"/>`, ...on];
}

/** Where nothing limits. */
function gapsOf({ from, to, steps }: Drawing): { from: number; to: number }[] {
  const edges = [from, ...steps.flatMap((step) => [step.from, step.to]), to];
  return edges.flatMap((edge, n) => {
    const next = edges[n + 1];
    return n % 2 === 0 && next !== undefined && next > edge ? [{ from: edge, to: next }] : [];
  });
}

function free(left: number, right: number): string {
  const width = tenth(right - left);
  const says = width > 60 ? `<text class="small" x="${tenth(left + width / 2)}" y="${PLOT.top + 18}" text-anchor="middle">no limit</text>` : '';
  return `  <rect class="free" x="${left}" y="${PLOT.top}" width="${width}" height="${PLOT.bottom - PLOT.top}"/>${says}`;
}

/** What the picture shows, for those who do not see it. */
function inWords(drawing: Drawing): string {
  const { steps, unit } = drawing;
  const said = steps.slice(0, 24).map(({ from, limit }) => `${limit} ${unit} from ${formatTime(from, drawing)}`);
  return `Limits in ${unitLabel(drawing)}: ${said.join(', ') || 'none'}${steps.length > 24 ? ', and more' : ''}.`;
}

const shortened = (text: string) => (text.length > 90 ? `${text.slice(0, 89)}…` : text);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Text from elsewhere never becomes markup, and what XML cannot hold is left out. */
const escaped = (text: string) => text.replace(/[&<>"']/g, (it) => ENTITIES[it] ?? '').replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '');
