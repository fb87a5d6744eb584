import { describe, expect, test } from 'vitest';
import { bind } from './binding.ts';
import { acknowledged, created } from './envelope.ts';
import {
  json,
  noon,
  openServer,
  profiles,
  results,
  routes,
  send,
  serverOfFile,
  sessions,
  validProfile,
  validSession,
  validSet,
} from './open-server.fixture.ts';
import { putSession } from './sessions/put-session.ts';

const server = await serverOfFile();

describe('every answer', () => {
  test.each(routes)('TRN-38, TRN-39: %s is answered with a JSON object that has status_code and timestamp', async (line) => {
    const { envelope, headers } = await send(server, line, /^(GET|DELETE)/.test(line) ? {} : { body: '{}' });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(envelope.status_code).toEqual(expect.any(Number));
    expect(envelope.timestamp).toBe(noon);
  });

  test.each([
    ['200', `PUT ${profiles}/S1`, { body: JSON.stringify(validSet), status: 200 }],
    ['2001', `PUT ${profiles}/S1`, { body: '{}', status: 200 }],
    ['400', `PUT ${profiles}/S1`, { body: '{', status: 400 }],
    ['404', 'GET /ocpi/2.2.1/receiver/sessions/NL/EVK/S1', { body: undefined, status: 404 }],
    ['404 for an unknown path', 'GET /ocpi/2.2.1/nothing', { body: undefined, status: 404 }],
    ['405', `POST ${profiles}/S1`, { body: '{}', status: 405 }],
    ['413', `PUT ${profiles}/S1`, { body: 'x'.repeat(262_145), status: 413 }],
  ])('TRN-46, TRN-47: an answer with %s repeats both ids', async (_, line, { body, status }) => {
    const answer = await send(server, line, { headers: { 'x-request-id': 'r-1', 'x-correlation-id': 'c-1' }, ...(body !== undefined && { body }) });
    expect([answer.status, answer.headers.get('x-request-id'), answer.headers.get('x-correlation-id')]).toEqual([status, 'r-1', 'c-1']);
  });

  test('TRN-46, TRN-47: 401 repeats both ids', async () => {
    const { headers } = await send(server, 'GET /ocpi/versions', { headers: { authorization: 'Token x', 'x-request-id': 'r-1', 'x-correlation-id': 'c-1' } });
    expect([headers.get('x-request-id'), headers.get('x-correlation-id')]).toEqual(['r-1', 'c-1']);
  });

  test('TRN-48: missing ids are replaced by UUIDs, in the answer and for the binding', async () => {
    const { headers } = await send(server, `PUT ${profiles}/S1`, json(validSet));
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(headers.get('x-request-id')).toMatch(uuid);
    expect(server.received[0]?.request).toMatchObject({ headers: { requestId: headers.get('x-request-id'), correlationId: headers.get('x-correlation-id') } });
  });

  test('TRN-48: an id of 10,000 characters is cut to 64', async () => {
    const { headers } = await send(server, 'GET /ocpi/versions', { headers: { 'x-request-id': 'x'.repeat(10_000) } });
    expect(headers.get('x-request-id')).toBe('x'.repeat(64));
  });

  test('TRN-40: data is an array for versions, an object for version details, and [] for an empty list', async () => {
    expect((await send(server, 'GET /ocpi/versions')).envelope.data).toBeInstanceOf(Array);
    expect((await send(server, 'GET /ocpi/2.2.1')).envelope.data).toMatchObject({ version: '2.2.1' });
    expect((await send(server, 'GET /ocpi/2.2.1/sender/sessions')).envelope.data).toEqual([]);
  });

  test('STA-04, STA-05: a new object is HTTP 201, an existing one 200', async () => {
    const known = new Set<string>();
    await using receiver = await openServer((bindings) => [
      ...bindings.filter((it) => it.endpoint !== putSession),
      bind<string, typeof putSession>(putSession, async ({ params }) => {
        const isNew = !known.has(params.session_id);
        known.add(params.session_id);
        return isNew ? created() : acknowledged();
      }),
    ]);
    const statuses = [await send(receiver, `PUT ${sessions}`, json(validSession)), await send(receiver, `PUT ${sessions}`, json(validSession))].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([201, 200]);
  });

  test('RTE-07: with open routing the answer names the party that answers', async () => {
    await using receiver = await openServer((bindings) =>
      bindings.map((it) => ({ ...it, answer: async () => ({ ...acknowledged(), from: { countryCode: 'NL', partyId: 'EVK' } }) })),
    );
    const { headers } = await send(receiver, `PUT ${profiles}/S1`, {
      headers: { 'ocpi-from-country-code': 'DE', 'ocpi-from-party-id': 'MSP' },
      ...json(validSet),
    });
    expect([headers.get('ocpi-from-party-id'), headers.get('ocpi-to-party-id')]).toEqual(['EVK', 'MSP']);
  });

  test('RTE-01, RTE-05: the answer of a functional module has sender and receiver swapped', async () => {
    const { headers } = await send(server, `PUT ${profiles}/S1`, {
      headers: { 'ocpi-to-country-code': 'NL', 'ocpi-to-party-id': 'EVK', 'ocpi-from-country-code': 'DE', 'ocpi-from-party-id': 'MSP' },
      ...json(validSet),
    });
    expect(['ocpi-to-country-code', 'ocpi-to-party-id', 'ocpi-from-country-code', 'ocpi-from-party-id'].map((it) => headers.get(it))).toEqual([
      'DE',
      'MSP',
      'NL',
      'EVK',
    ]);
  });

  test('RTE-02: credentials and versions ignore routing headers, even invalid ones, and send none back', async () => {
    for (const path of ['/ocpi/versions', '/ocpi/2.2.1/credentials']) {
      const { status, headers } = await send(server, `GET ${path}`, { headers: { 'ocpi-to-country-code': 'NLD', 'ocpi-from-party-id': 'X' } });
      expect([status, headers.get('ocpi-from-country-code'), headers.get('ocpi-to-party-id')]).toEqual([200, null, null]);
    }
  });

  test('RTE-03: an invalid routing header is refused with 2001 and reaches no binding', async () => {
    const { status, envelope } = await send(server, `DELETE ${profiles}/S1?response_url=https://x/y`, {
      headers: { 'ocpi-to-country-code': 'NLD', 'ocpi-to-party-id': 'EVK' },
    });
    expect([status, envelope.status_code]).toEqual([200, 2001]);
    expect(server.received).toEqual([]);
  });
});

