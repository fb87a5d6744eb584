import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callEndpoint, joinUrl, type PeerClient, postToResponseUrl } from './call.ts';
import { clearChargingProfile } from './chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile } from './chargingprofiles/get-active-charging-profile.ts';
import { setChargingProfile } from './chargingprofiles/set-charging-profile.ts';
import { getCredentials } from './credentials/get-credentials.ts';
import { openServer, overHttp, peerToken, send } from './open-server.fixture.ts';
import { patchSession } from './sessions/patch-session.ts';
import type { HttpAnswer, OutgoingRequest } from './transport.ts';

/** A client whose peer always gives the same answer; it records the sent requests. */
function recording(answer: unknown = { data: { result: 'ACCEPTED', timeout: 30 }, status_code: 1000 }) {
  const sent: OutgoingRequest[] = [];
  const transport = async (request: OutgoingRequest): Promise<HttpAnswer> => {
    sent.push(request);
    return { is: 'ANSWERED', status: 200, headers: {}, body: JSON.stringify(answer) };
  };
  const client: PeerClient = { transport, edition: '2.2.1', token: { text: 'b-token', style: 'base64' } };
  return { sent, client };
}
const aProfile = {
  charging_profile: { charging_rate_unit: 'W' as const, charging_profile_period: [{ start_period: 0, limit: 11_000 }] },
  response_url: 'https://us.example/r/1',
};
const base = 'https://cpo.example/x/profiles';

