import { join } from 'node:path';
import { readTestCounts, reasonToFail, reportFile, summaryLine } from './test-counts.ts';

// The end of `.ci/run`: the plain line once more, as its last line, and whether the run counts.
const tally = readTestCounts(join(import.meta.dirname, '..', reportFile));
const why = reasonToFail(tally, Boolean(process.env.CI));
if (why) console.error(`not good: ${why}`);
console.log(summaryLine(tally));
process.exitCode = why ? 1 : 0;
