import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../../sim/index.ts';
import { authorization, openCpo } from '../../sim/partner.ts';
import { statusCodes } from '../../src/ocpi/status.ts';
import { remoteSession } from '../emsp-world.ts';
import { openWorld } from '../world.ts';
import { codeOf, credentials, inviteAt, openPlatform, sendRequest } from './platform.fixture.ts';

const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  agent.destroy();
});

/** A valid request that the fuzz test changes. */
interface ValidRequest {
  method: string;
  path: string;
  body?: unknown;
}
interface FuzzedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

const strangeValues = [
  'null',
  '""',
  '"x"',
  '-1',
  '0',
  '1e309',
  '1.5',
  '9007199254740993',
  'true',
  '[]',
  '{}',
  '[[[]]]',
  '"\\u0000"',
  '"\\ud800"',
  '"😀"',
  '"ünï"',
];
const longValue = JSON.stringify('x'.repeat(300));
const strangeValue = fc.oneof(fc.constantFrom(...strangeValues, longValue), fc.json({ maxDepth: 3 }));
/** Changes of a JSON text: of its values, of its keys, and of the text itself. */
const bodyMutation = fc.oneof(
  fc.record({ how: fc.constantFrom('replace', 'remove', 'add', 'double', 'rename'), at: fc.nat(), value: strangeValue }),
  fc.record({ how: fc.constantFrom('cut', 'flip', 'whole', 'wrap'), at: fc.nat(), value: strangeValue }),
);
type BodyMutation = typeof bodyMutation extends fc.Arbitrary<infer T> ? T : never;

/** All values of a JSON value. `replaceBy` returns the whole text with this value replaced or, for undefined, removed. */
function valuesIn(value: unknown, replaceBy: (text: string | undefined) => string): { replaceBy: (text: string | undefined) => string; text: string }[] {
  const own = { replaceBy, text: JSON.stringify(value) };
  if (typeof value !== 'object' || value === null) return [own];
  const entries = Object.entries(value);
  const inner = entries.flatMap(([name, it]) => {
    const others = (text: string | undefined) =>
      entries.flatMap(([key, other]) => (key !== name ? [item(value, key, JSON.stringify(other))] : text === undefined ? [] : [item(value, key, text)]));
    const around = (items: string[]) => (Array.isArray(value) ? `[${items.join()}]` : `{${items.join()}}`);
    return valuesIn(it, (text) => replaceBy(around(others(text))));
  });
  return [own, ...inner];
}
const item = (parent: object, key: string, text: string) => (Array.isArray(parent) ? text : `${JSON.stringify(key)}:${text}`);

function mutate(body: unknown, mutations: readonly BodyMutation[]): string {
  let text = JSON.stringify(body);
  for (const { how, at, value } of mutations) text = mutateOnce(text, { how, at, value });
  return text;
}

