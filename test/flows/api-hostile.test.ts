import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { REFUSALS } from '../../src/node/api/refusal.ts';
import { type Answer, errorOf, openApiClient } from '../operator-api.ts';
import { openWorld } from '../world.ts';

const PROFILE = 'PUT sessions/S1/charging-profile';
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const bodies: readonly [what: string, body: string, status: number][] = [
  ['no content', '', 400],
  ['invalid JSON', '{"limit": 8', 400],
  ['a list', '[]', 400],
  ['null', 'null', 400],
  ['a string', '"8A"', 400],
  ['an empty object', '{}', 400],
  ['SEC-18: 33 levels', nested(33), 400],
  ['SEC-18: 100 000 levels', nested(100_000), 400],
  ['SEC-18: a list of 10 001', `{"charging_profile_period":[${'0,'.repeat(10_000)}0]}`, 400],
  ['SEC-19: __proto__', '{"limit":8,"unit":"A","__proto__":{"x":1}}', 400],
  ['SEC-19: constructor.prototype', '{"limit":8,"unit":"A","constructor":{"prototype":{"x":1}}}', 400],
  ['SEC-20: an infinite limit', '{"limit":1e309,"unit":"A"}', 400],
  ['SEC-20: a negative limit', '{"limit":-1,"unit":"A"}', 400],
  ['SEC-20: a duration of eight days', '{"limit":8,"unit":"A","for":691200}', 400],
  ['a limit as a string', '{"limit":"8","unit":"A"}', 400],
  ['a wrong unit', '{"limit":8,"unit":"kW"}', 400],
  ['an unknown key', '{"limit":8,"unit":"A","For":900}', 400],
  ['a profile without periods', '{"charging_rate_unit":"A","charging_profile_period":[]}', 400],
  ['a profile whose periods do not begin at 0', '{"charging_rate_unit":"A","charging_profile_period":[{"start_period":5,"limit":8}]}', 400],
  [
    'a profile that begins on 30 February',
    '{"charging_rate_unit":"A","start_date_time":"2026-02-30T00:00:00Z","charging_profile_period":[{"start_period":0,"limit":8}]}',
    400,
  ],
  ['SEC-17: more than 256 kB', `{"limit":8,"unit":"A","x":"${'x'.repeat(256 * 1024)}"}`, 413],
];

const lines: readonly [line: string, status: number][] = [
  ['GET sessions?limit=0', 400],
  ['GET sessions?limit=1001', 400],
  ['GET sessions?limit=1e9', 400],
  ['GET sessions?limit=', 400],
  ['GET sessions?limit=1&limit=2', 400],
  ['GET sessions?before=-1', 400],
  ['GET sessions?before=99999999999999999999', 400],
  ['GET sessions?status=charging', 400],
  ['GET sessions?lmit=1', 400],
  ['GET sessions?__proto__=1', 400],
  ['GET sessions?limit=%zz', 400],
  ['GET sessions/%00', 400],
  ['GET sessions/%0d%0aX', 400],
  ['GET sessions/%ff', 400],
  ['GET sessions/%zz', 400],
  ['GET sessions/%252e%252e', 404],
  [`GET sessions/${'x'.repeat(201)}`, 400],
  [`GET sessions/${'x'.repeat(2_000)}`, 400],
  ["GET sessions/'%20OR%201=1--", 404],
  ['GET sessions/S1/active-charging-profile?duration=0', 400],
  ['GET sessions/S1/active-charging-profile?duration=604801', 400],
  ['GET sessions/S1/active-charging-profile?wait=121', 400],
  ['DELETE sessions/S1/charging-profile?wait=1.5', 400],
  ['GET exchanges?state=DONE', 400],
  ['GET exchanges/..%2f..%2fetc', 404],
  ['GET events?after=-1', 400],
  ['GET events?after=1&x=2', 400],
  ['POST sessions', 405],
  ['PATCH sessions/S1/charging-profile', 405],
  ['OPTIONS events', 405],
  ['GET nothing', 404],
  ['GET sessions/S1/nothing', 404],
];

/** Every refusal has the one shape and a code of the list, and shows no internals. */
function expectRefusal(answer: Answer, status: number): void {
  expect([answer.status, answer.text]).toEqual([status, answer.text]);
  const { code, message } = errorOf(answer);
  expect(REFUSALS).toContain(code);
  expect(message).not.toMatch(/SELECT|sqlite|node_modules|undefined|\bat .*:\d+/);
}

describe('the operator API refuses invalid requests', () => {
  test.each(bodies)('a body with %s', async (_, body, status) => {
    await using world = await openWorld();
    const system = await openApiClient(world.node());
    expectRefusal(await system.request(PROFILE, body), status);
    expect(Reflect.get({}, 'x')).toBeUndefined();
    expect((await system.request('GET sessions')).status).toBe(200);
  });

  test('a refusal names the field, what was found and what is allowed', async () => {
    await using world = await openWorld();
    const system = await openApiClient(world.node());
    expect(errorOf(await system.request(PROFILE, '{"limit":8,"unit":"kW"}'))).toEqual({
      code: 'INVALID',
      message: 'unit: found "kW", allowed: A, W',
      field: 'unit',
      allowed: 'A, W',
    });
    expect(errorOf(await system.request(PROFILE, '{"charging_rate_unit":"A","charging_profile_period":[{"start_period":0}]}'))).toMatchObject({
      field: 'charging_profile_period[0].limit',
    });
    expect(errorOf(await system.request(PROFILE, '{"limit":8,"unit":"A","For":900}'))).toMatchObject({ field: 'For' });
    expect(errorOf(await system.request('GET sessions?lmit=1'))).toMatchObject({
      field: 'lmit',
      allowed: 'q, status, party, site, station, deviates, away, limited_by, sort, order, limit, before, after',
    });
  });

  test.each(lines)('%.60s', async (line, status) => {
    await using world = await openWorld();
    const system = await openApiClient(world.node());
    const answer = await system.request(line);
    expectRefusal(answer, status);
    if (status === 405) expect(answer.headers.get('allow')).not.toBeNull();
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])('415 for a body with Content-Type %j', async (type) => {
    await using world = await openWorld();
    const system = await openApiClient(world.node());
    expectRefusal(await system.request(PROFILE, '{"limit":8,"unit":"A"}', { 'content-type': type }), 415);
  });

  test('SEC-17: a body without end is refused at the limit, and not buffered', async () => {
    await using world = await openWorld();
    const node = world.node();
    const { key } = await openApiClient(node);
    const received = await pour(
      Number(new URL(node.publicUrl).port),
      `PUT /api/v1/sessions/S1/charging-profile HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    expect(received).toContain('"code":"TOO_LARGE"');
  });
});

/** Sends the headers, then chunks until the server closes the connection; returns what the server sent. */
function pour(port: number, head: string): Promise<string> {
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  return new Promise((done) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('connect', more);
    socket.on('drain', more);
    socket.on('data', (piece) => {
      received += piece;
    });
    socket.on('error', () => undefined); // the server closes the connection
    socket.on('close', () => done(received));
  });
}
