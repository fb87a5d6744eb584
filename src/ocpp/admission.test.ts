import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { stationId } from '../domain/ids.ts';
import { basic, type ConnectOptions, connectStation, openWorld, PASSWORD } from './bare-station.fixture.ts';
import type { Credential } from './credentials.ts';
import { ca, cp1Cert, cp1Key, cp2Cert, cp2Key, selfSignedCert, selfSignedKey, serverCert, serverKey } from './tls.fixture.ts';

const tls = { key: serverKey, cert: serverCert, ca };
const refused = (status: number) => `HTTP ${status}`;

/** Sends an upgrade with these headers; resolves with the raw answer. */
async function rawUpgrade(port: number, headers: readonly string[], path = '/ocpp/CP1'): Promise<string> {
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

describe('SEC-30: a station without a valid credential is refused before the upgrade', () => {
  test.each<[string, ConnectOptions]>([
    ['no credential', { authorization: undefined }],
    ['an unknown id', { id: 'CP99' }],
    ['a wrong password', { authorization: basic('CP1', 'wrong password!!') }],
    ['an empty password', { authorization: basic('CP1', '') }],
    ['an empty user', { authorization: basic('', PASSWORD) }],
    ['another user than the id in the URL', { authorization: basic('CP2', PASSWORD) }],
    ['another scheme', { authorization: `Bearer ${PASSWORD}` }],
    ['an id that differs by letter case', { id: 'cp1' }],
    ['the name of an object property', { id: '__proto__' }],
  ])('%s', async (_case, options) => {
    await using world = await openWorld();
    await expect(connectStation(world.server.port, options)).rejects.toThrow(refused(401));
    expect(world.host.steps).toEqual([]);
    expect(world.server.counts()).toEqual({ 'refused-unauthorized': 1 });
  });

  test('after fifty wrong passwords in a row further ones are refused unchecked, for this station only', async () => {
    await using world = await openWorld();
    const guess = () => connectStation(world.server.port, { authorization: basic('CP1', 'wrong password!!') });
    for (let n = 0; n < 50; n++) await expect(guess()).rejects.toThrow(refused(401));
    await expect(guess()).rejects.toThrow(refused(429));
    await expect(connectStation(world.server.port)).rejects.toThrow(refused(429));
    await expect(connectStation(world.server.port, { id: 'CP99' })).rejects.toThrow(refused(401));
    expect(world.server.counts()).toMatchObject({ 'refused-throttled': 2 });
  });

  test('an unknown station and a wrong password get the same bytes', async () => {
    await using world = await openWorld();
    const { port } = world.server;
    const unknown = await rawUpgrade(port, [`Authorization: ${basic('CP99', PASSWORD)}`], '/ocpp/CP99');
    const wrong = await rawUpgrade(port, [`Authorization: ${basic('CP1', 'wrong')}`]);
    expect(unknown).toMatch(/^HTTP\/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic/);
    expect(wrong).toBe(unknown);
  });

  test('profile 3 takes no password, and profile 1 no certificate', async () => {
    const credentialOf = (): Credential => ({ certificate: {} });
    await using passwords = await openWorld({ credentialOf });
    await expect(connectStation(passwords.server.port)).rejects.toThrow(refused(401));
    await using certificates = await openWorld({ securityProfile: 3, tls });
    await expect(connectStation(certificates.server.port, { secure: { ca, key: cp1Key, cert: cp1Cert } })).rejects.toThrow(refused(401));
  });

  test('profile 2: a password over TLS is accepted, the same password without TLS is not', async () => {
    await using world = await openWorld({ securityProfile: 2, tls });
    const station = await connectStation(world.server.port, { secure: { ca } });
    expect((await station.call('Heartbeat', {}))[0]).toBe(3);
    await expect(connectStation(world.server.port)).rejects.toThrow();
  });

  const certificates = {
    CP1: { ca, key: cp1Key, cert: cp1Cert },
    CP2: { ca, key: cp2Key, cert: cp2Cert },
    selfSigned: { ca, key: selfSignedKey, cert: selfSignedCert },
  };
  test('profile 3: only a certificate of the CA whose common name is the station id is accepted', async () => {
    await using world = await openWorld({ securityProfile: 3, tls, credentialOf: () => ({ certificate: {} }) });
    const { port } = world.server;
    const station = await connectStation(port, { authorization: undefined, secure: certificates.CP1 });
    expect((await station.call('Heartbeat', {}))[0]).toBe(3);
    await expect(connectStation(port, { authorization: undefined, secure: certificates.CP2 })).rejects.toThrow(refused(401));
    await expect(connectStation(port, { authorization: undefined, secure: certificates.selfSigned })).rejects.toThrow(refused(401));
    await expect(connectStation(port, { secure: { ca } })).rejects.toThrow(refused(401));
  });

  test('profile 3: with a pinned fingerprint, only that certificate is accepted', async () => {
    await using world = await openWorld({ securityProfile: 3, tls, credentialOf: () => ({ certificate: { fingerprint: 'ab'.repeat(32) } }) });
    await expect(connectStation(world.server.port, { authorization: undefined, secure: certificates.CP1 })).rejects.toThrow(refused(401));
  });

  test('a TLS profile without a key fails, and the error names the fix', async () => {
    await expect(openWorld({ securityProfile: 2 })).rejects.toThrow('needs TLS: give key and cert');
  });

  test('an AuthorizationKey configured as hex may be sent as bytes', async () => {
    const key = '00ff10a0b0c0d0e0f0112233445566778899aabb';
    await using world = await openWorld({ credentialOf: () => ({ password: key }) });
    const bytes = Buffer.concat([Buffer.from('CP1:'), Buffer.from(key, 'hex')]);
    const station = await connectStation(world.server.port, { authorization: `Basic ${bytes.toString('base64')}` });
    expect((await station.call('Heartbeat', {}))[0]).toBe(3);
  });

  test('SEC-24: fifty refused attempts make one log line', async () => {
    await using world = await openWorld();
    for (let attempt = 0; attempt < 50; attempt += 1) await rawUpgrade(world.server.port, [`Authorization: ${basic('CP1', 'wrong')}`]);
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
  ])('of %j the newest version that both support is chosen', async (protocols, chosen, version) => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { protocols });
    expect(station.socket.protocol).toBe(chosen);
    await station.call('Heartbeat', {});
    expect(world.server.station(stationId('CP1'))?.version).toBe(version);
  });

  test.each([[['ocpp1.5']], [['ocpp2.0']], [[]]])('of %j none is supported', async (protocols) => {
    await using world = await openWorld();
    await expect(connectStation(world.server.port, { protocols })).rejects.toThrow(refused(400));
    expect(world.log).toEqual([expect.stringContaining('refused-subprotocol')]);
  });
});

