import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { patience, refusals } from './kinds.ts';

const top = join(import.meta.dirname, '../../..');
const page = readFileSync(join(top, 'docs/partners.md'), 'utf8');

test('docs/partners.md lists every patience and every refusal, as the source says', () => {
  const rows = [
    ...Object.entries(patience).map(([kind, { seen, does }]) => `| ${kind} | ${seen} | ${does} |`),
    ...Object.entries(refusals).map(([name, reason]) => `| ${name} | ${reason} |`),
  ];
  const sections = page.split('\n## ').filter((it) => /^What is (read with patience|refused)/.test(it));
  const found = sections.flatMap((it) => it.split('\n')).filter((line) => /^\| [a-z-]+ \|/.test(line) && !/^\| (kind|name) \|/.test(line));
  expect(found).toEqual(rows);
});

test('every file that a patience names is there', () => {
  const files = Object.values(patience).flatMap(({ handledIn }) => handledIn);
  expect(files.filter((file) => !existsSync(join(top, file)))).toEqual([]);
});
