import { expect, test } from 'vitest';
import { csvLines } from './csv.ts';

test('CON-E03: cells are quoted by RFC 4180, and a text that a spreadsheet would run is not run', () => {
  expect(
    csvLines([
      ['a', 'b, c', 'say "x"', undefined, -5],
      ['=1+1', '-cmd', '+x', '@y', 'two\r\nlines'],
    ]),
  ).toBe('a,"b, c","say ""x""",,-5\r\n\'=1+1,\'-cmd,\'+x,\'@y,"two\r\nlines"\r\n');
});
