import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/node/config/config.ts';
import { freePorts } from '../free-ports.ts';
import { requestApi } from '../operator-api.ts';
import { openWorld } from '../world.ts';
import { builtPage, openBrowser, signedIn } from './console.fixture.ts';

const OPERATOR_PATHS = ['/metrics', '/health', '/health/live', '/health/ready', '/api/v1/openapi.json', '/api/v1/me', '/console/'];
const listen_operator: Config['listen'] = { host: '127.0.0.1', port: 0, trusted_proxies: [], connections: { total: 100, per_address: 100 } };

/** Status and text of a GET; unlike fetch it sends any header. */
function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    sent.on('error', reject).end();
  });
}
/** The text of the metrics, when this machine may read them without a key. */
const metricsOf = async (url: string) => (await get(`${url}/metrics`)).text;

describe('a listener for operators', () => {
  test('F-80: metrics, health, the operator API and the console are there, and the public listener serves OCPI only', async () => {
    await using stack = new AsyncDisposableStack();
    const world = stack.use(await openWorld({ config: { listen_operator, console: { files: builtPage(stack) } } }));
    const { publicUrl, operatorUrl } = world.node();
    expect(operatorUrl).not.toBe(publicUrl);
    const statuses = (base: string) => Promise.all(OPERATOR_PATHS.map(async (path) => (await get(base + path)).status));
    expect(await statuses(operatorUrl)).toEqual([200, 200, 200, 200, 200, 200, 200]);
    expect(await statuses(publicUrl)).toEqual([404, 404, 404, 404, 404, 404, 404]);
    expect((await get(`${publicUrl}/ocpi/versions`)).status).toBe(401);
    expect((await get(`${operatorUrl}/ocpi/versions`)).status).toBe(404);
    const { key } = await world.node().keys.add({ name: 'app', scope: 'view' });
    expect((await requestApi(operatorUrl, 'GET sessions', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });

  test('F-80: the console is opened there: a sign-in is taken from its origin, and refused from the public one', async () => {
    await using world = await openWorld({ config: { listen_operator, console: {} } });
    const node = world.node();
    const browser = await signedIn(node, 'operate');
    expect((await browser.ask('GET me')).body).toMatchObject({ signed_in: true, role: 'operate' });
    const elsewhere = await openBrowser(node).ask('POST login', { name: 'operate', password: 'x' }, { origin: node.publicUrl });
    expect([elsewhere.status, elsewhere.text]).toEqual([403, expect.stringContaining(node.operatorUrl)]);
  });
});

describe('metrics without a listener for operators', () => {
  test('F-80: a node that others reach gives its metrics to a caller of the operator API only, also behind a proxy on the same machine', async () => {
    const [port = 0] = await freePorts(1);
    await using world = await openWorld({ config: { public_url: 'https://ocpi.example.com', listen: { ...listen_operator, port } } });
    const [node, base] = [world.node(), `http://127.0.0.1:${port}`];
    expect(await get(`${base}/metrics`)).toEqual({ status: 401, text: expect.stringContaining('listen_operator') });
    expect((await get(`${base}/metrics`, { authorization: 'Bearer wrong' })).status).toBe(401);
    const { key } = await node.keys.add({ name: 'prometheus', scope: 'view' });
    expect(await get(`${base}/metrics`, { authorization: `Bearer ${key}` })).toEqual({ status: 200, text: expect.stringContaining('evenkeel_ready') });
  });

  test('F-80: a node whose public_url is on its own machine gives them to this machine, and to nobody for whom something asks', async () => {
    await using world = await openWorld();
    const { publicUrl } = world.node();
    expect((await get(`${publicUrl}/metrics`)).status).toBe(200);
    expect((await get(`${publicUrl}/metrics`, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(401);
    expect((await get(`${publicUrl}/metrics`, { forwarded: 'for=198.51.100.7' })).status).toBe(401);
  });
});

describe('what the metrics hold', () => {
  test('F-80: the process, the build, and what we sent to peers by module and outcome; each with a sentence', async () => {
    await using world = await openWorld();
    const emsp = await world.emsp();
    const { publicUrl } = world.node();
    await world.charging(emsp, await world.station('CP-16'));
    await world.node().registration.register('http://127.0.0.1:1/versions', 'token');
    const metrics = await metricsOf(publicUrl);
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds', 'nodejs_active_resources_total'])
      expect(metrics).toMatch(new RegExp(`^${name} [0-9.e+-]+$`, 'm'));
    expect(metrics).toContain(`evenkeel_build_info{version="0.1.0",node="${process.version}"} 1`);
    expect(metrics).toMatch(/^ocpi_sent_requests_total\{module="versions",outcome="success"\} [1-9]/m);
    expect(metrics).toMatch(/^ocpi_sent_requests_total\{module="sessions",outcome="success"\} [1-9]/m);
    expect(metrics).toContain('ocpi_sent_requests_total{module="versions",outcome="refused"} 1');
    const helps = [...metrics.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, help = '']) => ({ name, help }));
    expect(helps.length).toBeGreaterThan(40);
    expect(helps.filter(({ help }) => help.split(' ').length < 3)).toEqual([]);
  });
});
