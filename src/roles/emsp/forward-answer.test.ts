import { describe, expect, test } from 'vitest';
import { epochMillis, seconds } from '../../domain/units.ts';
import { forwardAnswer, ocpiCodeOf } from './forward-answer.ts';

const now = epochMillis(1_000_000);

describe('the immediate answer of the CPO', () => {
  test('CP-60: ACCEPTED is forwarded with five seconds more, and the result is awaited until then', () => {
    expect(forwardAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(30) }, now)).toStrictEqual({
      answer: { result: 'ACCEPTED', timeout: 35 },
      state: 'AWAITING',
      reason: undefined,
      deadline: now + 35_000,
    });
  });

  test('CP-16: a result is awaited for at most an hour', () => {
    expect(forwardAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(9e9) }, now)).toMatchObject({
      answer: { timeout: 3_605 },
      deadline: now + 3_605_000,
    });
  });

  test.each(['NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'] as const)('CP-11: %s is forwarded and ends the exchange', (result) => {
    expect(forwardAnswer({ is: 'ANSWERED', result, timeout: seconds(30) }, now)).toStrictEqual({
      answer: { result, timeout: 35 },
      state: 'REFUSED',
      reason: result,
      deadline: now,
    });
  });

  test('CP-60: its status message is forwarded, and is the reason of a refusal', () => {
    expect(forwardAnswer({ is: 'ANSWERED', result: 'REJECTED', timeout: seconds(30), message: 'not now' }, now)).toStrictEqual({
      answer: { result: 'REJECTED', timeout: 35, message: 'not now' },
      state: 'REFUSED',
      reason: 'not now',
      deadline: now,
    });
    expect(forwardAnswer({ is: 'ANSWERED', result: 'ACCEPTED', timeout: seconds(30), message: 'soon' }, now)).toMatchObject({
      answer: { message: 'soon' },
      reason: undefined,
    });
  });
});

describe('without an answer of the CPO', () => {
  test('RTE-16: a refusal with an OCPI code is forwarded with that code', () => {
    expect(forwardAnswer({ is: 'REFUSED', code: 2003, message: 'unknown location' }, now)).toEqual({
      answer: { code: 2003, message: 'unknown location' },
      state: 'REFUSED',
      reason: 'ocpi_2003: unknown location',
      deadline: now,
    });
    expect(forwardAnswer({ is: 'REFUSED', code: 2000, message: undefined }, now).answer).toEqual({ code: 2000, message: 'the CPO refused the request' });
  });

  test('CP-60: a CPO that cannot be reached makes the request REFUSED, with an error of a server', () => {
    expect(forwardAnswer({ is: 'UNREACHABLE', reason: 'refused' }, now)).toEqual({
      answer: { code: 3000, message: 'the CPO cannot be reached' },
      state: 'REFUSED',
      reason: 'refused',
      deadline: now,
    });
  });

  test('CP-44: a lost answer makes the request UNCERTAIN: the CPO may apply it', () => {
    expect(forwardAnswer({ is: 'AMBIGUOUS', reason: 'timeout' }, now)).toEqual({
      answer: { code: 3000, message: 'the CPO did not answer; it may have got the request' },
      state: 'UNCERTAIN',
      reason: 'timeout',
      deadline: now,
    });
  });
});

test.each([
  ['ocpi_2003', 2003],
  ['ocpi_2003: no such 2001', 2003],
  ['timeout', 3000],
  [undefined, 3000],
  ['ocpi_20', 3000],
  ['ocpi_20033', 3000],
  ['no_ocpi_2003', 3000],
])('RTE-16: the stored reason %s is forwarded again with code %i', (reason, code) => {
  expect(ocpiCodeOf(reason)).toBe(code);
});
