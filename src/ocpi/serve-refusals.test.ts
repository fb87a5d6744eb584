import { describe, expect, test } from 'vitest';
import { authorization, json, openServer, profiles, results, send, serverOfFile, sessions, validProfile, validSet } from './open-server.fixture.ts';

const server = await serverOfFile({ strict: true });

describe('STA-01, STA-02, STA-09: refused requests', () => {
  test.each([
    ['cut short', '{"charging_profile":'],
    ['preceded by a byte order mark', `\ufeff${JSON.stringify(validSet)}`],
    ['NaN', '{"charging_profile":NaN}'],
    ['a comment', '{/* */}'],
    ['a trailing comma', '{"a":1,}'],
    ['empty', ''],
    ['single quotes', "{'a':1}"],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['a key __proto__', '{"__proto__":{"x":1}}'],
  ])('STA-01: a body that is %s is HTTP 400', async (_, body) => {
    const { status, envelope } = await send(server, `PUT ${profiles}/S1`, { body });
    expect(status).toBe(400);
    expect([2000, 2001]).toContain(envelope.status_code);
    expect(server.received).toEqual([]);
  });

  test('STA-01: bytes that are not UTF-8 are HTTP 400', async () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    const response = await fetch(`${server.base}${profiles}/S1`, { method: 'PUT', headers: { authorization, 'content-type': 'application/json' }, body });
    expect(response.status).toBe(400);
  });

  test('STA-01: the last of two equal keys counts', async () => {
    await send(server, `PUT ${profiles}/S1`, { body: JSON.stringify(validSet).replace('{', '{"response_url":"nonsense",') });
    expect(server.received[0]?.request).toMatchObject({ body: validSet });
  });

  test.each([
    ['a missing field', `PUT ${profiles}/S1`, { body: { charging_profile: validProfile }, text: 'response_url: missing' }],
    [
      'a wrong enum value',
      `PUT ${profiles}/S1`,
      {
        body: { ...validSet, charging_profile: { ...validProfile, charging_rate_unit: 'a' } },
        text: 'charging_profile.charging_rate_unit: found "a", allowed: W, A',
      },
    ],
    [
      'a text instead of a number',
      `PUT ${profiles}/S1`,
      {
        body: { ...validSet, charging_profile: { ...validProfile, charging_profile_period: [{ start_period: 0, limit: '11.0' }] } },
        text: 'charging_profile.charging_profile_period[0].limit: found "11.0"',
      },
    ],
    ['no last_updated', `PATCH ${sessions}`, { body: { kwh: 2 }, text: 'last_updated: missing' }],
    ['a list instead of an object', `PUT ${sessions}`, { body: [], text: 'body: found an empty list, allowed: a JSON object' }],
    ['a path parameter that is too long', `PUT ${profiles}/${'x'.repeat(37)}`, { body: validSet, text: 'session_id: found' }],
  ])('STA-02, STA-09: %s is refused with HTTP 200 and 2001, and the field is named', async (_, line, { body, text }) => {
    const { status, envelope } = await send(server, line, json(body));
    expect([status, envelope.status_code]).toEqual([200, 2001]);
    expect(envelope.status_message).toContain(text);
    expect(server.received).toEqual([]);
  });

  test.each(['', '0', '-1', '1.5', '1000000000000', 'abc', '604801'])('CP-02: a duration of "%s" is refused with 2001', async (duration) => {
    const { status, envelope } = await send(server, `GET ${profiles}/S1?duration=${duration}&response_url=https%3A%2F%2Fx%2Fy`);
    expect([status, envelope.status_code]).toEqual([200, 2001]);
    expect(envelope.status_message).toContain('duration');
    expect(server.received).toEqual([]);
  });

  test('CP-02, CP-04: a missing response_url or duration is named', async () => {
    expect((await send(server, `GET ${profiles}/S1?duration=900`)).envelope.status_message).toBe('response_url: missing');
    expect((await send(server, `GET ${profiles}/S1?response_url=https://x/y`)).envelope.status_message).toBe('duration: missing');
    expect((await send(server, `DELETE ${profiles}/S1`)).envelope.status_message).toBe('response_url: missing');
  });

  test('STA-08: the answer does not quote a token', async () => {
    const { envelope } = await send(server, 'PUT /ocpi/2.2.1/credentials', json({ token: 'secret with spaces', url: 'x', roles: [] }));
    expect(envelope.status_message).toContain('token: found a text of 18 characters');
    expect(envelope.status_message).not.toContain('secret');
  });

  test('SEC-17: a body of 256 kB passes, one byte more is 413', async () => {
    const padded = (length: number) =>
      JSON.stringify({ ...validSet, pad: '' }).replace('"pad":""', `"pad":"${'x'.repeat(length - JSON.stringify({ ...validSet, pad: '' }).length)}"`);
    expect((await send(server, `PUT ${profiles}/S1`, { body: padded(262_144) })).status).toBe(200);
    expect((await send(server, `PUT ${profiles}/S1`, { body: padded(262_145) })).status).toBe(413);
  });

  test('STA-03: an unknown path is 404 in an envelope', async () => {
    for (const path of [
      '/ocpi/2.2.1/nothing',
      '/ocpi/9.9',
      '/ocpi/2.2.1/receiver',
      `${profiles}/`,
      '/ocpi/2.2.1/receiver/sessions/NL//S1',
      `${profiles}/S1/more`,
      '/ocpi',
    ]) {
      const { status, envelope } = await send(server, `GET ${path}`);
      expect([path, status, envelope.status_code]).toEqual([path, 404, 2000]);
    }
  });

  test('SES-35: an inner object of a session has no path', async () => {
    expect((await send(server, `PATCH ${sessions}/total_cost`, json({ last_updated: '2026-11-23T11:59:00Z' }))).status).toBe(404);
  });

  test('A-09: a binding may answer 405; Allow then lists the other methods', async () => {
    await using closed = await openServer((bindings) =>
      bindings.map((it) => (it.endpoint.name === 'post-credentials' ? { ...it, answer: async () => ({ status: 405, code: 2000 }) } : it)),
    );
    const { status, headers } = await send(
      closed,
      'POST /ocpi/2.2.1/credentials',
      json({ token: 'b', url: 'https://x/ocpi/versions', roles: [{ role: 'CPO', country_code: 'NL', party_id: 'EXA', business_details: { name: 'x' } }] }),
    );
    expect([status, headers.get('allow')?.split(', ').sort().join(', ')]).toEqual([405, 'DELETE, GET, PUT']);
  });

  test('STA-08: an error of this node is answered with 3000, reveals no detail, and is logged', async () => {
    await using broken = await openServer((bindings) =>
      bindings.map((it) => ({ ...it, answer: async () => Promise.reject(new Error('SELECT secret FROM /etc/evenkeel')) })),
    );
    const { status, text, envelope } = await send(broken, `PUT ${profiles}/S1`, { headers: { 'x-request-id': 'r-9' }, ...json(validSet) });
    expect([status, envelope.status_code]).toEqual([200, 3000]);
    expect(text).not.toMatch(/SELECT|evenkeel|at /);
    expect(broken.events).toContainEqual({ event: 'failed', requestId: 'r-9', error: expect.any(Error) });
  });
});

describe('CP-01, CP-40, SES-03, SES-30, CRE-18, TRN-34: a method that OCPI does not offer', () => {
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
  ])('%s: %s is 405, and Allow lists the offered methods', async (_, line, allowed) => {
    const { status, headers, envelope } = await send(server, line, { ...(/^(GET|DELETE)/.test(line) ? {} : { body: '{}' }) });
    expect([status, envelope.status_code]).toEqual([405, 2000]);
    expect(headers.get('allow')?.split(', ').sort().join(', ')).toBe(allowed);
  });
});
