import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { stationId } from '../domain/ids.ts';
import { basic, type Dialing, dial, openWorld, PASSWORD } from './bare-station.fixture.ts';
import type { Credential } from './credentials.ts';
import { ca, cp1Cert, cp1Key, cp2Cert, cp2Key, rogueCert, rogueKey, serverCert, serverKey } from './tls.fixture.ts';

const tls = { key: serverKey, cert: serverCert, ca };
const refused = (status: number) => `HTTP ${status}`;

/** What an upgrade with these headers is answered, byte for byte. */
async function knock(port: number, headers: readonly string[], path = '/ocpp/CP1'): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const lines = [
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('SEC-30: who cannot prove to be the station is refused before the upgrade', () => {
  test.each<[string, Dialing]>([
    ['no credential', { authorization: undefined }],
    ['an unknown id', { id: 'CP99' }],
    ['a wrong password', { authorization: basic('CP1', 'wrong password!!') }],
    ['an empty password', { authorization: basic('CP1', '') }],
    ['the password of no one', { authorization: basic('', PASSWORD) }],
    ['another user than the id in the URL', { authorization: basic('CP2', PASSWORD) }],
    ['another scheme', { authorization: `Bearer ${PASSWORD}` }],
    ['an id that differs by letter case', { id: 'cp1' }],
    ['an inherited name', { id: '__proto__' }],
  ])('%s', async (_case, dialing) => {
    await using world = await openWorld();
    await expect(dial(world.server.port, dialing)).rejects.toThrow(refused(401));
    expect(world.host.steps).toEqual([]);
    expect(world.server.counts()).toEqual({ 'refused-unauthorized': 1 });
  });

  test('an unknown station and a wrong password get the same bytes', async () => {
    await using world = await openWorld();
    const { port } = world.server;
    const unknown = await knock(port, [`Authorization: ${basic('CP99', PASSWORD)}`], '/ocpp/CP99');
    const wrong = await knock(port, [`Authorization: ${basic('CP1', 'wrong')}`]);
    expect(unknown).toMatch(/^HTTP\/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic/);
    expect(wrong).toBe(unknown);
  });

  test('a station of profile 3 cannot come with a password, nor one of profile 1 with a certificate', async () => {
    const credentialOf = (): Credential => ({ certificate: {} });
    await using passwords = await openWorld({ credentialOf });
    await expect(dial(passwords.server.port)).rejects.toThrow(refused(401));
    await using certificates = await openWorld({ securityProfile: 3, tls });
    await expect(dial(certificates.server.port, { secure: { ca, key: cp1Key, cert: cp1Cert } })).rejects.toThrow(refused(401));
  });

  test('profile 2: a password over TLS is taken, the same password without TLS is not', async () => {
    await using world = await openWorld({ securityProfile: 2, tls });
    const station = await dial(world.server.port, { secure: { ca } });
    expect((await station.tell('Heartbeat', {}))[0]).toBe(3);
    await expect(dial(world.server.port)).rejects.toThrow();
  });

  const certificates = { CP1: { ca, key: cp1Key, cert: cp1Cert }, CP2: { ca, key: cp2Key, cert: cp2Cert }, stranger: { ca, key: rogueKey, cert: rogueCert } };
  test('profile 3: the certificate whose common name is the id', async () => {
    await using world = await openWorld({ securityProfile: 3, tls, credentialOf: () => ({ certificate: {} }) });
    const { port } = world.server;
    const station = await dial(port, { authorization: undefined, secure: certificates.CP1 });
    expect((await station.tell('Heartbeat', {}))[0]).toBe(3);
    await expect(dial(port, { authorization: undefined, secure: certificates.CP2 })).rejects.toThrow(refused(401));
    await expect(dial(port, { authorization: undefined, secure: certificates.stranger })).rejects.toThrow(refused(401));
    await expect(dial(port, { secure: { ca } })).rejects.toThrow(refused(401));
  });

  test('profile 3: a pinned certificate is the only one that is taken', async () => {
    await using world = await openWorld({ securityProfile: 3, tls, credentialOf: () => ({ certificate: { fingerprint: 'ab'.repeat(32) } }) });
    await expect(dial(world.server.port, { authorization: undefined, secure: certificates.CP1 })).rejects.toThrow(refused(401));
  });

  test('TLS profiles without a key are refused with the mend', async () => {
    await expect(openWorld({ securityProfile: 2 })).rejects.toThrow('needs TLS: give key and cert');
  });

  test('an AuthorizationKey that is configured as hex may come as its bytes', async () => {
    const key = '00ff10a0b0c0d0e0f0112233445566778899aabb';
    await using world = await openWorld({ credentialOf: () => ({ password: key }) });
    const bytes = Buffer.concat([Buffer.from('CP1:'), Buffer.from(key, 'hex')]);
    const station = await dial(world.server.port, { authorization: `Basic ${bytes.toString('base64')}` });
    expect((await station.tell('Heartbeat', {}))[0]).toBe(3);
  });

  test('SEC-24: knocking a thousand times fills a few lines', async () => {
    await using world = await openWorld();
    for (let knocks = 0; knocks < 50; knocks += 1) await knock(world.server.port, [`Authorization: ${basic('CP1', 'wrong')}`]);
    expect(world.log).toHaveLength(1);
    expect(world.server.counts()['refused-unauthorized']).toBe(50);
  });
});

describe('the subprotocol is negotiated for each connection', () => {
  test.each([
    [['ocpp1.6'], 'ocpp1.6', '1.6'],
    [['ocpp1.6', 'ocpp2.0.1'], 'ocpp2.0.1', '2.0.1'],
    [['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'], 'ocpp2.1', '2.1'],
    [['ocpp2.0', 'ocpp1.6'], 'ocpp1.6', '1.6'],
  ])('of %j the newest that both speak is taken', async (protocols, chosen, version) => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { protocols });
    expect(station.socket.protocol).toBe(chosen);
    await station.tell('Heartbeat', {});
    expect(world.server.station(stationId('CP1'))?.version).toBe(version);
  });

  test.each([[['ocpp1.5']], [['ocpp2.0']], [[]]])('of %j none is taken', async (protocols) => {
    await using world = await openWorld();
    await expect(dial(world.server.port, { protocols })).rejects.toThrow(refused(400));
    expect(world.log).toEqual([expect.stringContaining('refused-subprotocol')]);
  });
});

