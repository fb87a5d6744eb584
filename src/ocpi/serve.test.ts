import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { printAuthorization } from './headers.ts';
import { ask, authorization, noon, type OpenServer, openServer, peerToken, readEnvelope, rightProfile, rightSession, rightSet, tokenA } from './open-server.fixture.ts';

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(async () => server[Symbol.asyncDispose]());
beforeEach(() => {
  server.asked.length = 0;
  server.events.length = 0;
});

const profiles = '/ocpi/2.2.1/receiver/chargingprofiles';
const sessions = '/ocpi/2.2.1/receiver/sessions/NL/EVK/S1';
const results = '/ocpi/2.2.1/sender/chargingprofiles/results-of-set-charging-profile/x1';
const json = (value: unknown) => ({ body: JSON.stringify(value) });
const routes = [
  'GET /ocpi/versions',
  'GET /ocpi/2.2.1',
  'GET /ocpi/2.2.1/credentials',
  'POST /ocpi/2.2.1/credentials',
  'PUT /ocpi/2.2.1/credentials',
  'DELETE /ocpi/2.2.1/credentials',
  'GET /ocpi/2.2.1/sender/sessions',
  `GET ${sessions}`,
  `PUT ${sessions}`,
  `PATCH ${sessions}`,
  `GET ${profiles}/S1`,
  `PUT ${profiles}/S1`,
  `DELETE ${profiles}/S1`,
  'PUT /ocpi/2.2.1/sender/chargingprofiles/S1',
  `POST ${results}`,
  `POST ${profiles}/S1`,
  'GET /ocpi/2.2.1/nothing/here',
];
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
    expect((await ask(server, `PUT ${profiles}/S1`, { headers: { authorization: header }, ...json(rightSet) })).status).toBe(401);
    expect(server.asked).toEqual([]);
  });

  test.each(functional)('TRN-09: TOKEN_A at %s is 401', async (line) => {
    const body = line.startsWith('GET') || line.startsWith('DELETE') ? {} : json(rightSet);
    expect((await ask(server, line, { headers: { authorization: tokenOf(tokenA) }, ...body })).status).toBe(401);
    expect(server.asked).toEqual([]);
  });

  test.each(['/ocpi/versions', '/ocpi/2.2.1', '/ocpi/2.3.0', '/ocpi/2.2.1/credentials'])('VER-14: %s answers TOKEN_A and any other valid token', async (path) => {
    for (const token of [tokenA, peerToken]) expect((await ask(server, `GET ${path}`, { headers: { authorization: tokenOf(token) } })).status).toBe(200);
  });

  test('TRN-07: nobody’s body is read: the connection is closed instead', async () => {
    const { status, headers } = await ask(server, `PUT ${profiles}/S1`, { headers: { authorization: tokenOf('somebody') }, body: 'x'.repeat(100_000) });
    expect([status, headers.get('connection')]).toEqual([401, 'close']);
  });

  test('TRN-04: header names count in any case', async () => {
    const headers = { authorization: '', AUTHORIZATION: authorization, 'x-ReQuest-iD': 'r1', 'oCpI-To-PaRtY-iD': 'EVK', 'OCPI-TO-COUNTRY-CODE': 'NL' };
    const response = await fetch(`${server.base}${profiles}/S1`, {
      method: 'PUT',
      headers: Object.entries(headers).filter(([, value]) => value !== '').concat([['CONTENT-TYPE', 'application/json']]),
      ...json(rightSet),
    });
    expect([response.status, response.headers.get('X-REQUEST-ID')]).toEqual([200, 'r1']);
    expect(server.asked[0]?.request).toMatchObject({ headers: { requestId: 'r1', to: { countryCode: 'NL', partyId: 'EVK' } } });
  });

  test('TRN-05: who lets callers in is told in which way the token was written', async () => {
    await ask(server, 'GET /ocpi/2.2.1/credentials', { headers: { authorization: `Token ${peerToken}` } });
    await ask(server, 'GET /ocpi/2.2.1/credentials');
    expect(server.asked.map(({ request }) => request)).toMatchObject([{ caller: { token: { style: 'raw' } } }, { caller: { token: { style: 'base64' } } }]);
  });
});

