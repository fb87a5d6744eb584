import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../src/node/config/config-file.ts';

const page = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8');

test('the configuration in README.md is valid', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page('README.md')) ?? [];
  expect(parseConfig(yaml)).toMatchObject({ ok: true, value: { charge_points: [{ id: 'CP001' }] } });
});

test('every file that README.md links to exists', () => {
  const links = [...page('README.md').matchAll(/\]\(([^)#]+)\)/g)].map(([, to = '']) => to).filter((to) => !to.startsWith('http'));
  expect(links).toContain('docs/operate.md');
  for (const to of links) expect(page(to).length).toBeGreaterThan(0);
});

test('the locations in docs/operate.md are valid in a configuration', () => {
  const [, node = ''] = /```yaml\n([\s\S]*?)```/.exec(page('README.md')) ?? [];
  const [, locations = ''] = /```yaml\n([\s\S]*?)```/.exec(page('docs/operate.md')) ?? [];
  expect(parseConfig(node + locations)).toMatchObject({ ok: true, value: { locations: [{ id: 'LOC1' }] } });
});
