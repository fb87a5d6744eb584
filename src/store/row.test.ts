import { describe, expect, test } from 'vitest';
import { asJson, enumValue, flag, integer, json, maybeInteger, maybeJson, maybeText, orNull, text } from './row.ts';

const row = { name: 'x', count: 3, yes: 1, no: 0, nothing: null, body: '{"a":1}' };

describe('reading a row', () => {
  test('returns each column with its type', () => {
    expect([text(row, 'name'), integer(row, 'count'), flag(row, 'yes'), flag(row, 'no'), json(row, 'body')]).toEqual(['x', 3, true, false, { a: 1 }]);
  });
  test('a null column is undefined where null is allowed', () => {
    expect([maybeText(row, 'nothing'), maybeInteger(row, 'nothing'), maybeJson(row, 'nothing'), maybeText(row, 'missing')]).toEqual(Array(4).fill(undefined));
  });
  test.each([
    ['text', () => text(row, 'count'), 'column count: found number, allowed: text'],
    ['integer', () => integer(row, 'name'), 'column name: found string, allowed: a number'],
    ['a missing column', () => integer(row, 'missing'), 'column missing: found undefined, allowed: a number'],
    ['an enum value', () => enumValue(row, 'name', ['a', 'b']), 'column name: found x, allowed: a, b'],
  ])('%s of another type throws an error that names the column', (_what, read, message) => {
    expect(read).toThrow(message);
  });
});

describe('writing a row', () => {
  test('undefined becomes null, other values stay', () => {
    expect([orNull(undefined), orNull(0), orNull(''), asJson(undefined), asJson(null)]).toEqual([null, 0, '', null, 'null']);
  });
});
