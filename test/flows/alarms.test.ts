import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type ChargePoint, virtualClock } from '../../sim/index.ts';
import { epochMillis } from '../../src/domain/units.ts';
import type { AlarmView } from '../../src/node/alarms/alarm-view.ts';
import type { Config } from '../../src/node/config/config.ts';
import { runCommandWith } from '../command.ts';
import { letNodesWork, letTimePass } from '../let-time-pass.ts';
import { errorOf, openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld, type StoreKind, stores, type World } from '../world.ts';

const START = Date.UTC(2026, 0, 31, 9);
const SECRET = 'a secret of sixteen characters or more';

/** A node with a clock of the test, and what an operator reads there. */
async function openAlarms(store: StoreKind, config: Partial<Config> = {}) {
  const clock = virtualClock(epochMillis(START));
  const world = await openWorld({ store, clock, config });
  const request = async (line: string) => (await openApiClient(world.node())).request(line);
  return {
    world,
    clock,
    request,
    alarms: async () => (await request('GET alarms')).body.items as AlarmView[],
    /** A charge point ends its connection, and the node has noticed it. */
    leave: async (point: ChargePoint) => {
      const gone = world.nextStep('station-disconnected');
      await point[Symbol.asyncDispose]();
      await gone;
    },
    pass: async (seconds: number) => {
      for (let rest = seconds; rest > 0; rest -= 5) {
        await clock.advance(Math.min(5, rest) * 1_000);
        await letNodesWork(world.node().publicUrl);
      }
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

const metrics = async (world: World) => (await (await fetch(`${world.node().operatorUrl}/metrics`)).text()).split('\n');

describe.each(stores)('the alarms of a node (%s)', (store) => {
  test('CON-B01, CON-B02, CON-B03: a charge point that is away is an alarm with its history, acknowledged once, kept over a restart, and gone when solved', async () => {
    await using it = await openAlarms(store);
    using events = await (await openApiClient(it.world.node())).followEvents();
    const point = await it.world.station('CP-16');
    await it.pass(10);
    expect(await it.alarms()).toEqual([]);
    await it.leave(point);
    await it.pass(30);
    expect(await it.alarms()).toEqual([]);
    await it.pass(60);
    const [alarm, ...others] = await it.alarms();
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      key: 'station-away:CP-16',
      kind: 'station-away',
      severity: 'warning',
      says: 'CP-16 is not connected.',
      station: 'CP-16',
      count: 1,
      mend: [{ action: 'see-station', command: 'evenkeel stations' }],
    });
    expect(it.world.node().alarms()).toMatchObject([{ key: 'station-away:CP-16' }]);
    expect(Date.parse(alarm?.last_seen ?? '') - Date.parse(alarm?.first_seen ?? '')).toBeGreaterThanOrEqual(60_000);
    expect(await metrics(it.world)).toContain('evenkeel_alarms{kind="station-away",severity="warning"} 1');
    expect((await it.request('GET overview')).body.alarms).toBe(1);
    expect(await events.firstEvent(({ kind }) => kind === 'alarm')).toMatchObject({ data: { change: 'raised', alarm: { key: 'station-away:CP-16' } } });

    const reader = await openApiClient(it.world.node(), 'view');
    expect(errorOf(await reader.request('POST alarms/station-away:CP-16/acknowledge')).code).toBe('FORBIDDEN');
    expect((await it.request('POST alarms/station-aw/acknowledge')).body).toMatchObject({ acknowledged: { by: { kind: 'key', name: 'a test' } } });
    expect(errorOf(await it.request('POST alarms/none/acknowledge')).code).toBe('NOT_FOUND');
    expect((await it.request('GET audit?limit=5')).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ act: 'acknowledge-alarm', subject: 'station-aw' })]),
    );
    expect((await it.request('GET overview')).body.alarms).toBe(0);

    await it.world.restart();
    const [again] = await it.alarms();
    expect(again).toMatchObject({ key: 'station-away:CP-16', first_seen: alarm?.first_seen, acknowledged: { by: { name: 'a test' } } });
    await it.pass(30);
    expect(await it.alarms()).toMatchObject([{ first_seen: alarm?.first_seen, acknowledged: {} }]);

    using later = await (await openApiClient(it.world.node())).followEvents();
    await using back = await it.world.station('CP-16');
    await it.pass(65);
    expect(await it.alarms()).toEqual([]);
    expect(await later.firstEvent(({ kind }) => kind === 'alarm')).toMatchObject({ data: { change: 'solved' } });
    await it.leave(back);
    await it.pass(70);
    expect((await it.alarms()).map(({ acknowledged }) => acknowledged)).toEqual([undefined]);
  });

  test('CON-B01: a charge point that refuses limits is one alarm, hidden once acknowledged until it is twice as bad, and gone when a limit is accepted', async () => {
    await using it = await openAlarms(store);
    const emsp = await it.world.emsp();
    const point = await it.world.station('CP-16');
    const until = <T>(event: Promise<T>) => letTimePass(it.clock, event, it.world.node().publicUrl);
    const session = await until(it.world.charging(emsp, point));
    point.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Rejected' } } } });
    for (const amperes of [10, 9]) await until((await emsp.set(session, upTo(amperes))).later);
    await it.pass(10);
    expect(await it.alarms()).toMatchObject([{ kind: 'station-refuses-limits', station: 'CP-16', count: 2, values: { refused: 2 } }]);
    await it.request('POST alarms/station-refuses/acknowledge');
    await until((await emsp.set(session, upTo(8))).later);
    await it.pass(10);
    expect(await it.alarms()).toMatchObject([{ count: 3, acknowledged: {} }]);
    await until((await emsp.set(session, upTo(7))).later);
    await it.pass(10);
    expect((await it.alarms()).map(({ count, acknowledged }) => [count, acknowledged])).toEqual([[4, undefined]]);
    point.behave({ answers: { SetChargingProfile: { is: 'answer', payload: { status: 'Accepted' } } } });
    await until((await emsp.set(session, upTo(32))).later);
    await it.pass(10);
    expect((await it.alarms()).filter(({ kind }) => kind === 'station-refuses-limits')).toEqual([]);
  });
});

