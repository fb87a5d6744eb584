import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from './script-options.ts';

// `npm run console`: builds the console page from console/ to console/dist. With `--if-stale` only when a source file is newer.
const top = join(import.meta.dirname, '..');
const sources = ['console/src', 'console/public', 'console/index.html', 'console/vite.config.ts', 'package-lock.json'];
const built = join(top, 'console/dist/index.html');

/** Time of the last change of a file, or of the newest file in a folder, in ms since 1970. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

/** True when the page was never built or a source file is newer than the page. */
export function isStale(): boolean {
  const builtAt = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((it) => newest(join(top, it)) > builtAt);
}

/** Builds the page; returns vite's exit code and its output. */
export function buildConsole(): { status: number; output: string } {
  const args = ['node_modules/vite/bin/vite.js', 'build', 'console', '--logLevel', 'warn'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: top, encoding: 'utf8' });
  return { status: status ?? 1, output: `${stdout}${stderr}`.trim() };
}

const usage = `npm run console -- [options]
Builds the operator's page into console/dist/.
  --if-stale         only when a source file is newer than the page
  --help             show this help`;

if (import.meta.main && (!readOptions(usage, { 'if-stale': { type: 'boolean' } }).values['if-stale'] || isStale())) {
  const { status, output } = buildConsole();
  if (output !== '') process.stderr.write(`${output}\n`);
  if (status !== 0) process.stderr.write('evenkeel: the console page was not built (see above); a node serves the previous build, if there is one\n');
  process.exitCode = status;
}