describe('a message to a peer', () => {
  test('TRN-01, TRN-02, TRN-13: has the token and, with a body, Content-Type application/json', async () => {
    const { sent, client } = recording();
    await callEndpoint(client, setChargingProfile, { base, params: { session_id: 'S1' }, body: aProfile });
    await callEndpoint(client, clearChargingProfile, { base, params: { session_id: 'S1' }, query: { response_url: 'https://us.example/r/2' } });
    await postToResponseUrl(client, setChargingProfile, { url: 'https://scsp.example/r', result: { result: 'ACCEPTED' } });
    expect(sent.map(({ headers }) => headers.Authorization)).toEqual(Array(3).fill('Token Yi10b2tlbg=='));
    expect(sent.map(({ headers }) => headers['Content-Type'])).toEqual(['application/json', undefined, 'application/json']);
  });

  test('TRN-05: the token is sent raw to a peer that reads no Base64', async () => {
    const { sent, client } = recording();
    await callEndpoint({ ...client, token: { text: 'b-token', style: 'raw' } }, setChargingProfile, { base, params: { session_id: 'S1' }, body: aProfile });
    expect(sent[0]?.headers.Authorization).toBe('Token b-token');
  });

  test('F-80: what came of each message that was sent is counted by its module; one that was not sent is not', async () => {
    const counted: string[] = [];
    const clientFor = (answer?: unknown) => ({
      ...recording(answer).client,
      count: (module: string, outcome: string) => void counted.push(`${module} ${outcome}`),
    });
    const set = { base, params: { session_id: 'S1' }, body: aProfile };
    await callEndpoint(clientFor(), setChargingProfile, set);
    await callEndpoint(clientFor({ status_code: 2001 }), setChargingProfile, set);
    await postToResponseUrl(clientFor(), setChargingProfile, { url: 'https://scsp.example/r', result: { result: 'ACCEPTED' } });
    await callEndpoint(clientFor(), setChargingProfile, { ...set, params: { session_id: 'x'.repeat(99) } });
    expect(counted).toEqual(['chargingprofiles success', 'chargingprofiles ocpi_2xxx', 'chargingprofiles success']);
  });

  test('TRN-46, TRN-48: 100,000 messages have 100,000 different request ids, all UUIDs', async () => {
    const { sent, client } = recording();
    for (let at = 0; at < 100_000; at++) await callEndpoint(client, getCredentials, { base });
    const ids = new Set(sent.map(({ headers }) => headers['X-Request-ID']));
    expect(ids.size).toBe(100_000);
    expect([...ids].every((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id ?? ''))).toBe(true);
  });

  test('TRN-47, TRN-49, TRN-50: a given correlation id is kept, the request id is new', async () => {
    const { sent, client } = recording();
    await postToResponseUrl(client, setChargingProfile, {
      url: 'https://scsp.example/r',
      result: { result: 'ACCEPTED' },
      ids: { correlationId: 'correlation' },
    });
    expect(sent[0]?.headers).toMatchObject({ 'X-Correlation-ID': 'correlation', 'X-Request-ID': expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test('RTE-01, RTE-02: has routing headers in functional modules only', async () => {
    const { sent, client } = recording();
    const ids = { to: { countryCode: 'NL', partyId: 'EVK' }, from: { countryCode: 'DE', partyId: 'MSP' } };
    await callEndpoint(client, setChargingProfile, { base, params: { session_id: 'S1' }, body: aProfile, ids });
    await callEndpoint(client, getCredentials, { base, ids });
    expect(sent[0]?.headers).toMatchObject({
      'OCPI-to-country-code': 'NL',
      'OCPI-to-party-id': 'EVK',
      'OCPI-from-country-code': 'DE',
      'OCPI-from-party-id': 'MSP',
    });
    expect(Object.keys(sent[1]?.headers ?? {}).filter((it) => it.startsWith('OCPI'))).toEqual([]);
  });

  test('SEC-21: a message with a line break in a header is not sent', async () => {
    const { sent, client } = recording();
    const outcome = await callEndpoint(client, getCredentials, { base, ids: { correlationId: 'a\r\nX: y' } });
    expect([outcome.is, sent.length]).toEqual(['FAILED', 0]);
  });

  test('TRN-30, TRN-32: a message that violates its own schema is not sent', async () => {
    const { sent, client } = recording();
    const wrong = { ...aProfile, charging_profile: { ...aProfile.charging_profile, charging_profile_period: [] } };
    expect(await callEndpoint(client, setChargingProfile, { base, params: { session_id: 'S1' }, body: wrong })).toMatchObject({
      is: 'FAILED',
      because: 'bad_request',
      sent: false,
    });
    const names = { country_code: 'NL', party_id: 'EVK', session_id: '..' };
    expect(await callEndpoint(client, patchSession, { base, params: names, body: { last_updated: '2026-11-23T12:00:00Z' } })).toMatchObject({
      because: 'bad_request',
    });
    expect(sent).toEqual([]);
  });
});

describe('the URL of a message', () => {
  test.each([
    ['https://h/ep', 'https://h/ep/S1'],
    ['https://h/ep/', 'https://h/ep/S1'],
    ['https://h:8443/a/b?key=1', 'https://h:8443/a/b/S1?key=1'],
    ['https://h/a/?key=a%2Fb&z', 'https://h/a/S1?key=a%2Fb&z'],
  ])('TRN-51, A-05: %s with an id becomes %s', (endpoint, whole) => {
    expect(joinUrl(endpoint, 'S1', undefined)).toBe(whole);
  });

  test('TRN-51: without a path the URL of the module is used unchanged', () => {
    expect(joinUrl('https://h/ocpi/credentials/?x=1', '', undefined)).toBe('https://h/ocpi/credentials/?x=1');
    expect(joinUrl('https://h/ocpi/sessions?x=1', '', { date_from: '2026-11-23T12:00:00Z', limit: 5 })).toBe(
      'https://h/ocpi/sessions?x=1&date_from=2026-11-23T12%3A00%3A00Z&limit=5',
    );
  });

  test('TRN-34, CP-33: any valid id reaches the server unchanged over HTTP', async () => {
    await using server = await openServer();
    const client: PeerClient = { transport: overHttp, edition: '2.2.1', token: { text: peerToken, style: 'base64' } };
    const ids = fc.sample(
      fc
        .string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((it) => String.fromCharCode(it)), minLength: 1, maxLength: 36 })
        .filter((it) => !/^\.{1,2}$/.test(it)),
      100,
    );
    for (const session_id of ids)
      await callEndpoint(client, setChargingProfile, { base: `${server.base}/ocpi/2.2.1/receiver/chargingprofiles`, params: { session_id }, body: aProfile });
    expect(server.received.map(({ request }) => request)).toMatchObject(ids.map((session_id) => ({ params: { session_id } })));
  });

  test('A-06: response_url is sent encoded and arrives unchanged', async () => {
    await using server = await openServer();
    const client: PeerClient = { transport: overHttp, edition: '2.3.0', token: { text: peerToken, style: 'base64' } };
    const response_url = 'https://us.example/r?id=a%2Fb&duration=5#no';
    const outcome = await callEndpoint(client, getActiveChargingProfile, {
      base: `${server.base}/ocpi/2.3.0/receiver/chargingprofiles`,
      params: { session_id: 'S1' },
      query: { duration: 900, response_url },
    });
    expect(outcome).toMatchObject({ is: 'SUCCESS', data: { result: 'ACCEPTED', timeout: 30 }, statusCode: 1000 });
    expect(server.received[0]?.request).toMatchObject({ query: { duration: 900, response_url } });
  });
});

describe('a result that is posted to response_url', () => {
  test.each(['https://scsp.example:8443/R/?id=a%2Fb&x=%20', 'https://scsp.example/r/', 'https://scsp.example/~r;a=1?request_id=12345678'])(
    'CP-12: is posted to %s, byte for byte',
    async (url) => {
      const { sent, client } = recording({ status_code: 1000 });
      await postToResponseUrl(client, setChargingProfile, { url, result: { result: 'ACCEPTED' } });
      expect(sent).toMatchObject([{ method: 'POST', url }]);
    },
  );

  test('CP-13: has the result body of the request, without an envelope', async () => {
    const { sent, client } = recording({ status_code: 1000 });
    const profile = { start_date_time: '2026-11-23T12:00:00Z', charging_profile: aProfile.charging_profile };
    await postToResponseUrl(client, setChargingProfile, { url: 'https://x/1', result: { result: 'REJECTED' } });
    await postToResponseUrl(client, getActiveChargingProfile, { url: 'https://x/2', result: { result: 'ACCEPTED', profile } });
    await postToResponseUrl(client, clearChargingProfile, { url: 'https://x/3', result: { result: 'UNKNOWN' } });
    expect(sent.map(({ body }) => JSON.parse(body ?? ''))).toEqual([{ result: 'REJECTED' }, { result: 'ACCEPTED', profile }, { result: 'UNKNOWN' }]);
  });

  test('CP-13: is read by the route that is derived from the same endpoint', async () => {
    await using server = await openServer();
    const client: PeerClient = { transport: overHttp, edition: '2.2.1', token: { text: peerToken, style: 'base64' } };
    const outcome = await postToResponseUrl(client, clearChargingProfile, {
      url: `${server.base}/ocpi/2.2.1/sender/chargingprofiles/results-of-clear-charging-profile/x7`,
      result: { result: 'UNKNOWN' },
    });
    expect(outcome).toMatchObject({ is: 'SUCCESS', data: undefined });
    expect(server.received).toMatchObject([
      { name: 'result-of-clear-charging-profile', request: { params: { result_id: 'x7' }, body: { result: 'UNKNOWN' } } },
    ]);
  });

  test('the request of a commercial SCSP is read unchanged', async () => {
    await using server = await openServer();
    const request = {
      charging_profile: {
        start_date_time: '2026-11-23T12:00:00Z',
        charging_rate_unit: 'W',
        charging_profile_period: [
          { start_period: 0, limit: 11_000 },
          { start_period: 1800, limit: 0 },
          { start_period: 5400, limit: 11_000 },
        ],
      },
      response_url: 'https://scsp.example/callback?request_id=7d0e3f0a',
    };
    await send(server, 'PUT /ocpi/2.2.1/receiver/chargingprofiles/S1', { body: JSON.stringify(request) });
    expect(server.received).toMatchObject([{ request: { body: request } }]);
  });
});