describe('what else comes to the door', () => {
  test.each(['/', '/ocpp', '/ocpp/', '/ocpp/a/b', '/ocpp/%E0%A4%A', `/ocpp/${'x'.repeat(256)}`])('%s is no station', async (path) => {
    await using world = await openWorld();
    await expect(dial(world.server.port, { path })).rejects.toThrow(refused(404));
  });

  test('an id may be percent-encoded, and a slash may follow it', async () => {
    await using world = await openWorld();
    const station = await dial(world.server.port, { path: '/ocpp/%43P1/' });
    expect((await station.tell('Heartbeat', {}))[0]).toBe(3);
  });

  test('a plain request is told to upgrade', async () => {
    await using world = await openWorld();
    expect((await fetch(`http://127.0.0.1:${world.server.port}/ocpp/CP1`)).status).toBe(426);
  });

  test('SEC-32: 2,001 headers neither come in nor hurt', async () => {
    await using world = await openWorld();
    const headers = Array.from({ length: 2001 }, (_, i) => `x${i}: 1`);
    expect(await knock(world.server.port, headers)).toMatch(/^HTTP\/1.1 4/);
    expect((await (await dial(world.server.port)).tell('Heartbeat', {}))[0]).toBe(3);
  });

  test('SEC-23: a socket that does not come to the point is closed', async () => {
    await using world = await openWorld({ limits: { upgradeWithin: 50 } });
    const silent = connect(world.server.port, '127.0.0.1');
    const dawdler = connect(world.server.port, '127.0.0.1');
    dawdler.write('GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n');
    const ends = [silent, dawdler].map((socket) => new Promise<string>((done) => socket.resume().once('close', () => done('closed'))));
    expect(await Promise.all(ends)).toEqual(['closed', 'closed']);
  });

  test('a store that fails to say who the station is lets no one in', async () => {
    await using world = await openWorld({
      credentialOf: () => {
        throw new Error('store is away');
      },
    });
    await expect(dial(world.server.port)).rejects.toThrow(refused(503));
    expect(world.log).toEqual([expect.stringContaining('store is away')]);
  });
});
