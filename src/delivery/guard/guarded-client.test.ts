import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { forbiddenUrls } from '../../../test/forbidden-urls.ts';
import { portOf } from '../../../test/raw-peer.ts';
import { failureOf, openAnsweringPeer, openForbiddenPeer, openRawPeer, productionClient, resultPost, testClient } from '../../../test/test-client.ts';
import { headerOf } from './answer.ts';

describe('a request to a peer', () => {
  test('CP-12: path and query reach the peer byte for byte, with the given headers and the client’s own', async () => {
    const peer = await openAnsweringPeer();
    const path = '/A%2Fb/../C//?request_id=a|b&u=https://x.example/y?z={1}';
    await testClient().request(resultPost(`${peer.origin}${path}`, { headers: { authorization: 'Token eA==', 'x-request-id': '1' } }));
    expect(peer.received[0]).toBe(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${peer.port}\r\nconnection: keep-alive\r\nuser-agent: evenkeel/test\r\naccept-encoding: identity\r\n` +
        'authorization: Token eA==\r\nx-request-id: 1\r\ncontent-length: 21\r\n\r\n{"result":"ACCEPTED"}',
    );
  });

  test('an answer with any status has its headers and body', async () => {
    const peer = await openRawPeer((socket) =>
      socket.write('HTTP/1.1 404 Not Found\r\nLink: <a>\r\nLink: <b>\r\nX-Limit: 5\r\ncontent-length: 3\r\n\r\n\u00e9!', 'utf8'),
    );
    const answer = await testClient().request(resultPost(peer.origin, { method: 'GET' }));
    expect(answer).toMatchObject({ is: 'ANSWERED', status: 404, body: '\u00e9!' });
    expect(answer.is === 'ANSWERED' && [headerOf(answer.headers, 'link'), headerOf(answer.headers, 'x-limit'), headerOf(answer.headers, 'date')]).toEqual([
      '<a>',
      '5',
      undefined,
    ]);
  });

  test('many concurrent requests share a limited number of connections', async () => {
    const peer = await openAnsweringPeer();
    const client = testClient({ limits: { connections: 3 } });
    const answers = await Promise.all(Array.from({ length: 60 }, () => client.request(resultPost(peer.origin))));
    expect(answers.filter((answer) => answer.is === 'ANSWERED')).toHaveLength(60);
    expect(peer.connections()).toBe(3);
  });

  test('SEC-21: a header with a line break is refused before anything is sent', async () => {
    const peer = await openForbiddenPeer();
    const answer = await testClient().request(resultPost(peer.origin, { headers: { 'ocpi-to-party-id': 'NL\r\nX: y' } }));
    expect([failureOf(answer), peer.connections()]).toEqual([{ because: 'refused', sent: false }, 0]);
  });

  test('a refused connection is a failure with sent: false', async () => {
    const peer = await openAnsweringPeer();
    await peer[Symbol.asyncDispose]();
    expect(failureOf(await testClient().request(resultPost(peer.origin)))).toEqual({ because: 'refused', sent: false });
  });

  test('a host name without an address fails as dns', async () => {
    const empty = testClient({ resolve: async () => [] });
    const broken = testClient({ resolve: async () => Promise.reject(new Error('SERVFAIL')) });
    expect(failureOf(await empty.request(resultPost('https://cpo.example/')))).toEqual({ because: 'dns', sent: false });
    expect(failureOf(await broken.request(resultPost('https://cpo.example/')))).toEqual({ because: 'dns', sent: false });
  });

  test('SEC-42: concurrent connections share one lookup, so that a slow name server occupies one thread', async () => {
    const peer = await openAnsweringPeer();
    let lookups = 0;
    const resolve = async () => {
      lookups += 1;
      return ['127.0.0.1'];
    };
    const client = testClient({ resolve });
    await Promise.all(Array.from({ length: 5 }, () => client.request(resultPost(`http://cpo.example:${peer.port}/`))));
    expect([lookups, peer.connections()]).toEqual([1, 5]);
  });

  test('SEC-28: the detail of a failure contains neither path nor query', async () => {
    const peer = await openRawPeer((socket) => socket.destroy());
    const answer = await testClient().request(resultPost(`${peer.origin}/r/secret?secret`));
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

describe('allowed targets of a request', () => {
  test('SEC-01: no URL of the corpus is connected to, even when its origin is registered and every name has a local address', async () => {
    const peer = await openForbiddenPeer();
    const six = await openRawPeer((socket) => socket.destroy(), '::1', peer.port);
    const client = productionClient({ resolve: async () => ['127.0.0.1'] });
    for (const url of forbiddenUrls(peer.port))
      expect([url, failureOf(await client.request(resultPost(url)))]).toEqual([url, { because: 'origin_blocked', sent: false }]);
    expect([peer.connections(), six.connections()]).toEqual([0, 0]);
  });

  test('SEC-01: with --insecure-http an origin that is not registered is still not connected to', async () => {
    const peer = await openForbiddenPeer();
    const client = testClient({ resolve: async () => ['127.0.0.1'] });
    const origins = new Set(['https://cpo.example', `https://cpo.example:${peer.port}`]);
    for (const url of forbiddenUrls(peer.port))
      expect([url, failureOf(await client.request(resultPost(url, { origins })))]).toEqual([url, { because: 'origin_blocked', sent: false }]);
    expect(peer.connections()).toBe(0);
  });

  test('SEC-02: requests of every method are checked', async () => {
    const peer = await openForbiddenPeer();
    const methods = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;
    const answers = await Promise.all(methods.map((method) => productionClient().request(resultPost(`https://127.0.0.1:${peer.port}/`, { method }))));
    expect(answers.map(failureOf)).toEqual(methods.map(() => ({ because: 'origin_blocked', sent: false })));
    expect(peer.connections()).toBe(0);
  });

  test.each([
    { set: ['127.0.0.1'] },
    { set: ['8.8.8.8', '127.0.0.1'] },
    { set: ['127.0.0.1', '8.8.8.8'] },
    { set: ['8.8.8.8', '::1'] },
    { set: ['8.8.8.8', '::ffff:127.0.0.1'] },
    { set: ['8.8.8.8', '::7f00:1'] },
    { set: ['8.8.8.8', '10.0.0.1'] },
    { set: ['8.8.8.8', '64:ff9b::7f00:1'] },
    { set: ['8.8.8.8', '127.1'] },
    { set: ['localhost'] },
  ])('SEC-03: a host name with the addresses $set is not connected to', async ({ set }) => {
    const peer = await openForbiddenPeer();
    const answer = await productionClient({ resolve: async () => set }).request(resultPost(`https://cpo.example:${peer.port}/`));
    expect([failureOf(answer), peer.connections()]).toEqual([{ because: 'origin_blocked', sent: false }, 0]);
  });

  test('SEC-03: a host name is looked up once for a connection, so that a second, different answer is not used', async () => {
    const peer = await openAnsweringPeer();
    const trap = await openRawPeer((socket) => socket.destroy(), '::1', peer.port);
    const answers = [['127.0.0.1'], ['::1']];
    const client = testClient({ resolve: async () => answers.shift() ?? [] });
    expect(await client.request(resultPost(`http://cpo.example:${peer.port}/`))).toMatchObject({ is: 'ANSWERED' });
    expect([answers, trap.connections()]).toEqual([[['::1']], 0]);
    expect(peer.received[0]).toContain(`host: cpo.example:${peer.port}\r\n`);
  });

  test('SEC-03: each new connection checks its own lookup', async () => {
    const peer = await openRawPeer((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}'));
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const client = testClient({ resolve: async () => answers.shift() ?? [] });
    expect(await client.request(resultPost(`http://cpo.example:${peer.port}/`))).toMatchObject({ is: 'ANSWERED' });
    expect(failureOf(await client.request(resultPost(`http://cpo.example:${peer.port}/`)))).toEqual({ because: 'origin_blocked', sent: false });
  });

  test.each([301, 302, 303, 307, 308, 300, 304])('SEC-04: HTTP %i is a failure and is not followed', async (status) => {
    const target = await openForbiddenPeer();
    const peer = await openRawPeer((socket) => socket.write(`HTTP/1.1 ${status} Elsewhere\r\nlocation: ${target.origin}/\r\ncontent-length: 0\r\n\r\n`));
    const origins = new Set([peer.origin, target.origin]);
    const answer = await testClient().request(resultPost(peer.origin, { origins }));
    expect([failureOf(answer), target.connections()]).toEqual([{ because: 'redirect', sent: true }, 0]);
  });

  test('SEC-05: proxies in environment variables are not used', async () => {
    const [proxy, peer] = [await openForbiddenPeer(), await openAnsweringPeer()];
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']) vi.stubEnv(name, proxy.origin);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    vi.stubEnv('NO_PROXY', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await testClient().request(resultPost(peer.origin))).toMatchObject({ is: 'ANSWERED' });
    expect([proxy.connections(), peer.connections()]).toEqual([0, 1]);
  });

  test('SEC-05: a connection is reused for its peer only; another peer gets its own', async () => {
    const peer = await openAnsweringPeer();
    const client = testClient({ limits: { connections: 1 } });
    for (const name of ['NLCPO', 'NLCPO', 'DEEMP', 'NLCPO']) await client.request(resultPost(peer.origin, { peer: name, headers: { 'x-peer': name } }));
    expect(peer.received.map((bytes) => bytes.match(/x-peer: \w+/g))).toEqual([Array(3).fill('x-peer: NLCPO'), ['x-peer: DEEMP']]);
  });

  test('SEC-06: a token is not sent to an origin of another peer', async () => {
    const [hub, party] = [await openForbiddenPeer(), await openForbiddenPeer()];
    const answer = await testClient().request(resultPost(`${party.origin}/r/1`, { origins: new Set([hub.origin]), headers: { authorization: 'Token eA==' } }));
    expect([failureOf(answer), hub.connections(), party.connections()]).toEqual([{ because: 'origin_blocked', sent: false }, 0, 0]);
  });
});

describe('closing a client', () => {
  test('a running request fails as reset_after_send, a later one as refused', async () => {
    const peer = await openRawPeer(() => {});
    const client = testClient();
    const answer = client.request(resultPost(peer.origin));
    await peer.waitForText('ACCEPTED');
    await client[Symbol.asyncDispose]();
    expect(failureOf(await answer)).toEqual({ because: 'reset_after_send', sent: true });
    expect(failureOf(await client.request(resultPost(peer.origin)))).toEqual({ because: 'refused', sent: false });
    expect(failureOf(await client.request(resultPost('http://127.0.0.1:1/')))).toEqual({ because: 'refused', sent: false });
  });

  test('forget closes a peer’s connections after its running requests', async () => {
    const server = createServer((_request, response) => void response.end('{}'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const client = testClient();
    const answer = client.request(resultPost(`http://127.0.0.1:${portOf(server)}/`));
    await client.forget('NLCPO');
    expect(await answer).toMatchObject({ is: 'ANSWERED' });
    expect(await client.request(resultPost(`http://127.0.0.1:${portOf(server)}/`))).toMatchObject({ is: 'ANSWERED' });
  });
});
