import { describe, expect, test } from 'vitest';
import { countTests, readTestCounts, reasonToFail, summaryLine } from './test-counts.ts';

const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });
const report = (...testResults: unknown[]) => JSON.stringify({ testResults });

describe('the plain line that ends npm test', () => {
  test('counts passed, failed and skipped over all files; todo and pending are skipped', () => {
    const tally = countTests(report(file('passed', 'passed', 'passed', 'skipped', 'todo'), file('failed', 'failed', 'pending')));
    expect(summaryLine(tally)).toBe('2 passed, 1 failed, 3 skipped');
  });
  test('a file that could not be loaded, or whose set-up failed, counts as one failed', () => {
    expect(countTests(report(file('failed'), file('failed', 'skipped', 'skipped')))).toEqual({ passed: 0, failed: 2, skipped: 2 });
  });
  test('a run that left no report counts nothing, and is not good', () => {
    const tally = readTestCounts('/nowhere/tests.json');
    expect(summaryLine(tally)).toBe('0 passed, 0 failed, 0 skipped');
    expect(reasonToFail(tally, false)).toBe('no test ran');
  });
  test('a skipped test is an objection in CI only; a failed one always', () => {
    expect(reasonToFail({ passed: 5, failed: 0, skipped: 1 }, false)).toBeUndefined();
    expect(reasonToFail({ passed: 5, failed: 0, skipped: 1 }, true)).toContain('in CI nothing is skipped');
    expect(reasonToFail({ passed: 5, failed: 2, skipped: 0 }, false)).toBe('2 failed');
  });
});
