import { describe, expect, test } from 'vitest';
import { ChargingProfileResponse } from './chargingprofiles/charging-profile.ts';
import { nothing } from './endpoint.ts';
import { readAnswer } from './peer-answer.ts';
import { rangeOf, statusCodes } from './status.ts';

const answered = (status: number, body: unknown) => ({
  is: 'ANSWERED' as const,
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const data = { result: 'ACCEPTED', timeout: 30 };
const word = (status: number, body: unknown) => {
  const outcome = readAnswer(answered(status, body), ChargingProfileResponse);
  return outcome.is === 'SUCCESS' ? 'SUCCESS' : outcome.because;
};

describe('what a peer answered', () => {
  const codes = [1000, 1999, 2001, 3000, 4002, undefined, '1000', null];
  test.each([200, 201, 202])('STA-10: HTTP %i succeeds with a code of 1000 to 1999 only', (status) => {
    expect(codes.map((status_code) => word(status, { data, status_code, timestamp: 'now' }))).toEqual([
      'SUCCESS',
      'SUCCESS',
      'ocpi_2xxx',
      'ocpi_3xxx',
      'hub_timeout',
      'bad_body',
      'SUCCESS',
      'bad_body',
    ]);
  });

  test.each([
    [400, 'http_4xx'],
    [401, 'http_4xx'],
    [500, 'http_5xx'],
    [503, 'http_5xx'],
    [301, 'http_3xx'],
    [307, 'http_3xx'],
  ])('STA-10, SEC-04: HTTP %i fails whatever the code', (status, because) => {
    expect(codes.map((status_code) => word(status, { data, status_code }))).toEqual(codes.map(() => because));
  });

  test.each([
    ['an empty body', ''],
    ['HTML', '<html>busy</html>'],
    ['a list', '[1000]'],
    ['null', 'null'],
    ['a key __proto__', '{"status_code":1000,"__proto__":{}}'],
    ['a thousand levels', '['.repeat(1000)],
  ])('STA-10: HTTP 200 with %s is a failure', (_, body) => {
    expect(word(200, body)).toBe('bad_body');
    expect(word(204, body)).toBe('bad_body');
  });

  test('STA-12: codes that nobody has heard of are told apart by their range', () => {
    expect([1234, 2999, 3999, 4999, 9999, 0, 999].map(rangeOf)).toEqual([
      'success',
      'ocpi_2xxx',
      'ocpi_3xxx',
      'ocpi_4xxx',
      'ocpi_other',
      'ocpi_other',
      'ocpi_other',
    ]);
    expect([1234, 2999, 9999].map((status_code) => word(200, { data, status_code }))).toEqual(['SUCCESS', 'ocpi_2xxx', 'ocpi_other']);
  });

  test('RTE-17: what went wrong in or behind a hub has a word of its own for each code', () => {
    expect([4000, 4001, 4002, 4003, 4099].map((status_code) => word(200, { data, status_code }))).toEqual([
      'hub_error',
      'unknown_receiver',
      'hub_timeout',
      'receiver_not_connected',
      'ocpi_4xxx',
    ]);
  });

  test('STA-06, STA-07: the codes that this project can send are those of the table, none of them custom', () => {
    expect(Object.keys(statusCodes).map(Number)).toEqual([1000, 2000, 2001, 2002, 2003, 2004, 3000, 3001, 3002, 3003, 4000, 4001, 4002, 4003]);
  });

  test('A-12: a result is read even when the code says failure', () => {
    const refusal = { result: 'UNKNOWN_SESSION', timeout: 30 };
    expect(readAnswer(answered(200, { data: refusal, status_code: 2001, status_message: 'no' }), ChargingProfileResponse)).toEqual({
      is: 'FAILED',
      because: 'ocpi_2xxx',
      sent: true,
      httpStatus: 200,
      statusCode: 2001,
      message: 'no',
      data: refusal,
    });
    expect(readAnswer(answered(404, { data: refusal, status_code: 2001 }), ChargingProfileResponse)).toMatchObject({ because: 'http_4xx', data: refusal });
  });

  test('TYP-14: data that is not what the message promises is no success', () => {
    for (const wrong of [undefined, null, [data], { result: 'accepted', timeout: 30 }, { result: 'ACCEPTED' }])
      expect(word(200, { data: wrong, status_code: 1000 })).toBe('bad_body');
    expect(readAnswer(answered(200, { data: { ...data, result: 'OK' }, status_code: 1000 }), ChargingProfileResponse)).toMatchObject({
      message: expect.stringContaining('data.result: found "OK"'),
    });
  });

  test.each([undefined, null, {}, [], 'ok', 5])('TRN-42: where no data is specified, %j is as good as none', (found) => {
    expect(readAnswer(answered(200, { data: found, status_code: 1000 }), nothing)).toMatchObject({ is: 'SUCCESS', data: undefined });
  });

  test('TRN-43, CP-62: unknown fields stay with the data', () => {
    const rich = { ...data, more: { of: 'it' } };
    expect(readAnswer(answered(200, { data: rich, status_code: 1000, extra: 1 }), ChargingProfileResponse)).toMatchObject({ data: rich });
  });

  test('what the transport says is passed on, and whether anything was sent', () => {
    expect(readAnswer({ is: 'FAILED', because: 'refused', sent: false, detail: 'connection refused' }, nothing)).toEqual({
      is: 'FAILED',
      because: 'refused',
      sent: false,
      message: 'connection refused',
    });
  });
});
