import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { installBroker, lacksBroker } from './test-broker.ts';
import { installBrowser, lacksBrowser } from './test-browser.ts';
import { readTestCounts, reasonToFail, reportFile, summaryLine } from './test-counts.ts';
import { lacksPromtool, unpackPromtool } from './test-promtool.ts';

const usage = `npm test -- [FILE or FOLDER …] [options of vitest]
Runs all tests, or those of the files and folders that are named, then prints one line with the counts. A whole run installs a browser and a broker, and unpacks promtool.
  -t TEXT            only tests whose title holds this text
  --help             show this help; npx vitest --help shows all options of vitest`;
if (process.argv.includes('--help')) {
  console.log(usage);
  process.exit(0);
}
const top = join(import.meta.dirname, '..');
const report = join(top, reportFile);
rmSync(report, { force: true });
if (process.argv.length === 2) {
  installBrowser();
  installBroker();
  unpackPromtool();
}

const vitest = spawn(process.execPath, [join(top, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)], { cwd: top, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (signal === 'SIGTERM' || !isatty(0)) vitest.kill(signal); // in a terminal, Ctrl-C reaches vitest directly
  });
}
vitest.on('exit', (code, signal) => {
  const counts = readTestCounts(report);
  const why = reasonToFail(counts, Boolean(process.env.CI)) ?? (code === 0 ? undefined : `vitest ended with ${code ?? signal}`);
  if (why) console.error(`the run failed: ${why}`);
  const missing = [
    ['the tests of the console', lacksBrowser()],
    ['the tests with an MQTT broker', lacksBroker()],
  ];
  if (lacksPromtool()) console.log(`the alerts were not evaluated: ${lacksPromtool()}`);
  for (const [what, why] of missing) if (counts.skipped > 0 && why) console.log(`${what} were skipped: ${why}`);
  console.log(summaryLine(counts));
  process.exitCode = why ? 1 : 0;
});
