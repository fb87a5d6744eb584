import { describe, expect, test } from 'vitest';
import { printAuthorization } from './headers.ts';
import { authorization, json, noon, peerToken, profiles, readEnvelope, routes, send, serverOfFile, tokenA, validSet } from './open-server.fixture.ts';

const server = await serverOfFile();

const functional = routes.filter((it) => /sender|receiver/.test(it));
const tokenOf = (text: string) => printAuthorization({ text, style: 'base64' });

describe('who may come in', () => {
  test.each(routes)('TRN-07, TRN-41: %s without an Authorization header is 401 in an envelope', async (line) => {
    const [method = '', path = ''] = line.split(' ');
    const response = await fetch(server.base + path, { method });
    expect(response.status).toBe(401);
    expect(readEnvelope(await response.text())).toEqual({ status_code: 2000, status_message: expect.any(String), timestamp: noon });
    expect(server.asked).toEqual([]);
  });

  test.each([
    ['unknown', tokenOf('somebody')],
    ['cut short', tokenOf(peerToken.slice(0, -1))],
    ['one bit off', tokenOf(`u${peerToken.slice(1)}`)],
    ['empty', 'Token '],
    ['of 10 kB', `Token ${'YWJj'.repeat(2_500)}`],
    ['of another scheme', authorization.replace('Token', 'Bearer')],
  ])('TRN-08: a token that is %s is 401', async (_, header) => {
    expect((await send(server, `PUT ${profiles}/S1`, { headers: { authorization: header }, ...json(validSet) })).status).toBe(401);
    expect(server.asked).toEqual([]);
  });

  test.each(functional)('TRN-09: TOKEN_A at %s is 401', async (line) => {
    const body = line.startsWith('GET') || line.startsWith('DELETE') ? {} : json(validSet);
    expect((await send(server, line, { headers: { authorization: tokenOf(tokenA) }, ...body })).status).toBe(401);
    expect(server.asked).toEqual([]);
  });

  test.each(['/ocpi/versions', '/ocpi/2.2.1', '/ocpi/2.3.0', '/ocpi/2.2.1/credentials'])(
    'VER-14: %s answers TOKEN_A and any other valid token',
    async (path) => {
      for (const token of [tokenA, peerToken]) expect((await send(server, `GET ${path}`, { headers: { authorization: tokenOf(token) } })).status).toBe(200);
    },
  );

  test('TRN-07: nobody’s body is read: the connection is closed instead', async () => {
    const { status, headers } = await send(server, `PUT ${profiles}/S1`, { headers: { authorization: tokenOf('somebody') }, body: 'x'.repeat(100_000) });
    expect([status, headers.get('connection')]).toEqual([401, 'close']);
  });

  test('TRN-04: header names count in any case', async () => {
    const headers = { authorization: '', AUTHORIZATION: authorization, 'x-ReQuest-iD': 'r1', 'oCpI-To-PaRtY-iD': 'EVK', 'OCPI-TO-COUNTRY-CODE': 'NL' };
    const response = await fetch(`${server.base}${profiles}/S1`, {
      method: 'PUT',
      headers: Object.entries(headers)
        .filter(([, value]) => value !== '')
        .concat([['CONTENT-TYPE', 'application/json']]),
      ...json(validSet),
    });
    expect([response.status, response.headers.get('X-REQUEST-ID')]).toEqual([200, 'r1']);
    expect(server.asked[0]?.request).toMatchObject({ headers: { requestId: 'r1', to: { countryCode: 'NL', partyId: 'EVK' } } });
  });

  test('TRN-05: who lets callers in is told in which way the token was written', async () => {
    await send(server, 'GET /ocpi/2.2.1/credentials', { headers: { authorization: `Token ${peerToken}` } });
    await send(server, 'GET /ocpi/2.2.1/credentials');
    expect(server.asked.map(({ request }) => request)).toMatchObject([{ caller: { token: { style: 'raw' } } }, { caller: { token: { style: 'base64' } } }]);
  });
});
