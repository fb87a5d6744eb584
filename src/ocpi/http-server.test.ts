import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { authorization, type OpenServer, openServer, readEnvelope, sendRaw, validSet } from './open-server.fixture.ts';

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(async () => server[Symbol.asyncDispose]());
beforeEach(() => void server.asked.splice(0));

const body = JSON.stringify(validSet);
const head = (...lines: string[]) =>
  [
    'PUT /ocpi/2.2.1/receiver/chargingprofiles/S1 HTTP/1.1',
    'Host: x',
    `Authorization: ${authorization}`,
    'Content-Type: application/json',
    'Connection: close',
    ...lines,
  ].join('\r\n');
const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const envelopeOf = (answer: string) => readEnvelope(answer.slice(answer.indexOf('\r\n\r\n') + 4));

describe('bytes on the wire', () => {
  test('a right request over a bare socket is answered', async () => {
    const answer = await sendRaw(server.port, `${head(`Content-Length: ${body.length}`)}\r\n\r\n${body}`);
    expect(statusOf(answer)).toBe(200);
    expect(server.asked).toHaveLength(1);
  });

  test.each([
    ['no HTTP at all', 'HELO mail\r\n\r\n'],
    ['both Transfer-Encoding and Content-Length', `${head('Transfer-Encoding: chunked', `Content-Length: ${body.length}`)}\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${head('Content-Length: 5', 'Content-Length: 6')}\r\n\r\n{}`],
    ['a header over two lines', `${head('OCPI-to-country-code: N\r\n L', `Content-Length: ${body.length}`)}\r\n\r\n${body}`],
    ['a header name with a space', `${head('X Y: 1')}\r\n\r\n`],
    ['a line feed alone inside a header', `${head('OCPI-to-country-code: NL\nX: y', `Content-Length: ${body.length}`)}\r\n\r\n${body}`],
    ['a chunk that is no number', `${head('Transfer-Encoding: chunked')}\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ['no Host', `${head().replace('Host: x\r\n', '')}\r\n\r\n`],
  ])('SEC-21, TRN-38: %s is refused in an envelope and reaches nobody', async (_, bytes) => {
    const answer = await sendRaw(server.port, bytes);
    expect(statusOf(answer)).toBe(400);
    expect(envelopeOf(answer)).toMatchObject({ status_code: 2000, timestamp: expect.any(String) });
    expect(server.asked).toEqual([]);
  });

  test('TRN-38: an Expect that nobody knows is 417 in an envelope', async () => {
    const answer = await sendRaw(server.port, `${head('Expect: tea')}\r\n\r\n`);
    expect(statusOf(answer)).toBe(417);
    expect(envelopeOf(answer).status_code).toBe(2000);
  });

  test('a request line may hold the whole URL', async () => {
    const line = head(`Content-Length: ${body.length}`).replace('PUT /', 'PUT http://evk.example:80/');
    expect(statusOf(await sendRaw(server.port, `${line}\r\n\r\n${body}`))).toBe(200);
    expect(server.asked).toMatchObject([{ request: { params: { session_id: 'S1' } } }]);
  });

  test.each(['PROPFIND', 'TRACE', 'QUERY'])('TRN-38: %s, which OCPI does not know, is refused in an envelope', async (method) => {
    const answer = await sendRaw(server.port, `${head('Content-Length: 2').replace('PUT', method)}\r\n\r\n{}`);
    expect([400, 404, 405]).toContain(statusOf(answer));
    expect(envelopeOf(answer).status_code).toBe(2000);
  });

  test('TRN-38: headers of more than 16 kB are 431 in an envelope', async () => {
    const answer = await sendRaw(server.port, `${head(`X-Long: ${'x'.repeat(17_000)}`)}\r\n\r\n`);
    expect(statusOf(answer)).toBe(431);
    expect(envelopeOf(answer).status_code).toBe(2000);
  });

  test('SEC-17: a chunked body is cut off when it passes 256 kB, long before its end', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const answer = await sendRaw(server.port, `${head('Transfer-Encoding: chunked')}\r\n\r\n${chunk.repeat(5)}`);
    expect(statusOf(answer)).toBe(413);
    expect(envelopeOf(answer).status_code).toBe(2000);
    expect(server.asked).toEqual([]);
  });

  test('SEC-17: a body announced as 1 GB is refused before it comes', async () => {
    expect(statusOf(await sendRaw(server.port, `${head('Content-Length: 1073741824')}\r\n\r\n`))).toBe(413);
  });

  test('A-03: dots that a client did not take away, encoded or not, name no object', async () => {
    for (const id of ['.', '..', '%2e', '%2e%2E']) {
      const answer = await sendRaw(server.port, `${head(`Content-Length: ${body.length}`).replace('/S1 ', `/${id} `)}\r\n\r\n${body}`);
      expect(envelopeOf(answer)).toMatchObject({ status_code: 2001 });
    }
    expect(server.asked).toEqual([]);
  });

  test('TRN-38: a path with broken percent-encoding is 400 in an envelope', async () => {
    const answer = await sendRaw(server.port, `${head('Content-Length: 2').replace('/S1 ', '/%zz ')}\r\n\r\n{}`);
    expect(statusOf(answer)).toBe(400);
    expect(envelopeOf(answer).status_code).toBe(2000);
  });

  test('SEC-23: a server drops those who take too long to say what they want', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server.app.server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({ headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 30_000 });
  });
});
