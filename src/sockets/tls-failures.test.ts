import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { createServer, get } from 'node:https';
import { expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { createAuthority } from '../../test/certificates.ts';
import { portOf } from '../../test/raw-peer.ts';
import { epochMillis } from '../domain/units.ts';
import { meaningOf, reportTlsFailures, type TlsFailure } from './tls-failures.ts';

test.each([
  ['ERR_SSL_HTTP_REQUEST', 'plain HTTP', 'https://'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'does not trust our certificate', 'authority'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'does not trust our certificate', 'authority'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'too old', 'TLS 1.2'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'no cipher', 'RSA or EC'],
  ['ECONNRESET', 'closed the connection', 'trust'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'in time', 'network'],
  ['ERR_SSL_ANYTHING_ELSE', 'failed', 'compare'],
])('F-76: the error %s of a handshake is explained: %s', (code, why, mend) => {
  const meaning = meaningOf(Object.assign(new Error('text'), { code }));
  expect(meaning.why).toContain(why);
  expect(meaning.why).toContain(code);
  expect(meaning.mend).toContain(mend);
});

test('F-76: a server reports a client without TLS and one that does not trust it, but not each of many, and no good one', async () => {
  const authority = createAuthority('Test CA');
  const server = createServer(authority.issue('127.0.0.1'), (_request, response) => void response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  const clock = virtualClock(epochMillis(0));
  const failures: TlsFailure[] = [];
  const waiters: (() => void)[] = [];
  const reported = () => new Promise<void>((resolve) => void waiters.push(resolve));
  reportTlsFailures(server, clock, (failure) => {
    failures.push(failure);
    for (const resolve of waiters.splice(0)) resolve();
  });
  const closed = (sent: ClientRequest) => new Promise<void>((resolve) => void sent.on('error', () => undefined).on('close', () => resolve()));
  const plain = () => closed(request({ port, host: '127.0.0.1', agent: false }).end());

  const first = reported();
  await plain();
  await first;
  const [answer] = await once(get({ port, host: '127.0.0.1', ca: authority.cert, agent: false }), 'response');
  answer.resume();
  await clock.advance(10_000);
  const untrusting = reported();
  await closed(get({ port, host: '127.0.0.1', agent: false }));
  await untrusting;
  await clock.advance(10_000);
  const third = reported();
  await plain();
  await third;
  const left = once(server, 'tlsClientError');
  await plain();
  await left;
  await clock.advance(10_000);
  const fifth = reported();
  await plain();
  await fifth;
  expect(failures).toMatchObject([
    { address: '127.0.0.1', why: expect.stringContaining('plain HTTP'), more: 0 },
    { address: '127.0.0.1', why: expect.stringContaining('the client closed the connection'), mend: expect.stringContaining('trust'), more: 0 },
    { why: expect.stringContaining('plain HTTP'), more: 0 },
    { why: expect.stringContaining('plain HTTP'), more: 1 },
  ]);
  server.closeAllConnections();
  await once(server.close(), 'close');
});
