import { readFileSync } from 'node:fs';

/** How many tests passed, failed and were left out, counted from the runner's report. A file that could not be loaded counts as one failed. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Where vitest.config.ts puts the report, from the top of the checkout. */
export const reportFile = '.reports/tests.json';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Counts a report of vitest's `json` reporter, given as text. */
export function countTests(report: string): TestCounts {
  const parsed: unknown = JSON.parse(report);
  const tally: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of objectsIn(isObject(parsed) ? parsed.testResults : undefined)) {
    const tests = objectsIn(file.assertionResults);
    for (const { status } of tests) tally[status === 'passed' || status === 'failed' ? status : 'skipped'] += 1;
    if (file.status === 'failed' && tests.every(({ status }) => status !== 'failed')) tally.failed += 1;
  }
  return tally;
}

/** The tally of the last run; nothing at all when it left no readable report. */
export function readTestCounts(file: string): TestCounts {
  try {
    return countTests(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** The plain line that ends `npm test` and `.ci/run`. */
export const summaryLine = ({ passed, failed, skipped }: TestCounts) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Why a run must not count as good, if so: something failed, nothing ran, or (in CI) something was skipped. */
export function reasonToFail({ passed, failed, skipped }: TestCounts, inCi: boolean): string | undefined {
  if (failed > 0) return `${failed} failed`;
  if (passed === 0) return 'no test ran';
  if (inCi && skipped > 0) return `${skipped} skipped, and in CI nothing is skipped`;
  return undefined;
}
