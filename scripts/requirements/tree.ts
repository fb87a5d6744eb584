import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextFile } from './faults.ts';

const CITING = ['{src,test,sim,console,bench,scripts,docs}/**/*.{ts,tsx,js,mjs,md,css,html,grit}', '*.md'];
/** What is built or installed, and no source. */
const LEFT_OUT = ['console/dist', 'node_modules'];

/** Every file of a checkout that may cite a requirement, in the order of the paths. */
export function citingFiles(top: string): TextFile[] {
  const paths = globSync(CITING, { cwd: top, exclude: (path) => LEFT_OUT.some((folder) => path === folder || path.endsWith(`/${folder}`)) });
  return paths
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}
