import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonBoundsProblem } from './json-bounds.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":{}`).join(',')}}`;
const elements = (count: number) => `[${Array.from({ length: count }, () => '""').join(',')}]`;

describe('JSON text before it is parsed', () => {
  test('SEC-18: 32 levels pass, 33 do not, and 100,000 do not overflow the stack', () => {
    expect(jsonBoundsProblem(nested(32))).toBeUndefined();
    expect(jsonBoundsProblem(nested(33))).toContain('32 levels');
    expect(jsonBoundsProblem('{"a":'.repeat(100_000))).toContain('32 levels');
  });

  test('SEC-18: an object of 2,000 keys passes, one of 2,001 or a million does not', () => {
    expect(jsonBoundsProblem(keys(2_000))).toBeUndefined();
    expect(jsonBoundsProblem(keys(2_001))).toContain('2000 keys');
    expect(jsonBoundsProblem(`[[${keys(1_000_000)}]]`)).toContain('2000 keys');
  });

  test('SEC-18: a list of 10,000 passes, one of 10,001 does not', () => {
    expect(jsonBoundsProblem(elements(10_000))).toBeUndefined();
    expect(jsonBoundsProblem(`{"a":${elements(10_001)}}`)).toContain('10000');
  });

  test('SEC-18: many small objects are no wide object', () => {
    expect(jsonBoundsProblem(`[${Array.from({ length: 5_000 }, () => keys(3)).join(',')}]`)).toBeUndefined();
  });

  test.each([
    '{"__proto__":{"x":1}}',
    '{"a":[{"__proto__" : 1}]}',
    '{"\\u005f_proto__":{"x":1}}',
    '{"\\u005F\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":1}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"constructor" : { "a":1, "prototype":{"x":1}}}',
    '{"c\\u006fnstructor":{"pr\\u006ftotype":1}}',
  ])('SEC-19: %s is refused', (text) => {
    expect(jsonBoundsProblem(text)).toMatch(/a key/);
  });

  test.each([
    '{"constructor":"GTB","prototype":1}',
    '{"constructor":1,"a":{"prototype":1}}',
    '{"constructor":{"a":[{"prototype":1}]}}',
    '["__proto__"]',
    '{"a":"__proto__"}',
    '{"a":"{\\"__proto__\\":1}"}',
    '{"a":"\\\\","b":"]]]]"}',
  ])('SEC-19: %s means no harm and passes', (text) => {
    expect(jsonBoundsProblem(text)).toBeUndefined();
  });

  test('SEC-18: any JSON value within bounds passes, however it is written', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6 }).filter((it) => !/proto/.test(it)),
        (text) => void expect(jsonBoundsProblem(text)).toBeUndefined(),
      ),
    );
  });

  test('SEC-22: text that is no JSON is left to the parser, and takes no longer', () => {
    for (const text of ['"'.repeat(262_144), '\\'.repeat(262_144), `{"${'\\"'.repeat(100_000)}`, `{""${' '.repeat(262_144)}`, '}'.repeat(262_144)])
      expect(jsonBoundsProblem(text)).toBeUndefined();
  });
});