describe('every answer', () => {
  test.each(routes)('TRN-38, TRN-39: %s answers with a JSON object that holds status_code and timestamp', async (line) => {
    const { envelope, headers } = await ask(server, line, /^(GET|DELETE)/.test(line) ? {} : { body: '{}' });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(envelope.status_code).toEqual(expect.any(Number));
    expect(envelope.timestamp).toBe(noon);
  });

  test.each([
    ['200', `PUT ${profiles}/S1`, JSON.stringify(rightSet), 200],
    ['2001', `PUT ${profiles}/S1`, '{}', 200],
    ['400', `PUT ${profiles}/S1`, '{', 400],
    ['404', 'GET /ocpi/2.2.1/receiver/sessions/NL/EVK/S1', undefined, 404],
    ['404 of no route', 'GET /ocpi/2.2.1/nothing', undefined, 404],
    ['405', `POST ${profiles}/S1`, '{}', 405],
    ['413', `PUT ${profiles}/S1`, 'x'.repeat(262_145), 413],
  ])('TRN-46, TRN-47: %s repeats both ids', async (_, line, body, status) => {
    const answer = await ask(server, line, { headers: { 'x-request-id': 'r-1', 'x-correlation-id': 'c-1' }, ...(body !== undefined && { body }) });
    expect([answer.status, answer.headers.get('x-request-id'), answer.headers.get('x-correlation-id')]).toEqual([status, 'r-1', 'c-1']);
  });

  test('TRN-46, TRN-47: 401 repeats both ids', async () => {
    const { headers } = await ask(server, 'GET /ocpi/versions', { headers: { authorization: 'Token x', 'x-request-id': 'r-1', 'x-correlation-id': 'c-1' } });
    expect([headers.get('x-request-id'), headers.get('x-correlation-id')]).toEqual(['r-1', 'c-1']);
  });

  test('TRN-48: where a request has no ids, UUIDs are drawn, and the answerer gets the same', async () => {
    const { headers } = await ask(server, `PUT ${profiles}/S1`, json(rightSet));
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(headers.get('x-request-id')).toMatch(uuid);
    expect(server.asked[0]?.request).toMatchObject({ headers: { requestId: headers.get('x-request-id'), correlationId: headers.get('x-correlation-id') } });
  });

  test('TRN-48: an id of 10,000 characters is cut at 64', async () => {
    const { headers } = await ask(server, 'GET /ocpi/versions', { headers: { 'x-request-id': 'x'.repeat(10_000) } });
    expect(headers.get('x-request-id')).toBe('x'.repeat(64));
  });

  test('TRN-40: data is an array for versions, an object for details, and [] for an empty list', async () => {
    expect((await ask(server, 'GET /ocpi/versions')).envelope.data).toBeInstanceOf(Array);
    expect((await ask(server, 'GET /ocpi/2.2.1')).envelope.data).toMatchObject({ version: '2.2.1' });
    expect((await ask(server, 'GET /ocpi/2.2.1/sender/sessions')).envelope.data).toEqual([]);
  });

  test.each([
    ['TRN-42', `PUT ${sessions}`, rightSession],
    ['TRN-42', `PATCH ${sessions}`, { last_updated: '2026-11-23T11:59:00Z' }],
    ['CP-41', `POST ${results}`, { result: 'ACCEPTED' }],
    ['CP-42', 'PUT /ocpi/2.2.1/sender/chargingprofiles/S1', { start_date_time: '2026-11-23T12:00:00Z', charging_profile: rightProfile }],
  ])('%s: the answer to %s leaves data out', async (_, line, body) => {
    const { envelope } = await ask(server, line, json(body));
    expect(envelope.status_code).toBe(1000);
    expect('data' in envelope).toBe(false);
  });

  test('RTE-01, RTE-05: an answer of a functional module is for the one who asked, from the one who was asked', async () => {
    const { headers } = await ask(server, `PUT ${profiles}/S1`, {
      headers: { 'ocpi-to-country-code': 'NL', 'ocpi-to-party-id': 'EVK', 'ocpi-from-country-code': 'DE', 'ocpi-from-party-id': 'MSP' },
      ...json(rightSet),
    });
    expect(['ocpi-to-country-code', 'ocpi-to-party-id', 'ocpi-from-country-code', 'ocpi-from-party-id'].map((it) => headers.get(it))).toEqual(['DE', 'MSP', 'NL', 'EVK']);
  });

  test('RTE-02: on credentials and versions the routing headers are ignored, however wrong, and not sent back', async () => {
    for (const path of ['/ocpi/versions', '/ocpi/2.2.1/credentials']) {
      const { status, headers } = await ask(server, `GET ${path}`, { headers: { 'ocpi-to-country-code': 'NLD', 'ocpi-from-party-id': 'X' } });
      expect([status, headers.get('ocpi-from-country-code'), headers.get('ocpi-to-party-id')]).toEqual([200, null, null]);
    }
  });

  test('RTE-03: a routing header that no party can have is 2001 and reaches nobody', async () => {
    const { status, envelope } = await ask(server, `DELETE ${profiles}/S1?response_url=https://x/y`, { headers: { 'ocpi-to-country-code': 'NLD', 'ocpi-to-party-id': 'EVK' } });
    expect([status, envelope.status_code]).toEqual([200, 2001]);
    expect(server.asked).toEqual([]);
  });
});

