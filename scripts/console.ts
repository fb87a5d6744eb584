import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

// `npm run console`: the console's page, from console/ to console/dist. `--if-stale` builds only when a source is newer.
const top = join(import.meta.dirname, '..');
const sources = ['console/src', 'console/public', 'console/index.html', 'console/vite.config.ts', 'package-lock.json'];
const built = join(top, 'console/dist/index.html');

/** When a file, or the newest file below a folder, was last written, in ms since 1970. */
function newest(path: string): number {
  const seen = statSync(path);
  if (!seen.isDirectory()) return seen.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), seen.mtimeMs);
}

/** Whether the page was never built, or is older than one of its sources. */
export function isStale(): boolean {
  const made = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((it) => newest(join(top, it)) > made);
}

/** Builds the page; gives vite's exit code, and what it said when it failed. */
export function buildConsole(): { status: number; said: string } {
  const args = ['node_modules/vite/bin/vite.js', 'build', 'console', '--logLevel', 'warn'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: top, encoding: 'utf8' });
  return { status: status ?? 1, said: `${stdout}${stderr}`.trim() };
}

if (import.meta.main && !(process.argv.includes('--if-stale') && !isStale())) {
  const { status, said } = buildConsole();
  if (said !== '') process.stderr.write(`${said}\n`);
  if (status !== 0) process.stderr.write('evenkeel: the console page could not be built; what was built before is still served\n');
  process.exitCode = status;
}
