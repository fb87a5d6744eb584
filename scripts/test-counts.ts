import { readFileSync } from 'node:fs';

/** Numbers of tests by outcome. A test file that could not be loaded counts as one failed test. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Path of vitest's JSON report, relative to the checkout; vitest.config.ts sets the same path. */
export const reportFile = '.reports/tests.json';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Counts the tests in a report of vitest's `json` reporter; throws when the text is not JSON. */
export function countTests(report: string): TestCounts {
  const parsed: unknown = JSON.parse(report);
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of objectsIn(isObject(parsed) ? parsed.testResults : undefined)) {
    const tests = objectsIn(file.assertionResults);
    for (const { status } of tests) counts[status === 'passed' || status === 'failed' ? status : 'skipped'] += 1;
    if (file.status === 'failed' && tests.every(({ status }) => status !== 'failed')) counts.failed += 1;
  }
  return counts;
}

/** Reads the counts of the last run from its report; all are 0 when there is no readable report. */
export function readTestCounts(file: string): TestCounts {
  try {
    return countTests(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** The last line of `npm test` and `.ci/run`. */
export const summaryLine = ({ passed, failed, skipped }: TestCounts) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Why a run has failed: a test failed, no test ran, or (in CI) a test was skipped. Undefined: the run is good. */
export function reasonToFail({ passed, failed, skipped }: TestCounts, inCi: boolean): string | undefined {
  if (failed > 0) return `${failed} failed`;
  if (passed === 0) return 'no test ran';
  if (inCi && skipped > 0) return `${skipped} skipped, but in CI no test may be skipped`;
  return undefined;
}