describe('what reaches an answer', () => {
  test('TRN-34, CP-33: an id is decoded once; %2F, ?, #, % and spaces stay part of it', async () => {
    for (const id of ['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b', '%25', 'ü']) {
      const { envelope } = await ask(server, `PUT ${profiles}/${encodeURIComponent(id)}`, json(rightSet));
      expect(envelope.status_code).toBe(id === 'ü' ? 2001 : 1000);
    }
    expect(server.asked.map(({ request }) => request)).toMatchObject(['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b', '%25'].map((session_id) => ({ params: { session_id } })));
  });

  test('CP-03: body and ids are what was sent, unknown fields included', async () => {
    const body = { ...rightSet, colour: { of: ['the', 'sky'] }, charging_profile: { ...rightProfile, note: null } };
    await ask(server, `PUT ${profiles}/S1`, json(body));
    expect(server.asked).toMatchObject([{ name: 'set-charging-profile', request: { peer: 'MSP', edition: '2.2.1', params: { session_id: 'S1' }, body, text: JSON.stringify(body) } }]);
  });

  test('a slash at the end of a path changes nothing', async () => {
    expect((await ask(server, `PUT ${profiles}/S1/`, json(rightSet))).envelope.status_code).toBe(1000);
    expect((await ask(server, 'GET /ocpi/2.2.1/')).status).toBe(200);
  });

  test('TRN-14: without a body any Content-Type or none will do', async () => {
    for (const type of ['text/plain', ';;;', 'application/xml', '']) {
      const answer = await ask(server, `DELETE ${profiles}/S1?response_url=https://x/y`, { headers: { 'content-type': type } });
      expect([type, answer.envelope.status_code]).toEqual([type, 1000]);
    }
  });

  test('TRN-13: with a body it says JSON, or 415 in an envelope', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/vnd.ocpi+json']) {
      expect((await ask(server, `PUT ${profiles}/S1`, { headers: { 'content-type': type }, ...json(rightSet) })).envelope.status_code).toBe(1000);
    }
    for (const type of ['text/plain', 'application/xml', ';;;']) {
      const { status, envelope } = await ask(server, `PUT ${profiles}/S1`, { headers: { 'content-type': type }, ...json(rightSet) });
      expect([type, status, envelope.status_code]).toEqual([type, 415, 2000]);
    }
  });

  test('A-18: a result in an envelope of its own is read too, and noted', async () => {
    await ask(server, `POST ${results}`, json({ data: { result: 'REJECTED' }, status_code: 1000, timestamp: noon }));
    expect(server.asked[0]?.request).toMatchObject({ body: { result: 'REJECTED' }, params: { result_id: 'x1' } });
    expect(server.events.at(-1)).toMatchObject({ event: 'answered', mended: true });
  });

  test('A-11: RESERVED is read as RESERVATION; a null is read as a field left out', async () => {
    await ask(server, `PUT ${sessions}`, json({ ...rightSession, status: 'RESERVED', end_date_time: null, meter_id: null }));
    expect(server.asked[0]?.request).toMatchObject({ body: { ...rightSession, status: 'RESERVATION' } });
  });
});

