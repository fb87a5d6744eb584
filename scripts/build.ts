import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsole } from './console.ts';
import { readOptions } from './script-options.ts';

// `npm run build`: makes dist/ and console/dist/ for publishing. A checkout needs no dist/: Node runs the TypeScript files directly.
readOptions('npm run build\nMakes dist/ and console/dist/ anew; it takes no options.\n  --help             show this help', {});
const top = join(import.meta.dirname, '..');
rmSync(join(top, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { cwd: top, stdio: 'inherit' });
const page = buildConsole();
if (page.output !== '') console.error(page.output);
process.exitCode = status || page.status;