describe('what alarms come from', () => {
  test('CON-B01: a right that ends soon, and a result that a peer did not take are found in the node, kept over a restart, and end with their cause', async () => {
    const contract: Config['contracts'][number] = {
      party: 'NL*SCS',
      may: ['see'],
      tokens_of: 'NL*MSP',
      from: '2026-01-01T00:00:00Z',
      until: '2026-02-03T09:00:00Z',
    };
    await using it = await openAlarms('sqlite', { contracts: [contract] });
    const emsp = await it.world.emsp();
    const point = await it.world.station('CP-16');
    const until = <T>(event: Promise<T>) => letTimePass(it.clock, event, it.world.node().publicUrl);
    const session = await until(it.world.charging(emsp, point));
    emsp.behave({ callback: { is: 'answer', http: 502, body: 'Bad Gateway', contentType: 'text/html' } });
    const undelivered = it.world.firstStep('result-undelivered');
    await emsp.set(session, upTo(10));
    await until(undelivered);
    await it.pass(10);
    const [result, right] = await it.alarms();
    expect(result).toMatchObject({ kind: 'results-undelivered', peer: 'NL*MSP', says: 'NL*MSP did not get a result; the last time: http_5xx: 502.' });
    expect(right).toMatchObject({ kind: 'right-expires', severity: 'info', party: 'NL*SCS', says: expect.stringContaining('ends in 2 days') });
    await it.world.restart();
    await it.pass(10);
    expect((await it.alarms()).map(({ kind }) => kind)).toEqual(['results-undelivered', 'right-expires']);
    emsp.behave({});
    await using _again = await it.world.station('CP-16');
    await until((await emsp.set(session, upTo(9))).later);
    await it.pass(10);
    expect((await it.alarms()).map(({ kind }) => kind)).toEqual(['right-expires']);
  });
});

/** A program that gets alarms; `status` is what it answers. */
async function openReceiver() {
  const received: { headers: Record<string, unknown>; text: string }[] = [];
  const receiver = { status: 204 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, text: Buffer.concat(chunks).toString() });
    response.writeHead(receiver.status).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    receiver,
    received,
    messages: () => received.map(({ text }) => JSON.parse(text)),
    url: `http://127.0.0.1:${port}/hooks/token-of-the-receiver`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

