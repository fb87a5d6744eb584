import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const dist = join(import.meta.dirname, '../../console/dist');
const read = (path: string) => readFileSync(join(dist, path), 'utf8');
const MAX_BYTES = 75 * 1024;

/** The files that a browser loads for the first page: index.html, the files that it names, and their static imports. */
function firstLoad(): Map<string, string> {
  const files = new Map([['index.html', read('index.html')]]);
  for (const [, text] of files)
    for (const [, path] of text.matchAll(/(?:(?:src|href)="\/console\/|(?:from|import)"\.\/)([\w./-]+)"/g)) {
      const file = path === undefined ? '' : path.includes('/') || path.endsWith('.svg') ? path : `assets/${path}`;
      if (file !== '' && !files.has(file)) files.set(file, read(file));
    }
  return files;
}

test('the first load is at most 75 KB, compressed', () => {
  const files = firstLoad();
  expect([...files.keys()].filter((it) => it.endsWith('.js')).length).toBeGreaterThan(0);
  const sum = [...files.values()].reduce((bytes, text) => bytes + gzipSync(text, { level: 9 }).length, 0);
  expect(sum).toBeLessThanOrEqual(MAX_BYTES);
});

test('SEC-38: the page has no inline script, no inline style, and no source that turns text into nodes', () => {
  const page = read('index.html');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i);
  for (const [name, text] of firstLoad())
    if (name.endsWith('.js')) expect(text).not.toMatch(/\.insertAdjacentHTML|document\.write|new Function\(|[^.\w]eval\(/);
});
