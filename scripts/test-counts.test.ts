import { describe, expect, test } from 'vitest';
import { countTests, readTestCounts, reasonToFail, summaryLine } from './test-counts.ts';

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });
const report = (...testResults: unknown[]) => JSON.stringify({ testResults });

describe('the last line of npm test', () => {
  test('counts passed, failed and skipped tests of all files; todo and pending count as skipped', () => {
    const counts = countTests(report(file('passed', 'passed', 'passed', 'skipped', 'todo'), file('failed', 'failed', 'pending')));
    expect(summaryLine(counts)).toBe('2 passed, 1 failed, 3 skipped');
  });
  test('a file that could not be loaded, or whose set-up failed, counts as one failed test', () => {
    expect(countTests(report(file('failed'), file('failed', 'skipped', 'skipped')))).toEqual({ passed: 0, failed: 2, skipped: 2 });
  });
  test('a run without a report has no tests and fails', () => {
    const counts = readTestCounts('/nowhere/tests.json');
    expect(summaryLine(counts)).toBe('0 passed, 0 failed, 0 skipped');
    expect(reasonToFail(counts, false)).toBe('no test ran');
  });
  test('a skipped test fails the run only in CI; a failed test always does', () => {
    expect(reasonToFail({ passed: 5, failed: 0, skipped: 1 }, false)).toBeUndefined();
    expect(reasonToFail({ passed: 5, failed: 0, skipped: 1 }, true)).toContain('in CI no test may be skipped');
    expect(reasonToFail({ passed: 5, failed: 2, skipped: 0 }, false)).toBe('2 failed');
  });
});
