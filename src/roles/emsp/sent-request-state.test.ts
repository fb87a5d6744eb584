import { describe, expect, test } from 'vitest';
import { epochMillis, seconds } from '../../domain/units.ts';
import { stateAfterAnswer, stateAfterResult } from './sent-request-state.ts';

const now = epochMillis(1_000_000);

describe('the immediate answer to a sent request', () => {
  test('CP-44: ACCEPTED: the result is awaited for its timeout plus the delivery time', () => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(30) }, now)).toEqual({
      state: 'AWAITING',
      reason: undefined,
      deadline: now + 35_000,
    });
  });

  test('CP-44: a result is awaited for at most an hour', () => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(9e9) }, now).deadline).toBe(now + 3_605_000);
  });

  test.each(['NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'] as const)('CP-11: %s ends the request; no result is awaited', (result) => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result, timeout: seconds(30) }, now)).toEqual({ state: 'REFUSED', reason: result, deadline: now });
  });

  test('CP-44: the status message of a refusal becomes its reason', () => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result: 'REJECTED', timeout: seconds(30), message: 'not yours' }, now).reason).toBe('not yours');
  });

  test('CP-44: a lost answer makes the request UNCERTAIN, a certain failure REFUSED', () => {
    expect(stateAfterAnswer({ is: 'AMBIGUOUS', reason: 'timeout' }, now)).toEqual({ state: 'UNCERTAIN', reason: 'timeout', deadline: now });
    expect(stateAfterAnswer({ is: 'REFUSED', reason: 'refused' }, now)).toEqual({ state: 'REFUSED', reason: 'refused', deadline: now });
  });
});

test.each([
  ['ACCEPTED', 'CONFIRMED'],
  ['REJECTED', 'REJECTED'],
  ['UNKNOWN', 'UNKNOWN'],
] as const)('CP-15: the result %s makes the request %s', (result, state) => {
  expect(stateAfterResult(result)).toBe(state);
});
