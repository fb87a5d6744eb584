import { describe, expect, test } from 'vitest';
import { asJson, enumValue, flag, integer, json, maybeInteger, maybeJson, maybeText, orNull, text } from './row.ts';

const row = { name: 'x', count: 3, yes: 1, no: 0, nothing: null, body: '{"a":1}' };

describe('reading a row', () => {
  test('gives columns as what they are', () => {
    expect([text(row, 'name'), integer(row, 'count'), flag(row, 'yes'), flag(row, 'no'), json(row, 'body')]).toEqual(['x', 3, true, false, { a: 1 }]);
  });
  test('an empty column is undefined where it may be empty', () => {
    expect([maybeText(row, 'nothing'), maybeInteger(row, 'nothing'), maybeJson(row, 'nothing'), maybeText(row, 'missing')]).toEqual(Array(4).fill(undefined));
  });
  test.each([
    ['text', () => text(row, 'count'), 'column count holds number, not text'],
    ['integer', () => integer(row, 'name'), 'column name holds string, not a number'],
    ['a column that is not there', () => integer(row, 'missing'), 'column missing holds undefined, not a number'],
    ['a word of a list', () => enumValue(row, 'name', ['a', 'b']), 'column name holds x, not one of a, b'],
  ])('%s of another type is a bug that names the column', (_what, read, says) => {
    expect(read).toThrow(says);
  });
});

describe('writing a row', () => {
  test('undefined becomes null, all else stays', () => {
    expect([orNull(undefined), orNull(0), orNull(''), asJson(undefined), asJson(null)]).toEqual([null, 0, '', null, 'null']);
  });
});
