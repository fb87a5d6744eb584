import { join } from 'node:path';
import { lastTally, objection, plainLine, reportFile } from './test-counts.ts';

// The end of `.ci/run`: the plain line once more, as its last line, and whether the run counts.
const tally = lastTally(join(import.meta.dirname, '..', reportFile));
const why = objection(tally, Boolean(process.env.CI));
if (why) console.error(`not good: ${why}`);
console.log(plainLine(tally));
process.exitCode = why ? 1 : 0;
