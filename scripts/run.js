// The first thing that every npm script runs: `npm start` works right after a clone, under any Node from 16 on.
// It installs what is missing, then gives its place to the program under the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isatty } from 'node:tty';
import { install, pinnedNode, root } from './install.js';

const programs = {
  start: ['src/cli/main.ts', 'demo'],
  evenkeel: ['src/cli/main.ts'],
  evaluate: ['src/cli/main.ts', 'evaluate'],
  test: ['scripts/test.ts'],
  check: ['scripts/check.ts'],
  bench: ['bench/main.ts'],
  mutate: ['scripts/mutate.ts'],
  build: ['scripts/build.ts'],
  console: ['scripts/console.ts'],
  requirements: ['scripts/requirements.ts'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'format', '--write'],
};

/** Becomes the program: no process stays between it and the terminal, so signals and exit codes are its own. */
function become(args, env) {
  process.removeAllListeners('warning'); // execve still calls itself experimental
  process.execve(pinnedNode, [pinnedNode, ...args], env);
}

/** For a Node without execve (the machine's own, on a first start): stays as the parent and passes on signals and exit code. */
function startChild(args, env) {
  const child = spawn(pinnedNode, args, { stdio: 'inherit', env });
  const passOn = (signal) => {
    if (signal === 'SIGINT' && isatty(0)) return; // a terminal's Ctrl-C reaches the child by itself
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  child.on('error', (error) => {
    process.stderr.write(`evenkeel: ${pinnedNode} does not start: ${error.message}. Remove node_modules and run the command again.\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.off(signal, passOn);
    process.kill(process.pid, signal);
  });
}

/** The demo shows the console: its page is built when a source is newer. One that cannot be built stops nothing. */
function buildStaleConsole() {
  const file = join(root, 'scripts', 'console.ts');
  if (existsSync(file)) spawnSync(pinnedNode, [file, '--if-stale'], { stdio: ['ignore', 2, 2] });
}

const [name = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(programs, name)) {
  process.stderr.write(`evenkeel: no program ${name ? `"${name}"` : 'was named'}; there are ${Object.keys(programs).join(', ')}\n`);
  process.exit(2);
}
const [file, ...first] = programs[name];
const code = await install();
if (code !== 0) process.exit(code);
if (name === 'start' && !rest.includes('--help')) buildStaleConsole();
const args = [join(root, file), ...first, ...rest];
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH || ''}` };
if (process.execve && process.platform !== 'win32') become(args, env);
else startChild(args, env);
