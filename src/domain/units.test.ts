import { expect, test } from 'vitest';
import { refuse } from './effect.ts';
import { phasesOf } from './evse.ts';
import { omitUndefined } from './omit-undefined.ts';
import { epochMillis, later, seconds, sum, toSeconds } from './units.ts';

test('a moment in whole seconds is rounded down, also before 1970', () => {
  expect([toSeconds(epochMillis(1_999)), toSeconds(epochMillis(-1))]).toEqual([1, -1]);
});

test('a moment later by a span of seconds', () => {
  expect(later(epochMillis(1_000), seconds(1.5))).toBe(2_500);
});

test('a sum has no floating-point error', () => {
  expect(sum(8.1, 0.2)).toBe(8.3);
});

test('the phases of an EVSE; DC has a single current', () => {
  expect((['AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'] as const).map(phasesOf)).toEqual([1, 2, 2, 3, 1]);
});

test('an object without the keys whose value is undefined keeps all others', () => {
  expect(omitUndefined({ a: undefined, b: 0, c: '', d: false, e: undefined })).toStrictEqual({ b: 0, c: '', d: false });
});

test('CP-11: a refusal promises no work', () => {
  expect(refuse({ result: 'REJECTED' })).toEqual({ answer: { result: 'REJECTED' }, effects: [] });
});
