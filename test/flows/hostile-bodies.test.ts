import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { authorization, type Emsp, openEmsp } from '../../sim/partner.ts';
import { sendRaw } from '../../src/ocpi/open-server.fixture.ts';
import { codeOf, expectEnvelope, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

const KB256 = 256 * 1024;
const UNKNOWN = { result: 'UNKNOWN_SESSION', timeout: 30 };
let platform: Platform;
let emsp: Emsp;
const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', note);
  process.on('uncaughtExceptionMonitor', note);
  platform = await openPlatform({ config: { strict_peers: ['NL*MSP'] } });
  emsp = await openEmsp({ clock: realClock() });
  expect(codeOf(await emsp.register(await inviteAt(platform, 'MSP')))).toBe('200 1000');
});
afterAll(async () => {
  await emsp[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
  process.off('unhandledRejection', note);
  process.off('uncaughtExceptionMonitor', note);
  expect(rejections).toEqual([]);
});

const profile = { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 10 }] };
const validRequest = () => ({ charging_profile: profile, response_url: emsp.versionsUrl });
const at = () => `${platform.url}/ocpi/2.2.1/receiver/chargingprofiles/S1`;
const set = (body: unknown) => sendRequest(`PUT ${at()}`, { token: emsp.peer().token, body });
/** A valid request of that many bytes; an unknown field fills it up (TRN-43). */
const ofLength = (bytes: number) => {
  const text = JSON.stringify({ ...validRequest(), pad: '' });
  return `${text.slice(0, -2)}${'x'.repeat(bytes - text.length)}"}`;
};
const withField = (text: string) => `${JSON.stringify(validRequest()).slice(0, -1)},"more":${text}}`;

/** Sends a body in chunks, without Content-Length; resolves with the HTTP status. */
const sendInChunks = (body: string): Promise<number> =>
  new Promise((done, failed) => {
    const headers = { authorization: authorization(emsp.peer().token), 'content-type': 'application/json' };
    const outgoing = request(at(), { method: 'PUT', headers }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    });
    outgoing.on('error', failed);
    outgoing.write(body.slice(0, 1_000));
    outgoing.end(body.slice(1_000));
  });

describe('SEC-17: the maximum length of a body', () => {
  test('SEC-17: exactly 256 kB are accepted, one byte more is 413, with and without Content-Length', async () => {
    expect((await set(ofLength(KB256))).data).toEqual(UNKNOWN);
    expect(codeOf(await set(ofLength(KB256 + 1)))).toBe('413 2000');
    expect([await sendInChunks(ofLength(KB256)), await sendInChunks(ofLength(KB256 + 1))]).toEqual([200, 413]);
  });
});

describe('SEC-18: the maximum depth and width of a body', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  const wide = (keys: number) => `{${Array.from({ length: keys }, (_, n) => `"${n}":0`).join()}}`;
  const long = (elements: number) => `[${'0,'.repeat(elements - 1)}0]`;
  test.each([
    ['32 levels', 31, nested],
    ['an object of 2,000 keys', 2_000, wide],
    ['a list of 10,000', 10_000, long],
  ])('SEC-18: %s are accepted, one more is 400 with 2001', async (_, most, make) => {
    expect((await set(withField(make(most)))).data).toEqual(UNKNOWN);
    expect(codeOf(await set(withField(make(most + 1))))).toBe('400 2001');
  });

  test('SEC-18: bodies far beyond the limits are 400', async () => {
    for (const text of [withField(nested(100_000)), '['.repeat(200_000), '{"a":'.repeat(40_000), withField(wide(20_000))]) {
      const answer = await set(text);
      expect(answer.http).toBe(400);
    }
  });
});

