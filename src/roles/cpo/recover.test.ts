import { describe, expect, test } from 'vitest';
import type { ExchangeState } from '../../domain/exchange.ts';
import { epochMillis, seconds } from '../../domain/units.ts';
import { answerDeadline, remainingWork } from './recover.ts';

const deadline = epochMillis(100_000);
const at = (state: ExchangeState, now: number, resent = false) => remainingWork({ state, deadline, timeout: seconds(30), resent }, epochMillis(now));

describe('the last moment for a word of the charge point', () => {
  test.each([
    [30, 94_000],
    [600, -20_000],
    [10, 98_000],
    [5, 98_000],
  ])('CP-16: leaves a fifth of %i s, and two seconds at least, for the way of the result', (timeout, expected) => {
    expect(answerDeadline(deadline, seconds(timeout))).toBe(expected);
  });
});

describe('what remains of an open exchange after a start', () => {
  test.each([
    ['ACCEPTED', 93_999, 'send'],
    ['ACCEPTED', 94_000, 'tell-not-sent'],
    ['ACCEPTED', 99_999, 'tell-not-sent'],
    ['ACCEPTED', 100_000, 'time-out'],
    ['SENDING', 93_999, 'resend'],
    ['SENDING', 94_000, 'time-out'],
    ['RESULT', 99_999, 'deliver'],
    ['RESULT', 100_000, 'expire'],
    ['DELIVERING', 50_000, 'delivery-unknown'],
    ['DELIVERED', 50_000, 'nothing'],
    ['CANCELLED', 50_000, 'nothing'],
  ] as const)('CP-16, CP-17: %s at %i ms of 100,000 is to %s', (state, now, expected) => {
    expect(at(state, now)).toBe(expected);
  });

  test('CP-17: what was sent twice is not sent again, but an answer may still come', () => {
    expect(at('SENDING', 93_999, true)).toBe('await-late-word');
    expect(at('SENDING', 94_000, true)).toBe('time-out');
  });
});
