import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { patiences } from './kinds.ts';

const page = readFileSync(new URL('../../../docs/charge-points.md', import.meta.url), 'utf8');

test.each(Object.entries(patiences))('%s has its row in docs/charge-points.md', (name, { seen, does }) => {
  expect(page).toContain(`| ${name} | ${seen} | ${does} |`);
});
