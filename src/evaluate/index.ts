/** Past sessions charged again by a planner at a simulated site, to measure it. Pure: no files, no clock. */

export { resultsMarkdown, type ScenarioResults } from './describe-results.ts';
export { drawResults } from './draw-results.ts';
export { replay } from './replay.ts';
export type { EvaluationResult } from './results.ts';
export { DAY, type PastCharge, type Scenario } from './scenario.ts';
export { s2, s4 } from './scenarios/acn.ts';
export { s1, s3 } from './scenarios/caltech-march.ts';
export { s5 } from './scenarios/elaad.ts';
export { s7 } from './scenarios/faulty-site.ts';
export { gridLimit, syntheticPrices, syntheticScenarios } from './scenarios/synthetic.ts';
export { readPriceCsv, readSessionCsv } from './session-csv.ts';
export type { Tariff } from './tariff.ts';
export { EXPECTATIONS, type Expectation } from './usual-energy.ts';