function mutateOnce(text: string, { how, at, value }: BodyMutation): string {
  if (how === 'cut') return text.slice(0, at % (text.length + 1));
  if (how === 'flip') return text.slice(0, at % text.length) + String.fromCharCode(33 + (at % 94)) + text.slice((at % text.length) + 1);
  if (how === 'whole') return value;
  if (how === 'wrap') return `[${text}]`;
  const json = parsed(text);
  if (json === undefined) return text;
  const all = valuesIn(json.value, (it) => it ?? 'null');
  const target = all[at % all.length];
  if (target === undefined) return text;
  if (how === 'remove') return target.replaceBy(undefined);
  if (how === 'add' && target.text.startsWith('{'))
    return target.replaceBy(target.text.replace('{', target.text === '{}' ? `{"k":${value}` : `{"k":${value},`));
  if (how === 'double') return target.replaceBy(`[${target.text},${target.text}]`);
  if (how === 'rename') return text.replace(/"(\w+)":/g, (all, name, offset) => (offset % 7 === at % 7 ? `"${name}_":` : all));
  return target.replaceBy(value);
}
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const header = fc.constantFrom<[string, string]>(
  ['Authorization', 'Token'],
  ['Authorization', 'Token %%%'],
  ['Content-Type', 'text/plain'],
  ['Content-Type', 'application/json; charset=utf-16'],
  ['Content-Type', 'multipart/form-data; boundary=x'],
  ['Content-Encoding', 'gzip'],
  ['Accept', 'image/png'],
  ['Expect', '100-continue'],
  ['OCPI-from-country-code', 'NLD'],
  ['OCPI-from-party-id', 'MSP'],
  ['OCPI-to-country-code', 'nl'],
  ['OCPI-to-party-id', '\u00ff\u00fe!'],
  ['X-Request-ID', 'one-and-the-same'],
  ['X-Request-ID', '\u00e9\u0080'],
  ['X-Correlation-ID', 'y'.repeat(3_000)],
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Range', 'bytes=0-'],
  ['If-None-Match', '*'],
  ['Host', 'evil.example'],
);
const pathMutation = fc.oneof(
  fc.constantFrom(
    '%00',
    '%ff',
    '%zz',
    '%2e%2e',
    '..',
    '//',
    '%2F',
    ';a=b',
    '?',
    '?limit=%',
    '&x',
    '?duration=1&duration=2',
    '?__proto__=1',
    '%F0%9F%98%80',
    '#',
    '*',
    "'",
  ),
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
  fc.constant('x'.repeat(1_100)),
);
const fuzzed = (valid: readonly ValidRequest[]): fc.Arbitrary<FuzzedRequest> =>
  fc
    .record({
      valid: fc.constantFrom(...valid),
      method: fc.option(fc.constantFrom('GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND', 'QUERY', 'TRACE'), { freq: 4 }),
      path: fc.option(fc.tuple(pathMutation, fc.nat()), { freq: 3 }),
      headers: fc.array(header, { maxLength: 2 }),
      body: fc.array(bodyMutation, { maxLength: 3 }),
    })
    .map(({ valid, method, path, headers, body }) => {
      const cut = path === null ? 0 : path[1] % (valid.path.length + 1);
      const at = path === null ? valid.path : `/${(valid.path.slice(0, cut) + path[0] + valid.path.slice(cut)).replace(/^\/+/, '')}`;
      const chosen = method ?? valid.method;
      // A valid DELETE of the credentials would end the run.
      const verb = chosen === 'DELETE' && /credentials/i.test(at) ? 'PUT' : chosen;
      const hasBody = valid.body !== undefined && verb !== 'HEAD' && verb !== 'TRACE';
      return { method: verb, path: at.replaceAll('#', '%23'), headers: Object.fromEntries(headers), ...(hasBody && { body: mutate(valid.body, body) }) };
    });

interface Answer {
  status: number;
  type: string;
  text: string;
}
const sendFuzzed = (base: string, token: string, { method, path, headers, body }: FuzzedRequest): Promise<Answer> =>
  new Promise((done, failed) => {
    const { port } = new URL(base);
    const usual = {
      Authorization: authorization(token),
      ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    };
    const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers: { ...usual, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => {
        text += piece;
      });
      answer.on('end', () => done({ status: answer.statusCode ?? 0, type: String(answer.headers['content-type']), text }));
    });
    outgoing.on('error', failed);
    outgoing.end(body);
  });

/** Sends fuzzed requests. Fails on a 5xx, on an internal error, and on an answer that is not an envelope. Resolves with the codes that occurred. */
async function expectNoFailure(base: string, token: string, runs: { valid: readonly ValidRequest[]; numRuns: number }): Promise<Set<string>> {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fuzzed(runs.valid), async (fuzzedRequest) => {
      const { status, type, text } = await sendFuzzed(base, token, fuzzedRequest);
      if (status >= 500) throw new Error(`HTTP ${status}: ${text}`);
      if (fuzzedRequest.method === 'HEAD') return;
      if (!type.startsWith('application/json')) throw new Error(`${status} ${type}: ${text.slice(0, 200)}`);
      const { status_code, timestamp } = JSON.parse(text);
      // 3000 is the status code of an internal error.
      if (!(status_code in statusCodes) || status_code === 3000 || Number.isNaN(Date.parse(timestamp))) throw new Error(text);
      codes.add(`${status} ${status_code}`);
    }),
    { seed: 20_260_131, numRuns: runs.numRuns },
  );
  return codes;
}

