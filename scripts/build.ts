import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsole } from './console.ts';

// `npm run build`: dist/ and console/dist/ for publishing. Nothing in a checkout needs it: there Node runs the TypeScript itself.
const top = join(import.meta.dirname, '..');
rmSync(join(top, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { cwd: top, stdio: 'inherit' });
const page = buildConsole();
if (page.said !== '') console.error(page.said);
process.exitCode = status || page.status;
