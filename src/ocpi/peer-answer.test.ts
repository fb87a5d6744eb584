import { describe, expect, test } from 'vitest';
import { ChargingProfileResponse } from './chargingprofiles/charging-profile.ts';
import { nothing } from './endpoint.ts';
import type { Deviation } from './patience/kinds.ts';
import { readAnswer } from './peer-answer.ts';
import { rangeOf, statusCodes } from './status.ts';

const answered = (status: number, body: unknown) => ({
  is: 'ANSWERED' as const,
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const data = { result: 'ACCEPTED', timeout: 30 };
const causeOf = (status: number, body: unknown, strict = true) => {
  const answer = readAnswer(answered(status, body), ChargingProfileResponse, { strict });
  return answer.is === 'SUCCESS' ? 'SUCCESS' : answer.because;
};

describe('the answer of a peer', () => {
  const codes = [1000, 1999, 2001, 3000, 4002, undefined, '1000', null];
  test.each([200, 201, 202])('STA-10: of a strict peer HTTP %i succeeds only with a status code from 1000 to 1999', (status) => {
    expect(codes.map((status_code) => causeOf(status, { data, status_code, timestamp: 'now' }))).toEqual([
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
  ])('STA-10, SEC-04: HTTP %i fails with any status code', (status, because) => {
    expect(codes.map((status_code) => causeOf(status, { data, status_code }))).toEqual(codes.map(() => because));
  });

  test.each([
    ['an empty body', ''],
    ['HTML', '<html>busy</html>'],
    ['a list', '[1000]'],
    ['null', 'null'],
    ['a key __proto__', '{"status_code":1000,"__proto__":{}}'],
    ['a thousand levels', '['.repeat(1000)],
  ])('STA-10: of a strict peer HTTP 200 with %s fails as bad_body', (_, body) => {
    expect(causeOf(200, body)).toBe('bad_body');
    expect(causeOf(204, body)).toBe('bad_body');
  });

  test('STA-12: unknown status codes are classified by their range', () => {
    expect([1234, 2999, 3999, 4999, 9999, 0, 999].map(rangeOf)).toEqual([
      'success',
      'ocpi_2xxx',
      'ocpi_3xxx',
      'ocpi_4xxx',
      'ocpi_other',
      'ocpi_other',
      'ocpi_other',
    ]);
    expect([1234, 2999, 9999].map((status_code) => causeOf(200, { data, status_code }))).toEqual(['SUCCESS', 'ocpi_2xxx', 'ocpi_other']);
  });

  test('RTE-17: each status code of a hub has its own cause', () => {
    expect([4000, 4001, 4002, 4003, 4099].map((status_code) => causeOf(200, { data, status_code }))).toEqual([
      'hub_error',
      'unknown_receiver',
      'hub_timeout',
      'receiver_not_connected',
      'ocpi_4xxx',
    ]);
  });

  test('STA-06, STA-07: only status codes of OCPI can be sent', () => {
    expect(Object.keys(statusCodes).map(Number)).toEqual([1000, 2000, 2001, 2002, 2003, 2004, 3000, 3001, 3002, 3003, 4000, 4001, 4002, 4003]);
  });

  test('A-12: data is read from a failed answer too', () => {
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

  test('TYP-14: an answer of a strict peer with invalid data fails', () => {
    for (const wrong of [undefined, null, [data], { result: 'accepted', timeout: 30 }, { result: 'ACCEPTED' }])
      expect(causeOf(200, { data: wrong, status_code: 1000 })).toBe('bad_body');
    expect(readAnswer(answered(200, { data: { ...data, result: 'OK' }, status_code: 1000 }), ChargingProfileResponse)).toMatchObject({
      message: expect.stringContaining('data.result: found "OK"'),
    });
  });

  test.each([undefined, null, {}, [], 'ok', 5])('TRN-42: where no data is specified, %j is ignored', (found) => {
    expect(readAnswer(answered(200, { data: found, status_code: 1000 }), nothing)).toMatchObject({ is: 'SUCCESS', data: undefined });
  });

  test.each([
    ['F-53: HTTP 204', 204, ''],
    ['F-53: a plain OK', 200, 'OK'],
    ['F-53: "OK"', 200, '"OK"'],
    ['another object', 201, '{"done":true}'],
  ])('%s is a success where no data is needed', (_, status, body) => {
    const found: Deviation[] = [];
    expect(readAnswer(answered(status, body), nothing, { found })).toMatchObject({ is: 'SUCCESS', httpStatus: status });
    expect(found.map(({ kind }) => kind)).toEqual(['no-envelope']);
    expect(readAnswer(answered(500, body), nothing)).toMatchObject({ because: 'http_5xx' });
  });

  test('F-53: where data is needed, an answer without an envelope is named by its HTTP status, unless it is the data alone', () => {
    const cause = (body: unknown) => causeOf(200, body, false);
    expect(['', 'OK', '<html>busy</html>', 'null', '[1000]'].map(cause)).toEqual(['http_2xx', 'http_2xx', 'bad_body', 'bad_body', 'bad_body']);
    expect([data, { data }, { data, status_code: null }, { data, status_code: 'fine' }].map(cause)).toEqual(Array(4).fill('SUCCESS'));
    expect(cause({ result: 'OK', timeout: 30 })).toBe('bad_body');
  });

  test('F-47: a refusal without a timeout is a refusal', () => {
    const read = (wrong: object) => readAnswer(answered(200, { data: wrong, status_code: 1000 }), ChargingProfileResponse);
    for (const wrong of [{ timeout: null }, {}, { timeout: 'soon' }, { timeout: -5 }])
      expect(read({ result: 'REJECTED', ...wrong })).toMatchObject({ is: 'SUCCESS', data: { result: 'REJECTED', timeout: 30 } });
    expect(read({ result: 'rejected', timeout: '12' })).toMatchObject({ is: 'SUCCESS', data: { result: 'REJECTED', timeout: 12 } });
    expect(read({ result: 'MAYBE', timeout: 12 })).toMatchObject({ is: 'FAILED', because: 'bad_body' });
  });

  test('TRN-43, CP-62: unknown fields in the data are kept', () => {
    const rich = { ...data, more: { of: 'it' } };
    expect(readAnswer(answered(200, { data: rich, status_code: 1000, extra: 1 }), ChargingProfileResponse)).toMatchObject({ data: rich });
  });

  test('a failure of the transport keeps its cause, its detail and whether the request was sent', () => {
    expect(readAnswer({ is: 'FAILED', because: 'refused', sent: false, detail: 'connection refused' }, nothing)).toEqual({
      is: 'FAILED',
      because: 'refused',
      sent: false,
      message: 'connection refused',
    });
  });
});
