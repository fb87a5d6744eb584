import { join } from 'node:path';
import { readTestCounts, reasonToFail, reportFile, summaryLine } from './test-counts.ts';

// The end of `.ci/run`: prints the line with the counts once more, and exits with 1 when the run failed.
const counts = readTestCounts(join(import.meta.dirname, '..', reportFile));
const why = reasonToFail(counts, Boolean(process.env.CI));
if (why) console.error(`the run failed: ${why}`);
console.log(summaryLine(counts));
process.exitCode = why ? 1 : 0;
