import { describe, expect, test } from 'vitest';
import { epochMillis, seconds } from '../../domain/units.ts';
import { stateAfterAnswer, stateAfterResult } from './sent-request-state.ts';

const now = epochMillis(1_000_000);

describe('the answer at once to a request of ours', () => {
  test('CP-44: that is ACCEPTED is waited for as long as it says, and a little for the way', () => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(30) }, now)).toEqual({
      state: 'AWAITING',
      reason: undefined,
      deadline: now + 35_000,
    });
  });

  test('CP-44: nobody is waited for longer than an hour, whatever it says', () => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(9e9) }, now).deadline).toBe(now + 3_605_000);
  });

  test.each(['NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'] as const)('CP-11: that is %s is the end; nothing is waited for', (result) => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result, timeout: seconds(30) }, now)).toEqual({ state: 'REFUSED', reason: result, deadline: now });
  });

  test('CP-44: that says why it refuses is remembered in its own words', () => {
    expect(stateAfterAnswer({ is: 'ANSWERED', result: 'REJECTED', timeout: seconds(30), message: 'not yours' }, now).reason).toBe('not yours');
  });

  test('CP-44: that was lost leaves the request UNCERTAIN, one that certainly failed REFUSED', () => {
    expect(stateAfterAnswer({ is: 'AMBIGUOUS', reason: 'timeout' }, now)).toEqual({ state: 'UNCERTAIN', reason: 'timeout', deadline: now });
    expect(stateAfterAnswer({ is: 'REFUSED', reason: 'refused' }, now)).toEqual({ state: 'REFUSED', reason: 'refused', deadline: now });
  });
});

test.each([
  ['ACCEPTED', 'CONFIRMED'],
  ['REJECTED', 'REJECTED'],
  ['UNKNOWN', 'UNKNOWN'],
] as const)('CP-15: the result %s leaves a request %s', (result, state) => {
  expect(stateAfterResult(result)).toBe(state);
});
