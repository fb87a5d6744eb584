import { expect, test } from 'vitest';
import { cell, csv } from './csv.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('SEC-38: a cell that begins like a formula gets a leading quote: %j', (text) => {
  expect(cell(text).replace(/^"/, '')).toMatch(/^'/);
});

test('a number is a number, also below zero', () => expect(cell(-4.5)).toBe('-4.5'));

test('commas, quotes and line breaks stay inside of their cell', () => {
  expect(
    csv([
      ['a,b', 'say "no"', 'two\nlines', undefined],
      ['x', 1, '', 'y'],
    ]),
  ).toBe('"a,b","say ""no""","two\nlines",\r\nx,1,,y\r\n');
});
