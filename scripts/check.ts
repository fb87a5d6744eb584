import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { readOptions } from './script-options.ts';

// `npm run check`: one line for each step with its duration, and everything that a failed step said.
const usage = `npm run check -- [options]
Runs what the continuous integration runs: format, lint, types, arrows, unused code, ids of requirements, all tests. Changes no file.
  --without-tests    leave the tests out
  --help             show this help`;
const { values } = readOptions(usage, { 'without-tests': { type: 'boolean' } });
const top = join(import.meta.dirname, '..');
const running = new Set<ChildProcess>();

interface Step {
  name: string;
  args: string[];
  /** What it prints is shown when it succeeds, too. */
  prints?: true;
}

const biome = 'node_modules/@biomejs/biome/bin/biome';
const still: Step[] = [
  { name: 'format', args: [biome, 'format', '--max-diagnostics=none'] },
  { name: 'lint', args: [biome, 'lint', '--error-on-warnings', '--max-diagnostics=none'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false'] },
  { name: 'page', args: ['node_modules/typescript/bin/tsc', '-p', 'console', '--noEmit', '--pretty', 'false'] },
  { name: 'arrows', args: ['scripts/arrows.ts'], prints: true },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'ids', args: ['scripts/requirements.ts', '--check'] },
];
const tests: Step = { name: 'tests', args: ['scripts/test.ts'] };

/** Runs one step to its end, prints its line, and what it said if it failed. */
function run({ name, args, prints }: Step): Promise<boolean> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: top, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const more = name === tests.name ? `  ${said.trim().split('\n').at(-1)}` : '';
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${seconds.padStart(6)} s${more}`);
      if (code !== 0 || prints) console.log(said.trim());
      resolve(code === 0);
    });
  });
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(code);
  });
}

const results = await Promise.all(still.map(run)); // two cores are busy with the slow ones, and none of them changes a file
if (!values['without-tests']) results.push(await run(tests));
process.exitCode = results.every(Boolean) ? 0 : 1;
