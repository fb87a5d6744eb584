import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { buildCar, plugInStation, realClock } from '../../sim/index.ts';
import { amperes, volts } from '../../src/domain/units.ts';
import { freePorts } from '../free-ports.ts';
import { badge, openWorld } from '../world.ts';

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../deploy/proxies', name), 'utf8');

interface Ports {
  ocpi: number;
  ocpp: number;
  operators: number;
}
/** Where the proxy itself listens. */
interface Outside {
  peers: number;
  operators: number;
}

/** The configuration of a proxy as it is shipped, with other ports and without TLS, and how the proxy is started. */
interface Proxy {
  program: string;
  write(folder: string, inside: Ports, outside: Outside): string[];
}

const inPlaceOf = (text: string, { ocpi, ocpp, operators }: Ports) =>
  text
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${ocpi}`)
    .replaceAll('127.0.0.1:9220', `127.0.0.1:${ocpp}`)
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${operators}`);

const PROXIES: readonly Proxy[] = [
  {
    program: 'nginx',
    write: (folder, inside, { peers, operators }) => {
      let servers = 0;
      const http = inPlaceOf(page('nginx.conf'), inside)
        .replace(/^ *ssl_.*\n/gm, '')
        .replaceAll('listen 443 ssl;', () => `listen 127.0.0.1:${[peers, operators][servers++]};`);
      const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `${it}_temp_path ${folder}/${it};`).join('\n');
      const main = `daemon off; master_process off; pid ${folder}/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n${places}\n${http}\n}`;
      writeFileSync(join(folder, 'nginx.conf'), main);
      return ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
    },
  },
  {
    program: 'caddy',
    write: (folder, inside, { peers, operators }) => {
      const sites = inPlaceOf(page('Caddyfile'), inside)
        .replace('ocpi.example.com {', `http://127.0.0.1:${peers} {`)
        .replace('ops.example.com {', `http://127.0.0.1:${operators} {`);
      writeFileSync(join(folder, 'Caddyfile'), `{\nadmin off\n}\n${sites}`);
      return ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
    },
  },
];
const found = PROXIES.filter(({ program }) => {
  const isThere = spawnSync(program, ['-v']).error === undefined;
  if (!isThere) console.warn(`not tried: this machine has no ${program}`);
  return isThere;
});

/** Starts a proxy; resolves when it answers. */
async function start({ program, write }: Proxy, inside: Ports): Promise<Outside> {
  const folder = mkdtempSync(join(tmpdir(), `evenkeel-${program}-`));
  mkdirSync(join(folder, 'logs'));
  const [peers = 0, operators = 0] = await freePorts(2);
  const args = write(folder, inside, { peers, operators });
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder } });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL'); // a stop would wait for open connections
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said}`);
    const answer = await fetch(`http://127.0.0.1:${peers}/`).catch(() => undefined);
    if (answer) return { peers, operators };
  }
}

describe.each(found)('behind $program, as it is shipped', (proxy) => {
  test('OPS-D15: peers, charge points and the event stream reach the node; nothing for operators is at the address for peers', async () => {
    const [listen = 0, listenOperator = 0] = await freePorts(2);
    const connections = { total: 100, per_address: 50 };
    await using world = await openWorld({
      config: {
        listen: { host: '127.0.0.1', port: listen, trusted_proxies: ['127.0.0.1'], connections },
        listen_operator: { host: '127.0.0.1', port: listenOperator, trusted_proxies: ['127.0.0.1'], connections },
        public_url: `http://127.0.0.1:${listen}`,
      },
    });
    const node = world.node();
    const { peers, operators } = await start(proxy, { ocpi: listen, ocpp: node.ocppPort ?? 0, operators: listenOperator });
    const outside = `http://127.0.0.1:${peers}`;
    const unknown = await fetch(`${outside}/ocpi/versions`, { headers: { Authorization: 'Token bm9uZQ==', 'X-Request-ID': 'through-a-proxy' } });
    expect([unknown.status, unknown.headers.get('x-request-id')]).toEqual([401, 'through-a-proxy']);
    for (const path of ['/api/v1/overview', '/metrics', '/health/ready', '/console/']) expect((await fetch(outside + path)).status).toBe(404);

    const { key } = await node.keys.add({ name: 'a test', scope: 'view' });
    const stream = await fetch(`http://127.0.0.1:${operators}/api/v1/events?after=0`, { headers: { Authorization: `Bearer ${key}` } });
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const evse = { evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) } as const;
    const connected = world.firstStep('station-connected');
    await using station = await plugInStation({
      ...{ id: 'CP-201', password: world.settings().charge_points[1]?.password ?? '', version: '2.0.1', evses: [evse] },
      ...{ url: `ws://127.0.0.1:${peers}/ocpp`, clock: realClock() },
    });
    expect((await connected).station).toBe('CP-201');
    await station.plugIn(1, { car: buildCar(), idToken: badge });
    let text = '';
    while (!text.includes('\ndata: ')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
  });
});

test('OPS-D15: the configuration of Traefik routes three kinds of clients to the three ports of a node', () => {
  const { http } = parse(page('traefik.yaml'));
  const urls = Object.values<{ service: string }>(http.routers).map(({ service }) => [service, http.services[service].loadBalancer.servers[0].url]);
  expect(Object.fromEntries(urls)).toEqual({ ocpi: 'http://127.0.0.1:8080', ocpp: 'http://127.0.0.1:9220', operators: 'http://127.0.0.1:8081' });
  for (const { middlewares = [] } of Object.values<{ middlewares?: string[] }>(http.routers))
    for (const name of middlewares) expect(http.middlewares).toHaveProperty(name);
});
