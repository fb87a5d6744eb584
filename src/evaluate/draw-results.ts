import type { ScenarioResults } from './describe-results.ts';
import type { EvaluationResult } from './results.ts';

/** One group of bars: a figure of each planner. */
interface Panel {
  title: string;
  value: (result: EvaluationResult) => number | undefined;
  digits: number;
}

const PANELS: readonly Panel[] = [
  { title: 'energy served, %', value: ({ served }) => 100 * served, digits: 2 },
  { title: 'worst session, %', value: ({ worst }) => 100 * worst, digits: 1 },
  { title: 'cost', value: ({ cost }) => cost, digits: 2 },
  { title: 'g CO2/kWh', value: ({ carbon }) => carbon, digits: 0 },
  { title: 'peak, kW', value: ({ peak }) => peak, digits: 1 },
  { title: 'messages per session', value: ({ messages }) => messages, digits: 2 },
];
const WIDTH = 1_080;
const LEFT = 24;
const COLUMN = 346;
const NAME = 132;
const BAR = 138;
const ROW = 20;
const STYLE = `
    .bg { fill: #ffffff } text { fill: #1b2733 } .title { font-size: 16px; font-weight: 600 } .head { font-weight: 600 } .small { font-size: 12px; fill: #4a5866 }
    .bar { fill: #9db4c8 } .own { fill: #2f5d8a } .over { fill: url(#over) } .hatch { stroke: #b3541e; stroke-width: 3 }
    @media (prefers-color-scheme: dark) {
      .bg { fill: #10161d } text { fill: #e6edf3 } .small { fill: #a3b1bf } .bar { fill: #3f5468 } .own { fill: #7fb0e0 } .hatch { stroke: #e08a4f }
    }`;

/** Results as one SVG document: for each scenario, bars of each figure and planner. Hatched bars exceed a limit. */
export function drawResults(scenarios: readonly ScenarioResults[], made: string): string {
  const blocks: string[] = [];
  let y = 68;
  for (const scenario of scenarios) {
    const { text, height } = drawScenario(scenario, y);
    blocks.push(...text);
    y += height;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${WIDTH} ${y + 16}" font-family="system-ui, sans-serif" font-size="13">`,
    '  <title>Evaluation of planners</title>',
    `  <desc>${escapeXml(scenarios.map(describe).join(' '))}</desc>`,
    `  <style>${STYLE}\n  </style>`,
    '  <defs><pattern id="over" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V8"/></pattern></defs>',
    `  <rect class="bg" width="${WIDTH}" height="${y + 16}" rx="8"/>`,
    `  <text class="title" x="${LEFT}" y="30">Evaluation of planners</text>`,
    `  <text class="small" x="${LEFT}" y="50">${escapeXml(made)} Hatched: a limit was exceeded.</text>`,
    ...blocks,
    '</svg>',
    '',
  ].join('\n');
}

function drawScenario({ name, label, results }: ScenarioResults, top: number): { text: string[]; height: number } {
  const panels = PANELS.filter(({ value }) => results.some((result) => value(result) !== undefined));
  const panelHeight = results.length * ROW + 44;
  const text = [
    `  <text class="title" x="${LEFT}" y="${top + 18}">${escapeXml(name)}</text>`,
    `  <text class="small" x="${LEFT}" y="${top + 36}">${escapeXml(label)}</text>`,
    ...panels.flatMap((panel, n) => drawPanel(panel, results, { x: LEFT + (n % 3) * COLUMN, y: top + 66 + Math.floor(n / 3) * panelHeight })),
  ];
  return { text, height: 66 + Math.ceil(panels.length / 3) * panelHeight + 8 };
}

function drawPanel({ title, value, digits }: Panel, results: readonly EvaluationResult[], { x, y }: { x: number; y: number }): string[] {
  const most = Math.max(1e-9, ...results.map((result) => value(result) ?? 0));
  const rows = results.flatMap((result, n) => {
    const shown = value(result) ?? 0;
    const width = Math.max(1, Math.round((BAR * Math.max(0, shown)) / most));
    const line = y + 10 + n * ROW;
    const kind = result.violations > 0 ? 'over' : result.planner.startsWith('OPTIMISED') ? 'own' : 'bar';
    return [
      `  <text x="${x + NAME - 8}" y="${line + 12}" text-anchor="end" font-size="11">${escapeXml(result.planner)}</text>`,
      `  <rect class="${kind}" x="${x + NAME}" y="${line}" width="${width}" height="${ROW - 5}" rx="2"/>`,
      `  <text class="small" x="${x + NAME + width + 6}" y="${line + 12}">${shown.toFixed(digits)}</text>`,
    ];
  });
  return [`  <text class="head" x="${x}" y="${y}">${escapeXml(title)}</text>`, ...rows];
}

/** Text alternative of the picture, for screen readers. */
const describe = ({ name, results }: ScenarioResults): string =>
  `${name}: ${results.map(({ planner, served, cost, peak }) => `${planner} serves ${(100 * served).toFixed(1)} % for ${cost.toFixed(2)} with a peak of ${peak.toFixed(1)} kW`).join('; ')}.`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (it) => ENTITIES[it] ?? '');
