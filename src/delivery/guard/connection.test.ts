import { once } from 'node:events';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAuthority, type Identity } from '../../../test/certificates.ts';
import { portOf } from '../../../test/raw-peer.ts';
import type { Answer } from './answer.ts';
import { createGuardedClient } from './guarded-client.ts';

const authority = createAuthority('Test Authority');
const otherAuthority = createAuthority('Other Authority');

/** Starts an HTTPS server with this certificate; it answers with the host name of TLS and of HTTP. */
async function startPeer(identity: Identity): Promise<number> {
  const server = createServer({ cert: identity.cert, key: identity.key }, (request, response) => {
    const { servername } = request.socket as TLSSocket; // node:http types every socket as plain
    response.end(`${String(servername)} ${request.headers.host}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server);
}

async function get(host: string, port: number, ca: readonly string[] = [authority.cert]): Promise<Answer> {
  await using client = createGuardedClient({ userAgent: 'evenkeel/test', insecureHttp: true, resolve: async () => ['127.0.0.1'], ca });
  const url = `https://${host}:${port}`;
  return await client.request({ peer: 'NLCPO', origins: new Set([url]), method: 'GET', url, headers: {} });
}

describe('private networks', () => {
  const reaching = async (host: string, reachable: readonly string[], resolved: readonly string[] = ['127.0.0.1']) => {
    const port = await startPeer(authority.issue(host));
    await using client = createGuardedClient({
      userAgent: 'evenkeel/test',
      insecureHttp: false,
      reachable,
      resolve: async () => resolved,
      ca: [authority.cert],
    });
    const url = `https://${host}:${port}`;
    return await client.request({ peer: 'NLCPO', origins: new Set([url]), method: 'GET', url, headers: {} });
  };

  test('F-85: a peer at an address that is listed is contacted, by its name and by its address', async () => {
    expect(await reaching('cpo.example', ['127.0.0.1'])).toMatchObject({ is: 'ANSWERED', status: 200 });
    expect(await reaching('127.0.0.1', ['127.0.0.1/32'])).toMatchObject({ is: 'ANSWERED', status: 200 });
  });

  test('F-85: a peer at another address is refused, and the failure names the setting', async () => {
    const blocked = { is: 'FAILED', because: 'origin_blocked', sent: false, detail: expect.stringContaining('reachable') };
    expect(await reaching('cpo.example', ['10.0.0.0/8'])).toMatchObject(blocked);
    expect(await reaching('cpo.example', ['127.0.0.0/8'])).toMatchObject(blocked);
    expect(await reaching('cpo.example', ['127.0.0.1'], ['127.0.0.1', '10.0.0.1'])).toMatchObject(blocked);
    expect(await reaching('127.0.0.1', ['10.0.0.0/8'])).toMatchObject(blocked);
  });
});

describe('trust in certificates', () => {
  test('F-85: the failure of an unknown authority says where to name it', async () => {
    const answer = await get('cpo.example', await startPeer(otherAuthority.issue('cpo.example')));
    expect(answer).toMatchObject({ because: 'tls', detail: expect.stringMatching(/tls\.ca_file.*NODE_EXTRA_CA_CERTS/) });
  });

  test('TRN-10: a peer with a valid certificate is contacted by its host name', async () => {
    const port = await startPeer(authority.issue('cpo.example'));
    expect(await get('cpo.example', port)).toMatchObject({ is: 'ANSWERED', body: `cpo.example cpo.example:${port}` });
  });

  test('TRN-10: a literal address needs a certificate for that address, and is not sent as SNI', async () => {
    expect(await get('127.0.0.1', await startPeer(authority.issue('127.0.0.1')))).toMatchObject({ is: 'ANSWERED', body: expect.stringMatching(/^false 127/) });
    expect(await get('127.0.0.1', await startPeer(authority.issue('cpo.example')))).toMatchObject({ because: 'tls', sent: false });
  });

  test.each([
    ['expired', authority.issue('cpo.example', 'expired'), 'expired'],
    ['for another host', authority.issue('evil.example'), 'altnames'],
    ['of an unknown authority', otherAuthority.issue('cpo.example'), 'verify'],
  ])('TRN-10: a certificate that is %s is refused before any byte of the request is sent', async (_name, identity, detail) => {
    const answer = await get('cpo.example', await startPeer(identity));
    expect(answer).toMatchObject({ is: 'FAILED', because: 'tls', sent: false, detail: expect.stringContaining(detail) });
  });

  test('TRN-10: a self-signed certificate is refused', async () => {
    const answer = await get('cpo.example', await startPeer(createAuthority('cpo.example')));
    expect(answer).toMatchObject({ because: 'tls', sent: false, detail: expect.stringContaining('self-signed') });
  });

  test('TRN-10: an authority that is not configured is not trusted', async () => {
    expect(await get('cpo.example', await startPeer(authority.issue('cpo.example')), [])).toMatchObject({ because: 'tls', sent: false });
  });
});
