import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { roomArrows } from './arrows/room-arrows.ts';

// The import arrows of `npm run check`: fails with each import that .dependency-cruiser.js forbids; else prints who imports whom, room by room.
const top = join(import.meta.dirname, '..');
const cli = join(top, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const folders = ['src', 'sim', 'test', 'bench', 'scripts', 'console/src'];
const cruise = (type: string) =>
  spawnSync(process.execPath, [cli, '--output-type', type, ...folders], { cwd: top, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });

const { stdout, stderr, status } = cruise('json');
if (!stdout) throw new Error(`dependency-cruiser ended with ${status}: ${stderr}`);
const found: unknown = JSON.parse(stdout);
if (typeof found !== 'object' || found === null || !('modules' in found) || !Array.isArray(found.modules))
  throw new Error('dependency-cruiser: no list of modules');
for (const [room, others] of roomArrows(found.modules)) console.log(`${room} → ${others.length > 0 ? others.join(', ') : 'nothing'}`);
if (status !== 0 || violations(found) > 0) {
  console.error(cruise('err').stdout);
  process.exitCode = 1;
}

function violations(it: object): number {
  const summary: unknown = 'summary' in it ? it.summary : undefined;
  return typeof summary === 'object' && summary !== null && 'error' in summary ? Number(summary.error) : 0;
}