describe('other requests to the server', () => {
  test.each(['/', '/ocpp', '/ocpp/', '/ocpp/a/b', '/ocpp/%E0%A4%A', `/ocpp/${'x'.repeat(256)}`])('%s is not the path of a station', async (path) => {
    await using world = await openWorld();
    await expect(connectStation(world.server.port, { path })).rejects.toThrow(refused(404));
  });

  test('an id may be percent-encoded and followed by a slash', async () => {
    await using world = await openWorld();
    const station = await connectStation(world.server.port, { path: '/ocpp/%43P1/' });
    expect((await station.call('Heartbeat', {}))[0]).toBe(3);
  });

  test('a plain HTTP request gets 426 Upgrade Required', async () => {
    await using world = await openWorld();
    expect((await fetch(`http://127.0.0.1:${world.server.port}/ocpp/CP1`)).status).toBe(426);
  });

  test('SEC-32: a request with 2,001 headers is refused, and the server goes on', async () => {
    await using world = await openWorld();
    const headers = Array.from({ length: 2001 }, (_, i) => `x${i}: 1`);
    expect(await rawUpgrade(world.server.port, headers)).toMatch(/^HTTP\/1.1 4/);
    expect((await (await connectStation(world.server.port)).call('Heartbeat', {}))[0]).toBe(3);
  });

  test('SEC-23: a socket that does not complete its upgrade in time is closed', async () => {
    await using world = await openWorld({ limits: { upgradeTimeout: 50 } });
    const silent = connect(world.server.port, '127.0.0.1');
    const slow = connect(world.server.port, '127.0.0.1');
    slow.write('GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n');
    const ends = [silent, slow].map((socket) => new Promise<string>((done) => socket.resume().once('close', () => done('closed'))));
    expect(await Promise.all(ends)).toEqual(['closed', 'closed']);
  });

  test('when the store cannot deliver the credential, the station is refused with 503', async () => {
    await using world = await openWorld({
      credentialOf: () => {
        throw new Error('store is unavailable');
      },
    });
    await expect(connectStation(world.server.port)).rejects.toThrow(refused(503));
    expect(world.log).toEqual([expect.stringContaining('store is unavailable')]);
  });
});