describe('two thousand hostile requests from a registered peer', () => {
  const profile = { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 10 }] };

  test('STA-01, STA-02, STA-06, TRN-38, TRN-41: to a CPO with a running session: no 5xx, no internal error, always an envelope, and the session still works', async () => {
    // Many of the requests are valid: no rate limit may refuse them.
    const unlimited = { burst: 1, every: 0 };
    const limits = { party_and_session: unlimited, station: unlimited, party: unlimited, session_interval: 0, cuts_alarm: 1_000_000 };
    await using world = await openWorld({ config: { limits } });
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const session = await world.charging(emsp, station);
    const { publicUrl } = world.node();
    const { token } = emsp.peer();
    const response_url = `${emsp.versionsUrl}/results/1`;
    const query = `response_url=${encodeURIComponent(response_url)}`;
    const profiles = `/ocpi/2.2.1/receiver/chargingprofiles/${session}`;
    const valid: ValidRequest[] = [
      { method: 'PUT', path: profiles, body: { charging_profile: profile, response_url } },
      { method: 'PUT', path: profiles.replace('2.2.1', '2.3.0'), body: { charging_profile: { ...profile, min_charging_rate: 6 }, response_url } },
      { method: 'GET', path: `${profiles}?duration=900&${query}` },
      { method: 'DELETE', path: `${profiles}?${query}` },
      { method: 'GET', path: '/ocpi/2.2.1/sender/sessions?date_from=2026-01-01T00:00:00Z&date_to=2027-01-01T00:00:00Z&offset=0&limit=10' },
      { method: 'GET', path: '/ocpi/versions' },
      { method: 'GET', path: '/ocpi/2.3.0' },
      { method: 'PUT', path: '/ocpi/2.2.1/credentials', body: credentials('MSP', { token: 'token-b', url: emsp.versionsUrl }) },
    ];
    const codes = await expectNoFailure(publicUrl, token, { valid, numRuns: 1_400 });
    for (const code of ['200 1000', '200 2001', '400 2000', '401 2000', '404 2000', '405 2000', '415 2000']) expect([...codes]).toContain(code);
    expect(rejections).toEqual([]);
    const set = await emsp.set(session, profile);
    expect([set.result, await set.later]).toEqual(['ACCEPTED', { result: 'ACCEPTED' }]);
    expect((await emsp.pullSessions()).map((it) => it.id)).toEqual([session]);
  });

  test('STA-01, STA-02, STA-06, TRN-38, TRN-41: to an eMSP that stores a session: the same', async () => {
    await using platform = await openPlatform({ role: 'EMSP', party_id: 'EVK' });
    await using cpo = await openCpo({ clock: realClock() });
    expect(codeOf(await cpo.register(await inviteAt(platform, 'CPO', 'CPO')))).toBe('200 1000');
    const { token } = cpo.peer();
    const path = '/ocpi/2.2.1/receiver/sessions/NL/CPO/S1';
    const full = remoteSession('S1', {
      charging_periods: [{ start_date_time: '2026-01-31T09:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1 }] }],
      total_cost: { excl_vat: 1 },
    });
    const active = { start_date_time: '2026-01-31T09:00:00Z', charging_profile: profile };
    const results = (kind: string) => `/ocpi/2.2.1/sender/chargingprofiles/results-of-${kind}-charging-profile/x1`;
    const valid: ValidRequest[] = [
      { method: 'PUT', path, body: full },
      { method: 'PATCH', path, body: { kwh: 2, status: 'ACTIVE', last_updated: '2026-01-31T10:00:00Z' } },
      { method: 'GET', path },
      { method: 'PUT', path: '/ocpi/2.2.1/sender/chargingprofiles/S1', body: active },
      { method: 'POST', path: results('set'), body: { result: 'ACCEPTED' } },
      { method: 'POST', path: results('get-active'), body: { result: 'ACCEPTED', profile: active } },
    ];
    const codes = await expectNoFailure(platform.url, token, { valid, numRuns: 600 });
    for (const code of ['200 1000', '201 1000', '200 2001', '400 2000', '404 2000', '405 2000']) expect([...codes]).toContain(code);
    expect(rejections).toEqual([]);
    const after = remoteSession('S1', { kwh: 7, last_updated: '2126-01-31T10:00:00Z' });
    expect(codeOf(await sendRequest(`PUT ${platform.url}${path}`, { token, body: after }))).toBe('200 1000');
    expect((await sendRequest(`GET ${platform.url}${path}`, { token })).data).toEqual(after);
    expect(platform.log.filter((it) => it.level === 'error' && it.event === 'failed' && 'error' in it.facts && !('what' in it.facts))).toEqual([]);
  });
});
