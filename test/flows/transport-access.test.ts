import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { authorization, type Cpo, type Emsp, openCpo, openEmsp } from '../../sim/partner.ts';
import { remoteSession } from '../emsp-world.ts';
import { codeOf, expectEnvelope, inviteAt, openPlatform, type Platform, sendRequest } from './platform.fixture.ts';

const clock = realClock();
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const editions = ['2.2.1', '2.3.0'];
const configuring = ['/ocpi/versions', ...editions.flatMap((it) => [`/ocpi/${it}`, `/ocpi/${it}/credentials`])];
const functional = {
  CPO: editions.flatMap((it) => [`/ocpi/${it}/sender/sessions`, `/ocpi/${it}/receiver/chargingprofiles/S1`]),
  EMSP: editions.flatMap((it) => [
    `/ocpi/${it}/receiver/sessions/NL/CPO/S1`,
    `/ocpi/${it}/sender/chargingprofiles/S1`,
    ...['set', 'clear'].map((kind) => `/ocpi/${it}/sender/chargingprofiles/results-of-${kind}-charging-profile/x`),
  ]),
};
const bodyFor = (method: string) => (method === 'GET' || method === 'DELETE' ? {} : { body: '{}' });

describe.each(['CPO', 'EMSP'] as const)('who is let in at a node that is %s', (role) => {
  let platform: Platform;
  let peer: Emsp;
  let tokenA: string;
  let revoked: string;
  beforeAll(async () => {
    platform = await openPlatform({ role, party_id: 'EVK' });
    peer = await openEmsp({ clock });
    await peer.register(await inviteAt(platform, 'MSP'));
    revoked = peer.peer().token;
    await peer.unregister();
    await peer.register(await inviteAt(platform, 'MSP'));
    tokenA = (await inviteAt(platform, 'ABC')).token;
  });
  afterAll(async () => {
    await peer[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  /** Sends a header as it is, over every path and method of the node. */
  async function knock(headers: Record<string, string>, paths: readonly string[]): Promise<string[]> {
    const lines = paths.flatMap((path) => methods.map((method) => ({ method, path })));
    return Promise.all(
      lines.map(async ({ method, path }) => {
        const response = await fetch(`${platform.url}${path}`, { method, headers, ...(bodyFor(method).body !== undefined && { body: '{}' }) });
        const text = await response.text();
        expectEnvelope({ http: response.status, headers: response.headers, text, envelope: JSON.parse(text), data: undefined });
        return `${method} ${path} ${response.status}`;
      }),
    );
  }
  const all = [...configuring, ...functional[role]];
  const refused = (paths: readonly string[]) => paths.flatMap((path) => methods.map((method) => `${method} ${path} 401`));

  test('TRN-07, TRN-38, TRN-41: without an Authorization header every path and method is 401', async () => {
    expect(await knock({}, all)).toEqual(refused(all));
  });

  test('TRN-08, TRN-38, TRN-41: so it is with a token that is unknown, cut, one bit off, revoked, empty, of another scheme or 10 kB long', async () => {
    const { token } = peer.peer();
    const flipped = String.fromCharCode(token.charCodeAt(0) ^ 1) + token.slice(1);
    const wrong = [authorization('nobody'), authorization(token.slice(0, -1)), authorization(flipped), authorization(revoked), 'Token ', 'Token'];
    const others = [`Bearer ${Buffer.from(token).toString('base64')}`, `Basic ${Buffer.from(token).toString('base64')}`, authorization('x'.repeat(7_500))];
    for (const value of [...wrong, ...others]) expect(await knock({ Authorization: value }, all)).toEqual(refused(all));
  });

  test('TRN-09: TOKEN_A is 401 at every functional module', async () => {
    expect(await knock({ Authorization: authorization(tokenA) }, functional[role])).toEqual(refused(functional[role]));
  });

  test('TRN-04, TRN-14: header names count in any case; a GET may have any Content-Type or none', async () => {
    for (const headers of [{ AUTHORIZATION: 1 }, { aUTHORIZATION: 1, 'content-type': 'text/plain' }, { authorization: 1, 'Content-Type': '' }]) {
      const [name = '', ...rest] = Object.entries(headers).map(([key]) => key);
      const typed: Record<string, string> = Object.fromEntries(rest.map((key) => [key, 'text/plain']));
      const response = await fetch(`${platform.url}/ocpi/versions`, { headers: { [name]: authorization(peer.peer().token), ...typed } });
      expect(response.status).toBe(200);
    }
  });
});

describe('what a strict CPO may say of a session at an eMSP', () => {
  let platform: Platform;
  let cpo: Cpo;
  beforeAll(async () => {
    platform = await openPlatform({ role: 'EMSP', party_id: 'EVK', config: { strict_peers: ['NL*CPO'] } });
    cpo = await openCpo({ clock });
    expect(codeOf(await cpo.register(await inviteAt(platform, 'CPO', 'CPO')))).toBe('200 1000');
  });
  afterAll(async () => {
    await cpo[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });
  const at = (id: string, party = 'NL/CPO') => `${platform.url}/ocpi/2.2.1/receiver/sessions/${party}/${encodeURIComponent(id)}`;
  const tell = (line: string, body?: unknown) => sendRequest(line, { token: cpo.peer().token, ...(body !== undefined && { body }) });

  test('STA-03, STA-04, STA-05, TRN-42: unknown is 404, new is 201, known is 200, and what has no data says none', async () => {
    expect(codeOf(await tell(`GET ${at('A1')}`))).toBe('404 2000');
    const first = await tell(`PUT ${at('A1')}`, remoteSession('A1'));
    const second = await tell(`PUT ${at('A1')}`, remoteSession('A1'));
    expect([codeOf(first), codeOf(second), 'data' in first.envelope]).toEqual(['201 1000', '200 1000', false]);
    expect((await tell(`GET ${at('A1')}`)).data).toMatchObject({ id: 'A1' });
  });

  test('TRN-31, SES-31: what a PUT leaves out is gone', async () => {
    const full = remoteSession('B1', { meter_id: 'M', authorization_reference: 'R', total_cost: { excl_vat: 1.5 } });
    await tell(`PUT ${at('B1')}`, full);
    expect((await tell(`GET ${at('B1')}`)).data).toMatchObject({ meter_id: 'M', authorization_reference: 'R', total_cost: { excl_vat: 1.5 } });
    await tell(`PUT ${at('B1')}`, remoteSession('B1', { last_updated: '2026-01-31T10:00:00Z' }));
    const { data } = await tell(`GET ${at('B1')}`);
    expect(Object.keys(Object(data)).filter((it) => ['meter_id', 'authorization_reference', 'total_cost'].includes(it))).toEqual([]);
  });

  test('TRN-32, SES-39: what a PATCH leaves out stays', async () => {
    await tell(`PUT ${at('C1')}`, remoteSession('C1', { meter_id: 'M' }));
    expect(codeOf(await tell(`PATCH ${at('C1')}`, { kwh: 9.5, last_updated: '2026-01-31T10:00:00Z' }))).toBe('200 1000');
    const before = remoteSession('C1', { meter_id: 'M' });
    expect((await tell(`GET ${at('C1')}`)).data).toEqual({ ...before, kwh: 9.5, last_updated: '2026-01-31T10:00:00Z' });
  });

  test('STA-02, STA-09, SES-34: a PATCH without last_updated is 2001 at HTTP 200, and changes nothing', async () => {
    await tell(`PUT ${at('D1')}`, remoteSession('D1'));
    const answer = await tell(`PATCH ${at('D1')}`, { kwh: 9.5 });
    expect([codeOf(answer), answer.envelope.status_message]).toEqual(['200 2001', 'last_updated: missing']);
    expect((await tell(`GET ${at('D1')}`)).data).toEqual(remoteSession('D1'));
  });

  const { id: _, ...nameless } = remoteSession('E1');
  test.each<[string, object]>([
    ['TRN-30: id', nameless],
    ['TRN-36: id', remoteSession('E2')],
    ['TRN-36: country_code', remoteSession('E1', { country_code: 'DE' })],
    ['TRN-36: party_id', remoteSession('E1', { party_id: 'XXX' })],
    ['TYP-01: id', remoteSession('E\u007f1')],
    ['TYP-04: start_date_time', remoteSession('E1', { start_date_time: '2026-01-31T09:00:00+01:00' })],
    ['TYP-08: kwh', remoteSession('E1', { kwh: '11.0' })],
    ['TYP-10: location_id', remoteSession('E1', { location_id: 'x'.repeat(37) })],
    ['TYP-14: status', remoteSession('E1', { status: 'active' })],
  ])('TRN-30, TRN-36, STA-02, STA-09: %s is what is wrong: 2001 at HTTP 200, and nothing is kept', async (which, body) => {
    const answer = await tell(`PUT ${at('E1')}`, body);
    expect(codeOf(answer)).toBe('200 2001');
    expect(answer.envelope.status_message).toContain(which.split(': ')[1]);
    expect(codeOf(await tell(`GET ${at('E1')}`))).toBe('404 2000');
  });

  test('TYP-02: a session is the same one however its id, country and party are spelt, and is shown as it was told', async () => {
    expect(codeOf(await tell(`PUT ${at('abc-i1')}`, remoteSession('abc-i1')))).toBe('201 1000');
    expect(codeOf(await tell(`PATCH ${at('ABC-I1', 'nl/cpo')}`, { kwh: 2, last_updated: '2026-01-31T10:00:00Z' }))).toBe('200 1000');
    expect((await tell(`GET ${at('Abc-I1', 'Nl/Cpo')}`)).data).toMatchObject({ id: 'abc-i1', kwh: 2 });
  });

  test.each(['a/b', 'a?b', 'a#b', 'a%b', 'a b', '%2F', 'a+b', "a'b;--"])('TRN-34: an id such as %j keeps its characters', async (id) => {
    expect(codeOf(await tell(`PUT ${at(id)}`, remoteSession(id)))).toBe('201 1000');
    expect((await tell(`GET ${at(id)}`)).data).toMatchObject({ id });
    expect(codeOf(await tell(`POST ${at(id)}`, remoteSession(id)))).toBe('405 2000');
  });

  test('TRN-35, SEC-16: sessions of a party that is not its own are 404, and nothing is kept', async () => {
    const { party_id: __, ...rest } = remoteSession('F1');
    const answer = await tell(`PUT ${at('F1', 'NL/XXX')}`, { ...rest, party_id: 'XXX' });
    const unknown = await tell(`GET ${at('F1', 'NL/XXX')}`);
    expect([codeOf(answer), codeOf(unknown)]).toEqual(['404 2000', '404 2000']);
    expect(answer.envelope.status_message).toBe(unknown.envelope.status_message);
  });

  test('TRN-43: fields that nobody knows are no reason to refuse', async () => {
    const body = { ...remoteSession('G1'), custom: { deep: [1, { x: null }] }, cdr_token: { ...remoteSession('G1').cdr_token, issuer_note: 'x' } };
    expect(codeOf(await tell(`PUT ${at('G1')}`, body))).toBe('201 1000');
  });
});
