import type { EvaluationResult } from './results.ts';

/** One column of the table of results. */
interface ResultColumn {
  title: string;
  text: (result: EvaluationResult, currency: string) => string;
}

const percent = (part: number): string => (100 * part).toFixed(2);
const COLUMNS: readonly ResultColumn[] = [
  { title: 'planner', text: ({ planner }) => planner },
  { title: '% energy', text: ({ served }) => percent(served) },
  { title: '% sessions full', text: ({ full }) => (100 * full).toFixed(1) },
  { title: '% worst session', text: ({ worst }) => (100 * worst).toFixed(1) },
  { title: 'energy /MWh', text: ({ energyCost, energy }) => (energy > 0 ? ((1_000 * energyCost) / energy).toFixed(2) : '–') },
  { title: 'cost', text: ({ cost }) => cost.toFixed(2) },
  { title: 'g CO2/kWh', text: ({ carbon }) => carbon?.toFixed(1) ?? '–' },
  { title: 'peak kW', text: ({ peak }) => peak.toFixed(2) },
  { title: 'messages per session', text: ({ messages }) => messages.toFixed(2) },
  { title: 'plan p50 ms', text: ({ p50 }) => p50.toFixed(1) },
  { title: 'plan p99 ms', text: ({ p99 }) => p99.toFixed(1) },
  { title: 'violations', text: ({ violations }) => String(violations) },
  { title: 'plans by LLF instead', text: ({ fallbacks }) => String(fallbacks) },
];

/** The results of one scenario with its texts. */
export interface ScenarioResults {
  name: string;
  label: string;
  currency: string;
  results: readonly EvaluationResult[];
}

/** Results as Markdown, one table for each scenario. `made`: the machine and the day, as one line. */
export function resultsMarkdown(scenarios: readonly ScenarioResults[], made: string): string {
  const tables = scenarios.flatMap(({ name, label, currency, results }) => [
    `## ${name}`,
    '',
    `${label}. ${results[0]?.sessions ?? 0} sessions. Costs in ${currency}.`,
    '',
    `| ${COLUMNS.map(({ title }) => title.replace('energy /MWh', `energy ${currency}/MWh`)).join(' | ')} |`,
    `|${COLUMNS.map((_, n) => (n === 0 ? '---|' : '--:|')).join('')}`,
    ...results.map((result) => `| ${COLUMNS.map(({ text }) => text(result, currency)).join(' | ')} |`),
    '',
  ]);
  return ['# Evaluation', '', made, '', ...tables, NOTES, ''].join('\n');
}

const NOTES = [
  '- % energy: of the energy that the cars took in the data. UNCONTROLLED ignores all limits.',
  '- % sessions full: at least 99 % of its energy.',
  '- cost: of the energy, with the demand charge if there is one.',
  '- violations: slots of 5 minutes in which the cars drew more than a limit allows.',
  '- messages: profiles that were sent, by the rules of sending: reductions first, small changes not at all.',
].join('\n');
