import type { Arrow } from './recorded-flow.ts';

/** One column of a sequence diagram: a party. */
export interface Lane {
  /** The party id, as in `from` and `to` of arrows. */
  id: string;
  title: string;
}

const GAP = 420; // pixels between two lanes
const MARGIN = 90;
const LETTERS = 60; // characters of the small font that fit between two lanes
const LINE = 15;

const STYLE = `
    .bg { fill: #ffffff } .box { fill: #eef4fb; stroke: #2f5d8a; stroke-width: 1.5 } .life { stroke: #9aa7b5; stroke-dasharray: 4 4 }
    .request { stroke: #2f5d8a; stroke-width: 1.6 } .answer { stroke: #2f5d8a; stroke-width: 1.2; stroke-dasharray: 6 3 } .head { fill: #2f5d8a }
    text { fill: #1b2733 } .name { font-weight: 600 } .small { font: 11px ui-monospace, monospace; fill: #4a5866 }
    @media (prefers-color-scheme: dark) {
      .bg { fill: #10161d } .box { fill: #1b2a3a; stroke: #7fb0e0 } .life { stroke: #4a5866 } .request, .answer { stroke: #7fb0e0 } .head { fill: #7fb0e0 }
      text { fill: #e6edf3 } .small { fill: #a3b1bf }
    }`;

/** Draws a flow as a sequence diagram: an SVG with text elements, for light and dark backgrounds. */
export function drawFlow(title: string, lanes: readonly Lane[], arrows: readonly Arrow[]): string {
  const lanesX = new Map(lanes.map(({ id }, n) => [id, MARGIN + n * GAP]));
  const rows: string[] = [];
  let y = 90;
  for (const arrow of arrows) {
    const { drawn, height } = drawArrow(arrow, lanesX, y);
    rows.push(...drawn);
    y += height;
  }
  const [width, height] = [2 * MARGIN + (lanes.length - 1) * GAP, y];
  const heads = lanes.flatMap(({ id, title: name }) => drawLane(name, lanesX.get(id) ?? 0, height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `  <title>${escaped(title)}</title>`,
    `  <style>${STYLE}`,
    '  </style>',
    '  <defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 L10 5 L0 10 z"/></marker></defs>',
    `  <rect class="bg" width="${width}" height="${height}" rx="8"/>`,
    ...heads,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

const drawLane = (name: string, x: number, height: number) => [
  `  <rect class="box" x="${x - 70}" y="16" width="140" height="36" rx="6"/><text class="name" x="${x}" y="39" text-anchor="middle">${escaped(name)}</text>`,
  `  <line class="life" x1="${x}" y1="52" x2="${x}" y2="${height - 12}"/>`,
];

/** Draws the title above the line and the details below it. */
function drawArrow({ is, from, to, title, details }: Arrow, lanesX: ReadonlyMap<string, number>, y: number): { drawn: string[]; height: number } {
  const [start, end] = [xOf(lanesX, from), xOf(lanesX, to)];
  const tip = end > start ? end - 3 : end + 3;
  const x = Math.min(start, end) + 12;
  const lines = wrap(details);
  const drawn = [
    `  <text x="${x}" y="${y}">${escaped(title)}</text>`,
    `  <line class="${is}" x1="${start}" y1="${y + 7}" x2="${tip}" y2="${y + 7}" marker-end="url(#a)"/>`,
    ...lines.map((line, n) => `  <text class="small" x="${x}" y="${y + 22 + n * LINE}">${escaped(line)}</text>`),
  ];
  return { drawn, height: 36 + lines.length * LINE };
}

function xOf(lanesX: ReadonlyMap<string, number>, id: string): number {
  const x = lanesX.get(id);
  if (x === undefined) throw new Error(`The picture has no lane for ${id}; it has ${[...lanesX.keys()].join(', ')}.`);
  return x;
}

/** Wraps a text at spaces, and inside a URL at `=` and `/`. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const piece of text.split(/(?<=[ =/])/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.trimEnd().length <= LETTERS) lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
