import { describe, expect, test } from 'vitest';
import { describeSeveral, pickById } from './id-prefix.ts';

const ids = ['0193a1-AB', '0193a1-cd', '0193', 'NL*MSP'];
const pick = (typed: string) => pickById(ids, (it) => it, typed);

describe('an id that a person typed', () => {
  test.each([
    ['0193', '0193'],
    ['0193a1-a', '0193a1-AB'],
    ['0193A1-CD', '0193a1-cd'],
    ['nl', 'NL*MSP'],
    ['0193a1-c…', '0193a1-cd'],
    [' NL*M ', 'NL*MSP'],
  ])('F-78: %j is %s: the whole id, or a prefix of one id only, in any case', (typed, item) => {
    expect(pick(typed)).toEqual({ is: 'ONE', item });
  });

  test('F-78: a prefix of several ids, of none, or no text at all picks nothing', () => {
    expect(pick('0193a')).toEqual({ is: 'SEVERAL', ids: ['0193a1-AB', '0193a1-cd'] });
    for (const typed of ['a1', '', '…', '0193a1-abc']) expect(pick(typed)).toEqual({ is: 'NONE' });
  });

  test('F-78: a message names at most five of the ids', () => {
    expect(describeSeveral('keys', 'a', ['a1', 'a2'])).toBe('2 keys have ids that begin with "a": use more of one of a1, a2');
    expect(describeSeveral('keys', 'a', ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])).toMatch(/a5, …$/);
  });
});