describe('TRN-42, CP-41, CP-42: an answer without data in the specification', () => {
  test.each([
    ['TRN-42', `PUT ${sessions}`, validSession],
    ['TRN-42', `PATCH ${sessions}`, { last_updated: '2026-11-23T11:59:00Z' }],
    ['CP-41', `POST ${results}`, { result: 'ACCEPTED' }],
    ['CP-42', 'PUT /ocpi/2.2.1/sender/chargingprofiles/S1', { start_date_time: '2026-11-23T12:00:00Z', charging_profile: validProfile }],
  ])('%s: the answer to %s has no data', async (_, line, body) => {
    const { envelope } = await send(server, line, json(body));
    expect(envelope.status_code).toBe(1000);
    expect('data' in envelope).toBe(false);
  });
});

describe('the request that a binding receives', () => {
  test('TRN-34, CP-33: an id is decoded once; %2F, ?, #, % and spaces stay part of the id', async () => {
    for (const id of ['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b', '%25', 'ü']) {
      const { envelope } = await send(server, `PUT ${profiles}/${encodeURIComponent(id)}`, json(validSet));
      expect(envelope.status_code).toBe(id === 'ü' ? 2001 : 1000);
    }
    expect(server.received.map(({ request }) => request)).toMatchObject(
      ['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b', '%25'].map((session_id) => ({ params: { session_id } })),
    );
  });

  test('CP-03: body and path parameters are unchanged, with unknown fields', async () => {
    const body = { ...validSet, colour: { of: ['the', 'sky'] }, charging_profile: { ...validProfile, note: null } };
    await send(server, `PUT ${profiles}/S1`, json(body));
    expect(server.received).toMatchObject([
      { name: 'set-charging-profile', request: { peer: 'MSP', edition: '2.2.1', params: { session_id: 'S1' }, body, text: JSON.stringify(body) } },
    ]);
  });

  test('a slash at the end of a path is ignored', async () => {
    expect((await send(server, `PUT ${profiles}/S1/`, json(validSet))).envelope.status_code).toBe(1000);
    expect((await send(server, 'GET /ocpi/2.2.1/')).status).toBe(200);
  });

  test('TRN-14: without a body any Content-Type or none is accepted', async () => {
    for (const type of ['text/plain', ';;;', 'application/xml', '']) {
      const answer = await send(server, `DELETE ${profiles}/S1?response_url=https://x/y`, { headers: { 'content-type': type } });
      expect([type, answer.envelope.status_code]).toEqual([type, 1000]);
    }
  });

  test('TRN-13: with a body of a strict peer the Content-Type must be JSON, or the answer is 415 in an envelope', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/vnd.ocpi+json']) {
      expect((await send(server, `PUT ${profiles}/S1`, { headers: { 'content-type': type }, ...json(validSet) })).envelope.status_code).toBe(1000);
    }
    await using strict = await openServer((it) => it, { strict: true });
    for (const type of ['text/plain', 'application/xml', ';;;']) {
      const { status, envelope } = await send(strict, `PUT ${profiles}/S1`, { headers: { 'content-type': type }, ...json(validSet) });
      expect([type, status, envelope.status_code]).toEqual([type, 415, 2000]);
    }
  });

  test('A-18: a result inside an envelope is read too, and logged as corrected', async () => {
    await send(server, `POST ${results}`, json({ data: { result: 'REJECTED' }, status_code: 1000, timestamp: noon }));
    expect(server.received[0]?.request).toMatchObject({ body: { result: 'REJECTED' }, params: { result_id: 'x1' } });
    expect(server.events.at(-1)).toMatchObject({ event: 'answered', corrected: true });
  });

  test('A-11: RESERVED is read as RESERVATION, null as an absent field', async () => {
    await send(server, `PUT ${sessions}`, json({ ...validSession, status: 'RESERVED', end_date_time: null, meter_id: null }));
    expect(server.received[0]?.request).toMatchObject({ body: { ...validSession, status: 'RESERVATION' } });
  });
});