describe('what is refused', () => {
  test.each([
    ['cut short', '{"charging_profile":'],
    ['a byte order mark', `\ufeff${JSON.stringify(rightSet)}`],
    ['NaN', '{"charging_profile":NaN}'],
    ['a comment', '{/* */}'],
    ['a trailing comma', '{"a":1,}'],
    ['nothing', ''],
    ['single quotes', "{'a':1}"],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['a key __proto__', '{"__proto__":{"x":1}}'],
  ])('STA-01: a body that is %s is HTTP 400', async (_, body) => {
    const { status, envelope } = await ask(server, `PUT ${profiles}/S1`, { body });
    expect(status).toBe(400);
    expect([2000, 2001]).toContain(envelope.status_code);
    expect(server.asked).toEqual([]);
  });

  test('STA-01: bytes that are not UTF-8 are HTTP 400', async () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    const response = await fetch(`${server.base}${profiles}/S1`, { method: 'PUT', headers: { authorization, 'content-type': 'application/json' }, body });
    expect(response.status).toBe(400);
  });

  test('STA-01: of a key given twice the last one counts', async () => {
    await ask(server, `PUT ${profiles}/S1`, { body: JSON.stringify(rightSet).replace('{', '{"response_url":"nonsense",') });
    expect(server.asked[0]?.request).toMatchObject({ body: rightSet });
  });

  test.each([
    ['a missing field', `PUT ${profiles}/S1`, { charging_profile: rightProfile }, 'response_url: missing'],
    ['a wrong word', `PUT ${profiles}/S1`, { ...rightSet, charging_profile: { ...rightProfile, charging_rate_unit: 'a' } }, 'charging_profile.charging_rate_unit: found "a", allowed: W, A'],
    ['a text for a number', `PUT ${profiles}/S1`, { ...rightSet, charging_profile: { ...rightProfile, charging_profile_period: [{ start_period: 0, limit: '11.0' }] } }, 'charging_profile.charging_profile_period[0].limit: found "11.0"'],
    ['no last_updated', `PATCH ${sessions}`, { kwh: 2 }, 'last_updated: missing'],
    ['a list for an object', `PUT ${sessions}`, [], 'body: found an empty list, allowed: a JSON object'],
    ['a path that is too long', `PUT ${profiles}/${'x'.repeat(37)}`, rightSet, 'session_id: found'],
  ])('STA-02, STA-09: %s is HTTP 200 with 2001, and the field is named', async (_, line, body, words) => {
    const { status, envelope } = await ask(server, line, json(body));
    expect([status, envelope.status_code]).toEqual([200, 2001]);
    expect(envelope.status_message).toContain(words);
    expect(server.asked).toEqual([]);
  });

  test.each(['', '0', '-1', '1.5', '1000000000000', 'abc', '604801'])('CP-02: a duration of "%s" is 2001', async (duration) => {
    const { status, envelope } = await ask(server, `GET ${profiles}/S1?duration=${duration}&response_url=https%3A%2F%2Fx%2Fy`);
    expect([status, envelope.status_code]).toEqual([200, 2001]);
    expect(envelope.status_message).toContain('duration');
    expect(server.asked).toEqual([]);
  });

  test('CP-02, CP-04: a missing response_url or duration is named', async () => {
    expect((await ask(server, `GET ${profiles}/S1?duration=900`)).envelope.status_message).toBe('response_url: missing');
    expect((await ask(server, `GET ${profiles}/S1?response_url=https://x/y`)).envelope.status_message).toBe('duration: missing');
    expect((await ask(server, `DELETE ${profiles}/S1`)).envelope.status_message).toBe('response_url: missing');
  });

  test('STA-08: what a partner’s secret looked like is not in the answer', async () => {
    const { envelope } = await ask(server, 'PUT /ocpi/2.2.1/credentials', json({ token: 'secret with spaces', url: 'x', roles: [] }));
    expect(envelope.status_message).toContain('token: found a text of 18 characters');
    expect(envelope.status_message).not.toContain('secret');
  });

  test('SEC-17: 256 kB pass, one byte more is 413', async () => {
    const padded = (length: number) => JSON.stringify({ ...rightSet, pad: '' }).replace('"pad":""', `"pad":"${'x'.repeat(length - JSON.stringify({ ...rightSet, pad: '' }).length)}"`);
    expect((await ask(server, `PUT ${profiles}/S1`, { body: padded(262_144) })).status).toBe(200);
    expect((await ask(server, `PUT ${profiles}/S1`, { body: padded(262_145) })).status).toBe(413);
  });

  test('STA-03: an address that is none is 404 in an envelope', async () => {
    for (const path of ['/ocpi/2.2.1/nothing', '/ocpi/9.9', '/ocpi/2.2.1/receiver', `${profiles}/S1/more`, '/ocpi']) {
      const { status, envelope } = await ask(server, `GET ${path}`);
      expect([path, status, envelope.status_code]).toEqual([path, 404, 2000]);
    }
  });

  test.each([
    ['CP-01', `POST ${profiles}/S1`, 'DELETE, GET, PUT'],
    ['CP-01', `PATCH ${profiles}/S1`, 'DELETE, GET, PUT'],
    ['CP-40', 'GET /ocpi/2.2.1/sender/chargingprofiles/S1', 'PUT'],
    ['CP-40', 'PATCH /ocpi/2.2.1/sender/chargingprofiles/S1', 'PUT'],
    ['CP-40', 'DELETE /ocpi/2.2.1/sender/chargingprofiles/S1', 'PUT'],
    ['CP-40', `PUT ${results}`, 'POST'],
    ['SES-30', `POST ${sessions}`, 'GET, PATCH, PUT'],
    ['SES-03', `DELETE ${sessions}`, 'GET, PATCH, PUT'],
    ['SES-03', 'DELETE /ocpi/2.2.1/sender/sessions', 'GET'],
    ['SES-03', 'POST /ocpi/2.2.1/sender/sessions', 'GET'],
    ['TRN-34', `POST ${sessions}`, 'GET, PATCH, PUT'],
    ['CRE-18', 'PATCH /ocpi/2.2.1/credentials', 'DELETE, GET, POST, PUT'],
  ])('%s: %s is 405, and Allow names what is offered', async (_, line, allowed) => {
    const { status, headers, envelope } = await ask(server, line, { ...(/^(GET|DELETE)/.test(line) ? {} : { body: '{}' }) });
    expect([status, envelope.status_code]).toEqual([405, 2000]);
    expect(headers.get('allow')?.split(', ').sort().join(', ')).toBe(allowed);
  });

  test('SES-35: an inner object of a session has no address', async () => {
    expect((await ask(server, `PATCH ${sessions}/total_cost`, json({ last_updated: '2026-11-23T11:59:00Z' }))).status).toBe(404);
  });

  test('A-09: an answer may say 405 itself, with Allow for the other methods', async () => {
    await using closed = await openServer((bindings) => bindings.map((it) => (it.endpoint.name === 'post-credentials' ? { ...it, answer: async () => ({ status: 405, code: 2000 }) } : it)));
    const { status, headers } = await ask(closed, 'POST /ocpi/2.2.1/credentials', json({ token: 'b', url: 'https://x/ocpi/versions', roles: [{ role: 'CPO', country_code: 'NL', party_id: 'EXA', business_details: { name: 'x' } }] }));
    expect([status, headers.get('allow')?.split(', ').sort().join(', ')]).toEqual([405, 'DELETE, GET, PUT']);
  });

  test('STA-08: a fault of ours is 3000 without a word about its insides, and is told to the operator', async () => {
    await using broken = await openServer((bindings) =>
      bindings.map((it) => ({ ...it, answer: async () => Promise.reject(new Error('SELECT secret FROM /etc/evenkeel')) })),
    );
    const { status, text, envelope } = await ask(broken, `PUT ${profiles}/S1`, { headers: { 'x-request-id': 'r-9' }, ...json(rightSet) });
    expect([status, envelope.status_code]).toEqual([200, 3000]);
    expect(text).not.toMatch(/SELECT|evenkeel|at /);
    expect(broken.events).toContainEqual({ event: 'failed', requestId: 'r-9', error: expect.any(Error) });
  });
});

