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

test('GW-W07: each YAML example in docs/gateway.md is valid beside the configuration in the README, and its links lead somewhere', () => {
  const [, node = ''] = /```yaml\n([\s\S]*?)```/.exec(page('README.md')) ?? [];
  const examples = [...page('docs/gateway.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  expect(examples).toHaveLength(2);
  for (const example of examples) {
    const read = parseConfig(stringify({ ...parse(node), ...parse(example) }));
    expect(read, example).toMatchObject({
      ok: true,
      value: { ocpp: { upstream: { mode: 'observe', when_away: 'keep', keep: { messages: 10_000, days: 7 } } } },
    });
  }
  for (const [, to = ''] of page('docs/gateway.md').matchAll(/\]\(([\w./-]+)[^)]*\)/g)) expect(page(`docs/${to}`).length).toBeGreaterThan(0);
});
