import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
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

test('each YAML example in docs/operate.md is valid beside the configuration in the README', () => {
  const [, node = ''] = /```yaml\n([\s\S]*?)```/.exec(page('README.md')) ?? [];
  const examples = [...page('docs/operate.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  expect(examples.some((yaml) => yaml.startsWith('locations:'))).toBe(true);
  for (const example of examples) expect(parseConfig(stringify({ ...parse(node), ...parse(example) })), example).toMatchObject({ ok: true });
});