describe('the webhook of alarms', () => {
  test('CON-B04: an alarm is posted with its signature until it is taken, once, and its end follows; the secret is nowhere', async () => {
    await using hook = await openReceiver();
    await using it = await openAlarms('sqlite', { alarms: { webhook: hook.url, secret: SECRET, min_severity: 'warning' } });
    hook.receiver.status = 503;
    const point = await it.world.station('CP-16');
    await it.pass(5);
    await it.leave(point);
    await it.pass(75);
    expect(hook.received.length).toBeGreaterThanOrEqual(1);
    expect((await it.alarms()).map(({ key }) => key)).toEqual(['station-away:CP-16', 'background-error:webhook of alarms']);
    hook.receiver.status = 204;
    await it.pass(60);
    const [{ headers, text } = { headers: {}, text: '' }] = hook.received.slice(-1);
    const message = JSON.parse(text);
    expect(message).toMatchObject({
      change: 'raised',
      subject: '[Evenkeel warning] CP-16: charge point is away',
      text: expect.stringContaining('CP-16 is not connected.\n\nstation: CP-16\nfirst seen: 2026-01-31T09:'),
      node: it.world.node().operatorUrl,
      alarm: { key: 'station-away:CP-16', severity: 'warning' },
    });
    expect(new Set(hook.messages().map(({ id }) => id))).toEqual(new Set([headers['evenkeel-delivery']]));
    const signed = createHmac('sha256', SECRET).update(`${headers['evenkeel-timestamp']}.${text}`).digest('hex');
    expect(headers['evenkeel-signature']).toBe(`v1=${signed}`);

    const posted = hook.received.length;
    await it.world.restart();
    await it.pass(20);
    expect(hook.received).toHaveLength(posted);
    await using _back = await it.world.station('CP-16');
    await it.pass(65);
    expect(hook.messages().slice(posted)).toMatchObject([{ change: 'solved', subject: '[Evenkeel solved] CP-16: charge point is away' }]);
    const shown = [...hook.received.map(({ text: body }) => body), (await it.request('GET alarms')).text, (await metrics(it.world)).join()];
    expect(shown.join()).not.toContain(SECRET);
    expect(shown.join()).not.toContain('token-of-the-receiver');
  });
});

describe('alarms in a terminal', () => {
  test('CON-B06: the command lists and acknowledges alarms, in a table or as JSON, and says when there are none', async () => {
    await using it = await openAlarms('sqlite');
    const { key } = await it.world.node().keys.add({ name: 'a shell', scope: 'operate' });
    const run = (...args: readonly string[]) => runCommandWith({ env: { EVENKEEL_URL: it.world.node().publicUrl, EVENKEEL_KEY: key } }, ...args);
    expect(await run('alarms')).toMatchObject({ code: 0, stdout: 'nothing needs you: there are no alarms\n', stderr: '' });
    const point = await it.world.station('CP-16');
    await it.pass(5);
    await it.leave(point);
    await it.pass(70);
    const [head, row, blank, , mend] = (await run('alarms')).stdout.split('\n');
    expect(head).toMatch(/^SEVERITY +SINCE +LAST +WHAT$/);
    expect(row).toMatch(/^warning +\d\d:\d\d:\d\d +\d\d:\d\d:\d\d +CP-16 is not connected\.$/);
    expect([blank, mend]).toEqual(['', 'station-away:CP-16  evenkeel stations']);
    expect(await run('alarms', 'ack', 'none')).toMatchObject({ code: 1, stdout: '' });
    const acknowledged = 'acknowledged station-away:CP-16\nwarning: CP-16 is not connected.\n';
    expect(await run('alarms', 'ack', 'station')).toMatchObject({ code: 0, stdout: acknowledged, stderr: '' });
    expect((await run('alarms')).stdout).toMatch(/ACK +WHAT\n.* a shell +CP-16/);
    expect(JSON.parse((await run('alarms', '--json')).stdout)).toMatchObject({ key: 'station-away:CP-16', acknowledged: { by: { name: 'a shell' } } });
    expect(JSON.parse((await run('alarms', 'ack', 'station', '--json')).stdout)).toMatchObject({ key: 'station-away:CP-16' });
  });
});
