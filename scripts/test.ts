import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { readTestCounts, reasonToFail, reportFile, summaryLine } from './test-counts.ts';

// `npm test`: vitest with what was given after `--`, then the plain line counted from its report.
const top = join(import.meta.dirname, '..');
const report = join(top, reportFile);
rmSync(report, { force: true });

const vitest = spawn(process.execPath, [join(top, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)], { cwd: top, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (signal === 'SIGTERM' || !isatty(0)) vitest.kill(signal); // a terminal's Ctrl-C reaches vitest by itself
  });
}
vitest.on('exit', (code, signal) => {
  const tally = readTestCounts(report);
  const why = reasonToFail(tally, Boolean(process.env.CI)) ?? (code === 0 ? undefined : `vitest ended with ${code ?? signal}`);
  if (why) console.error(`not good: ${why}`);
  console.log(summaryLine(tally));
  process.exitCode = why ? 1 : 0;
});