describe('what a server offers', () => {
  const details = async (at: OpenServer, edition: string) => (await ask(at, `GET /ocpi/${edition}`)).envelope.data;

  test('VER-01, VER-02, TRN-52: the versions endpoint lists each edition with an absolute URL that names it', async () => {
    expect((await ask(server, 'GET /ocpi/versions')).envelope.data).toEqual([
      { version: '2.2.1', url: `${server.base}/ocpi/2.2.1` },
      { version: '2.3.0', url: `${server.base}/ocpi/2.3.0` },
    ]);
  });

  test('VER-03, VER-04, VER-05, VER-07, VER-11: the details list each module once for each interface, credentials once as SENDER', async () => {
    const at = `${server.base}/ocpi/2.3.0`;
    expect(await details(server, '2.3.0')).toEqual({
      version: '2.3.0',
      endpoints: expect.toSatisfy((found: unknown[]) => found.length === 5),
    });
    expect(await details(server, '2.3.0')).toMatchObject({
      endpoints: expect.arrayContaining([
        { identifier: 'credentials', role: 'SENDER', url: `${at}/credentials` },
        { identifier: 'sessions', role: 'SENDER', url: `${at}/sender/sessions` },
        { identifier: 'sessions', role: 'RECEIVER', url: `${at}/receiver/sessions` },
        { identifier: 'chargingprofiles', role: 'SENDER', url: `${at}/sender/chargingprofiles` },
        { identifier: 'chargingprofiles', role: 'RECEIVER', url: `${at}/receiver/chargingprofiles` },
      ]),
    });
  });

  test('VER-04: a module that nothing is bound to is not listed', async () => {
    await using small = await openServer((bindings) => bindings.filter((it) => it.endpoint.module === 'credentials'));
    expect(await details(small, '2.2.1')).toEqual({ version: '2.2.1', endpoints: [{ identifier: 'credentials', role: 'SENDER', url: `${small.base}/ocpi/2.2.1/credentials` }] });
  });

  test('both editions answer at once, and the answerer knows which one was asked', async () => {
    await ask(server, 'PUT /ocpi/2.3.0/receiver/chargingprofiles/S1', json(rightSet));
    expect(server.asked[0]?.request).toMatchObject({ edition: '2.3.0' });
  });
});