describe('SEC-19: keys that could change a prototype', () => {
  const names = () => [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((it) => Object.getOwnPropertyNames(it).join());
  test('SEC-19: at no place of a body do they change a built-in prototype', async () => {
    const before = names();
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype', '\\u005f_proto__', 'toString', 'hasOwnProperty', 'then', 'x');
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constantFrom('null', '1', '"x"', 'true'),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => `{${pairs.map(([name, it]) => `"${name}":${it}`).join()}}`),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, fc.boolean(), async (text, inside) => {
        const answer = await set(
          inside ? JSON.stringify(validRequest()).replace('"charging_rate_unit":', `"more":${text},"charging_rate_unit":`) : withField(text),
        );
        const isForbidden = /__proto__|\\u005f_proto__/.test(text);
        if (isForbidden) expect(codeOf(answer)).toBe('400 2001');
        expect([200, 400]).toContain(answer.http);
        expect(Reflect.get({}, 'x')).toBeUndefined();
      }),
      { seed: 20_260_131, numRuns: 150 },
    );
    expect(names()).toEqual(before);
    expect((await set(validRequest())).data).toEqual(UNKNOWN);
  });
});

describe('SEC-20, TYP-08: numbers at and beyond their bounds', () => {
  const week = 604_800;
  const period = (json: string) => `{"charging_rate_unit":"W","charging_profile_period":[${json}]}`;
  const twoPeriods = (start: string) => period(`{"start_period":0,"limit":1},{"start_period":${start},"limit":1}`);
  const limit = (json: string) => period(`{"start_period":0,"limit":${json}}`);
  const lasting = (json: string) => `{"duration":${json},"charging_rate_unit":"W","charging_profile_period":[{"start_period":0,"limit":1}]}`;
  test.each([
    ...[String(week), '1'].flatMap((it) => [twoPeriods(it), lasting(it)]),
    ...['0', '-0', '0.1', '2000000', '2e6', '1e-7', '8.15', '11.000'].map(limit),
  ])('SEC-20: %s is accepted', async (json) => {
    expect((await set(`{"response_url":${JSON.stringify(emsp.versionsUrl)},"charging_profile":${json}}`)).data).toEqual(UNKNOWN);
  });
  test.each([
    ...[String(week + 1), '0', '-1', '1.5', '9007199254740992', '1e309', '-1e309', '"900"', 'null'].flatMap((it) => [twoPeriods(it)]),
    ...[String(week + 1), '0', '-1', '1.5', '9007199254740993', '1e309'].map(lasting),
    ...['2000000.1', '-0.1', '1e309', '1e400', '"11.0"', '9007199254740993', 'true', '[]'].map(limit),
  ])('SEC-20, STA-02: %s is 2001 at HTTP 200', async (json) => {
    expect(codeOf(await set(`{"response_url":${JSON.stringify(emsp.versionsUrl)},"charging_profile":${json}}`))).toBe('200 2001');
  });
  test.each(['604801', '0', '-1', '9007199254740993', '1e309', '1e3', 'Infinity', '0x10', '', '٣'])(
    'SEC-20, CP-02: a duration of %j is 2001',
    async (duration) => {
      const query = new URLSearchParams({ duration, response_url: emsp.versionsUrl });
      expect(codeOf(await sendRequest(`GET ${at()}?${query}`, { token: emsp.peer().token }))).toBe('200 2001');
    },
  );
});

