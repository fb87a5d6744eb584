import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const top = join(import.meta.dirname, '../..');

/** Something in a source file that docs/guards.md must list: its file, and its name or its first words. */
export interface Listed {
  file: string;
  what: string;
}

/** Finds what must be listed at one node of the syntax tree; undefined: nothing. */
export type Finder = (node: ts.Node) => string | undefined;

/** What a finder finds in the text of one file. */
export function findIn(file: string, text: string, find: Finder): readonly Listed[] {
  const found: Listed[] = [];
  const visit = (node: ts.Node) => {
    const what = find(node);
    if (what !== undefined) found.push({ file, what });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** What a finder finds in the sources of a running node: `src/` without its tests and without commands that run beside a node. */
export function findInSources(find: Finder): readonly Listed[] {
  const files = globSync('src/**/*.ts', { cwd: top }).filter((path) => !/[.](test|fixture)[.]ts$|^src.(node.offline|cli)/.test(path));
  return files.toSorted().flatMap((file) => findIn(file, readFileSync(join(top, file), 'utf8'), find));
}

/** The rows of one table of docs/guards.md, by the heading above it: | `file` | `what` | … | */
export function rowsUnder(heading: string): readonly Listed[] {
  const page = readFileSync(join(top, 'docs/guards.md'), 'utf8');
  const section = page.split('\n## ').find((it) => it.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `(src\/[^`]+)` \| `([^`]+)` \|/gm)].map(([, file = '', what = '']) => ({ file, what }));
}

/** Rows that the page lacks, and rows of which the sources have nothing. The page may shorten a call to its first words. */
export function compareWithPage(found: readonly Listed[], rows: readonly Listed[]): { missing: readonly Listed[]; outdated: readonly Listed[] } {
  const isSame = (it: Listed, row: Listed) => it.file === row.file && it.what.startsWith(row.what);
  return {
    missing: found.filter((it) => !rows.some((row) => isSame(it, row))),
    outdated: rows.filter((row) => !found.some((it) => isSame(it, row))),
  };
}
