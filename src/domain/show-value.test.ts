import { describe, expect, test } from 'vitest';
import { showValue } from './show-value.ts';

describe('a value in an error message', () => {
  test.each<[unknown, string]>([
    [undefined, 'nothing'],
    [null, 'null'],
    [true, 'true'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    ['a "b"', '"a \\"b\\""'],
    [Symbol('x'), 'nothing'],
    [[], 'an empty list'],
    [[1, 2], 'a list of 2'],
    [{ a: 1 }, 'an object'],
  ])('%s is shown as %s', (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });

  test('is complete up to 48 characters, with the quotes of a text', () => {
    expect(showValue('x'.repeat(46))).toBe(`"${'x'.repeat(46)}"`);
  });

  test('is cut to 40 characters when it is longer, with its number of characters', () => {
    expect(showValue('x'.repeat(47))).toBe(`"${'x'.repeat(39)}… (47 characters)`);
    expect(showValue('y'.repeat(100))).toBe(`"${'y'.repeat(39)}… (100 characters)`);
  });
});