describe('SEC-21: invalid HTTP', () => {
  const body = () => JSON.stringify(validRequest());
  const head = (...lines: string[]) =>
    [
      'PUT /ocpi/2.2.1/receiver/chargingprofiles/S1 HTTP/1.1',
      'Host: x',
      `Authorization: ${authorization(emsp.peer().token)}`,
      'Content-Type: application/json',
      'Connection: close',
      ...lines,
    ].join('\r\n');
  const length = () => `Content-Length: ${Buffer.byteLength(body())}`;
  const smuggled = () => `GET /ocpi/versions HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization(emsp.peer().token)}\r\n\r\n`;
  const cases: [string, () => string][] = [
    ['Transfer-Encoding and Content-Length', () => `${head('Transfer-Encoding: chunked', length())}\r\n\r\n0\r\n\r\n${smuggled()}`],
    ['two different Content-Length headers', () => `${head(length(), 'Content-Length: 0')}\r\n\r\n${smuggled()}`],
    ['a Content-Length with a sign', () => `${head('Content-Length: +2')}\r\n\r\n{}`],
    ['an obscured Transfer-Encoding', () => `${head('Transfer-Encoding: xchunked')}\r\n\r\n0\r\n\r\n`],
    ['a chunk without a valid length', () => `${head('Transfer-Encoding: chunked')}\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ['a header folded over two lines', () => `${head('OCPI-to-country-code: N\r\n L', length())}\r\n\r\n${body()}`],
    ['a bare line feed in a header', () => `${head('OCPI-to-country-code: NL\nX: y', length())}\r\n\r\n${body()}`],
    ['a bare carriage return in a header', () => `${head('OCPI-to-country-code: NL\rX: y', length())}\r\n\r\n${body()}`],
    ['a NUL in a header', () => `${head('OCPI-to-party-id: E\0K', length())}\r\n\r\n${body()}`],
    ['a header name with a space', () => `${head('X Y: 1', length())}\r\n\r\n${body()}`],
    ['an unknown version of HTTP', () => `${head(length()).replace('HTTP/1.1', 'HTTP/9.9')}\r\n\r\n${body()}`],
    ['a space in the path', () => `${head(length()).replace('/S1 ', '/S 1 ')}\r\n\r\n${body()}`],
    ['no Host', () => `${head(length()).replace('Host: x\r\n', '')}\r\n\r\n${body()}`],
    ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['another protocol', () => 'EHLO evil.example\r\nMAIL FROM:<a@b>\r\n\r\n'],
    ['an HTTP/2 preface', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['binary bytes', () => `${'\u0000\u00ff\u0080'.repeat(300)}\r\n\r\n`],
  ];
  test.each(cases)('SEC-21, TRN-38: %s is answered once, with 400 in an envelope, and the bytes after it are ignored', async (_, bytes) => {
    const answer = await sendRaw(Number(new URL(platform.url).port), Buffer.from(bytes(), 'latin1'));
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    const [status = '', ...rest] = answer.split('\r\n\r\n');
    expect(status).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(rest.join('\r\n\r\n'))).toMatchObject({ status_code: 2000, timestamp: expect.stringMatching(/Z$/) });
  });

  test('SEC-21, RTE-03: line breaks and NUL in ids and routing headers are 2001', async () => {
    for (const id of ['S1%0d%0aX:%20y', 'S1%0aX', 'S1%00', '%E2%80%A8'])
      expect(codeOf(await sendRequest(`PUT ${at().replace('S1', id)}`, { token: emsp.peer().token, body: validRequest() }))).toBe('200 2001');
    const headers = { 'OCPI-from-country-code': 'NL', 'OCPI-from-party-id': 'M%0d%0a' };
    expect(codeOf(await sendRequest(`PUT ${at()}`, { token: emsp.peer().token, body: validRequest(), headers }))).toBe('200 2001');
  });

  test('TRN-46, TRN-48, SEC-24: hostile request ids are returned as at most 64 printable characters', async () => {
    for (const id of ['x'.repeat(5_000), '{"level":"error"}', "'; DROP TABLE peer;--", '\u001b[31m'.replace('\u001b', '%1b'), 'a b']) {
      const headers = { Authorization: authorization(emsp.peer().token), 'X-Request-ID': id, 'X-Correlation-ID': id };
      const response = await fetch(`${platform.url}/ocpi/versions`, { headers });
      const text = await response.text();
      expectEnvelope({ http: response.status, headers: response.headers, text, envelope: JSON.parse(text), data: undefined });
      for (const name of ['x-request-id', 'x-correlation-id']) expect(response.headers.get(name)).toMatch(/^[\x21-\x7e]{1,64}$/);
    }
  });
});
