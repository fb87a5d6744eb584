import { describe, expect, test } from 'vitest';
import {
  at,
  bool,
  type EnumMapping,
  type Field,
  integer,
  isPresent,
  list,
  moment,
  nonNegative,
  number,
  object,
  oneOf,
  optional,
  positiveInteger,
  readFrom,
  text,
  wholeNumber,
  wireValueOf,
} from './read-field.ts';

const INT32 = 2_147_483_647;
const read = <T>(found: unknown, reader: (it: Field) => T) => readFrom({ field: found }, (it) => reader(at(it, 'field')));
const accepts = (reader: (it: Field) => unknown, ...values: unknown[]) => values.map((it) => read(it, reader).ok);

describe('a value from outside', () => {
  test.each<[string, (it: Field) => unknown, { good: unknown[]; bad: unknown[] }]>([
    ['a whole number from 0 on', wholeNumber, { good: [0, 1, INT32], bad: [-1, 0.5, INT32 + 1, '1', null, undefined, Number.NaN, Infinity] }],
    ['a whole number from 1 on', positiveInteger, { good: [1, INT32], bad: [0, 1.5, INT32 + 1] }],
    ['a whole number of 32 bits', integer, { good: [0, -INT32, INT32], bad: [0.5, -INT32 - 1, INT32 + 1] }],
    ['a number from 0 on', nonNegative, { good: [0, 0.5], bad: [-0.1, '0.5', Infinity] }],
    ['a number', number, { good: [-0.5, 1e300], bad: ['1', Number.NaN, -Infinity] }],
    ['a boolean', bool, { good: [true, false], bad: ['true', 0, null, undefined] }],
    ['a text', text, { good: ['', 'a'], bad: [1, null, undefined] }],
    ['a moment', moment, { good: ['2026-01-31T09:30:00Z'], bad: ['2026', 1_800_000_000, undefined] }],
  ])('is read as %s', (_, reader, { good, bad }) => {
    expect(accepts(reader, ...good)).toEqual(good.map(() => true));
    expect(accepts(reader, ...bad)).toEqual(bad.map(() => false));
  });

  test('has the value that was found, and a moment in whole seconds', () => {
    expect([read(true, bool), read(false, bool), read('a', text), read(7, wholeNumber)].map((it) => it.ok && it.value)).toEqual([true, false, 'a', 7]);
    expect(read('2026-01-31T09:30:00.9Z', moment)).toEqual({ ok: true, value: Date.UTC(2026, 0, 31, 9, 30) / 1000 });
    expect(read(-0, integer)).toStrictEqual({ ok: true, value: 0 });
  });

  test('has a harmless default when it is invalid, so that all problems are found', () => {
    const field = (found: unknown): Field => ({ found, path: 'it', problems: [] });
    expect([bool, text, number, moment, (it: Field) => list(it, () => 1)].map((reader) => reader(field(undefined)))).toEqual([false, '', 0, 0, []]);
  });
});

describe('a field of an object', () => {
  test('is present unless it is absent or null', () => {
    const fields = (found: unknown) => ['a', 'b', 'c'].map((name) => isPresent(at({ found, path: '', problems: [] }, name)));
    expect(fields({ a: 0, b: null })).toEqual([true, false, false]);
    expect([fields(['a']), fields(null), fields('a'), fields(undefined)]).toEqual(Array(4).fill([false, false, false]));
  });

  test('is its own, never one that every object has', () => {
    expect(at({ found: {}, path: '', problems: [] }, 'constructor').found).toBeUndefined();
  });

  test('that is optional is read when it is present', () => {
    const inner = (it: Field) => optional(it, wholeNumber);
    expect([read(undefined, inner), read(null, inner), read(3, inner)].map((it) => it.ok && it.value)).toEqual([undefined, undefined, 3]);
    expect(read('3', inner).ok).toBe(false);
  });
});

describe('the problems of a value', () => {
  test('name the path, what was found and what is allowed; the first three are told', () => {
    const all = readFrom({ a: { b: [{}, { c: 'x' }, { c: 2 }, {}, {}] } }, (it) => list(at(at(it, 'a'), 'b'), (item) => wholeNumber(at(item, 'c'))));
    const allowed = `allowed: a whole number from 0 to ${INT32}`;
    expect(all).toEqual({ ok: false, problem: `a.b[0].c: missing, ${allowed}; a.b[1].c: found "x", ${allowed}; a.b[3].c: missing, ${allowed}` });
  });

  test('are one for a value that is no object, and none for its fields', () => {
    const reader = (it: Field) => object(it, (inner) => wholeNumber(at(inner, 'c')));
    expect(read([], reader)).toEqual({ ok: false, problem: 'field: found an empty list, allowed: an object' });
    expect(readFrom('x', (it) => wholeNumber(at(it, 'c')))).toEqual({ ok: false, problem: 'body: found "x", allowed: an object' });
  });
});

describe('a list', () => {
  const lengths = (least: number | undefined, ...found: number[]) => found.map((length) => read(Array(length).fill({}), (it) => list(it, () => 1, least)).ok);

  test('has 1 to 10,000 objects, or from another least number on', () => {
    expect(lengths(undefined, 0, 1, 10_000, 10_001)).toEqual([false, true, true, false]);
    expect(lengths(0, 0)).toEqual([true]);
    expect(accepts((it) => list(it, () => 1), {}, [1], 'ab')).toEqual([false, false, false]);
  });
});

describe('a value of an enumeration', () => {
  const mapping: EnumMapping<string, number> = [
    ['One', 1],
    ['Two', 2],
  ];

  test('is mapped in both directions', () => {
    expect(read('Two', (it) => oneOf(it, mapping))).toEqual({ ok: true, value: 2 });
    expect([wireValueOf(mapping, 2), wireValueOf(mapping, 3)]).toEqual(['Two', undefined]);
  });

  test('that is not listed is a problem that names all of them', () => {
    expect(read('two', (it) => oneOf(it, mapping))).toEqual({ ok: false, problem: 'field: found "two", allowed: One, Two' });
  });
});
