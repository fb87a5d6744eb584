import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { plainAnswer } from '../../../test/raw-peer.ts';
import { failureOf, manualTimers, openRawPeer, resultPost, testClient } from '../../../test/test-client.ts';
import type { Answer } from './answer.ts';
import { InFlight } from './in-flight.ts';

const head = 'HTTP/1.1 200 OK\r\n';
const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
/** Writes as fast as the other side reads, until it closes the connection. */
function pour(socket: Socket, piece: string, start = '') {
  socket.write(start);
  while (socket.writable && socket.write(piece));
  if (socket.writable) socket.once('drain', () => pour(socket, piece));
}

describe('SEC-07: a hostile answer becomes a failure with a cause', () => {
  const hostile: readonly [name: string, because: string, say: (socket: Socket) => void][] = [
    ['an endless body', 'bad_body', (socket) => pour(socket, chunk, `${head}transfer-encoding: chunked\r\n\r\n`)],
    ['a body with Content-Length 1 TB', 'bad_body', (socket) => socket.write(`${head}content-length: 1099511627776\r\n\r\nx`)],
    ['a body one byte too long', 'bad_body', (socket) => socket.write(`${head}content-length: 65537\r\n\r\n${'x'.repeat(65_537)}`)],
    ['a gzip bomb', 'bad_body', (socket) => socket.write(Buffer.concat([Buffer.from(`${head}content-encoding: gzip\r\nconnection: close\r\n\r\n`), bomb]))],
    ['10,000 headers', 'bad_body', (socket) => socket.write(`${head}${Array.from({ length: 10_000 }, (_, n) => `x-${n}: 1\r\n`).join('')}\r\n`)],
    ['endless headers', 'bad_body', (socket) => pour(socket, `x-long: ${'y'.repeat(1_000)}\r\n`, head)],
    ['one header of 20 kB', 'bad_body', (socket) => socket.write(`${head}x-long: ${'y'.repeat(20_000)}\r\n\r\n`)],
    ['a loop of 100 Continue', 'bad_body', (socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
    ['a loop of 103 Early Hints', 'bad_body', (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n')],
    [
      'an answer 101 Switching Protocols',
      'bad_body',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: ws\r\nconnection: upgrade\r\n\r\n'),
    ],
    ['something that is not HTTP', 'bad_body', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
    [
      'Content-Length and Transfer-Encoding together',
      'bad_body',
      (socket) => socket.write(`${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    ],
    ['a negative Content-Length', 'bad_body', (socket) => socket.write(`${head}content-length: -1\r\n\r\n`)],
    ['a folded header', 'bad_body', (socket) => socket.write(`${head}x-a: b\r\n c\r\ncontent-length: 0\r\n\r\n`)],
    ['bare line feeds', 'bad_body', (socket) => socket.write('HTTP/1.1 200 OK\ncontent-length: 0\n\n')],
    ['an incomplete body and a reset', 'bad_body', (socket) => socket.write(`${head}content-length: 9\r\n\r\nx`, () => socket.resetAndDestroy())],
    ['an incomplete body and a close', 'bad_body', (socket) => socket.end(`${head}content-length: 9\r\n\r\nx`)],
    ['a reset instead of an answer', 'reset_after_send', (socket) => socket.resetAndDestroy()],
    ['a close instead of an answer', 'reset_after_send', (socket) => socket.end()],
    ['a close within the headers', 'reset_after_send', (socket) => socket.end(`${head}x-head`)],
    ['silence', 'timeout', () => {}],
    ['half a status line and silence', 'timeout', (socket) => socket.write('HTTP/1.1 2')],
  ];
  const bomb = gzipSync(Buffer.alloc(10_000_000));

  test.each(hostile)('SEC-07: %s fails as %s', async (_name, because, say) => {
    const peer = await openRawPeer(say);
    // Only a case that waits for the end of the time has a short one.
    const answer = await testClient(because === 'timeout' ? { limits: { headersMs: 50 } } : {}).request(resultPost(peer.origin));
    expect(failureOf(answer)).toEqual({ because, sent: true });
  });

  test('SEC-07: a slow body fails when the time for the whole request is over', async () => {
    const clock = manualTimers();
    const peer = await openRawPeer((socket) => socket.write(`${head}content-length: 1000\r\n\r\nx`));
    const answer = testClient({ clock }).request(resultPost(peer.origin, { totalTimeoutMs: 7_000 }));
    await peer.waitForText('ACCEPTED');
    clock.end(7_000);
    expect(failureOf(await answer)).toEqual({ because: 'timeout', sent: true });
    expect(clock.waiting()).toEqual([]);
  });

  test('SEC-07: a lookup without an answer fails when the time to connect is over', async () => {
    const clock = manualTimers();
    const answer = testClient({ clock, resolve: () => new Promise(() => {}) }).request(resultPost('https://cpo.example/'));
    clock.end(3_000);
    expect(failureOf(await answer)).toEqual({ because: 'timeout', sent: false });
  });

  test('SEC-07: a peer that accepts the connection but does not answer in TLS fails when the time to connect is over', async () => {
    const clock = manualTimers();
    const closed = Promise.withResolvers<void>();
    const peer = await openRawPeer((socket) => socket.once('close', () => closed.resolve()));
    const answer = testClient({ clock }).request(resultPost(`https://127.0.0.1:${peer.port}/`));
    await peer.waitForText('\u0016\u0003'); // its first TLS record
    clock.end(3_000);
    expect(failureOf(await answer)).toEqual({ because: 'timeout', sent: false });
    await closed.promise;
  });

  test('SEC-07: a body of exactly 64 kB is read, and up to 4 MB when the request allows it', async () => {
    const answerOf = (bytes: number) => openRawPeer((socket) => socket.write(plainAnswer('x'.repeat(bytes))));
    const [usual, large, over] = [await answerOf(65_536), await answerOf(4_194_304), await answerOf(4_194_305)];
    const client = testClient();
    expect(await client.request(resultPost(usual.origin))).toMatchObject({ is: 'ANSWERED' });
    expect(await client.request(resultPost(large.origin, { maxBodyBytes: 4_194_304 }))).toMatchObject({ is: 'ANSWERED' });
    expect(failureOf(await client.request(resultPost(over.origin, { maxBodyBytes: 9_999_999 })))).toEqual({ because: 'bad_body', sent: true });
  });

  test('SEC-42: a peer that occupies all its connections does not delay other peers', async () => {
    const peer = await openRawPeer((socket) => {
      if (peer.received.at(-1)?.includes('x-peer: DEEMP')) socket.write(plainAnswer('{}'));
    });
    const client = testClient({ limits: { connections: 2 } });
    const stuck = Array.from({ length: 10 }, () => client.request(resultPost(peer.origin, { headers: { 'x-peer': 'NLCPO' } })));
    expect(await client.request(resultPost(peer.origin, { peer: 'DEEMP', headers: { 'x-peer': 'DEEMP' } }))).toMatchObject({ is: 'ANSWERED' });
    await client[Symbol.asyncDispose]();
    expect((await Promise.all(stuck)).map((answer) => answer.is)).toEqual(Array(10).fill('FAILED'));
  });
});

describe('TRN-53: a request is sent once or not at all', () => {
  test('TRN-53: when an idle connection breaks on reuse, the request is not sent again', async () => {
    const peer = await openRawPeer((socket, request) => (request === 1 ? socket.write(plainAnswer('{}')) : socket.resetAndDestroy()));
    const client = testClient({ limits: { connections: 1 } });
    for (const method of ['GET', 'PUT'] as const) {
      const { body: _none, ...bare } = resultPost(peer.origin, { method });
      expect(await client.request(bare)).toMatchObject({ is: 'ANSWERED' });
      expect(failureOf(await client.request({ ...bare, headers: { 'x-second': method } }))).toEqual({ because: 'reset_after_send', sent: true });
    }
    expect(peer.received.join('').match(/x-second/g)).toHaveLength(2);
  });

  test('TRN-53: a repetition by the HTTP library is stopped', () => {
    const answers: Answer[] = [];
    const flight = new InFlight(1, (answer) => answers.push(answer));
    const controller = { aborted: false, paused: false, reason: null, abort: () => {}, pause: () => {}, resume: () => {} };
    flight.onRequestStart(controller);
    expect(() => flight.onRequestStart(controller)).toThrow('the request was cancelled');
    expect(answers.map(failureOf)).toEqual([{ because: 'reset_after_send', sent: true }]);
  });

  test('TRN-53: a request that times out in the queue is not sent later, and the connection stays in use', async () => {
    const clock = manualTimers();
    const held: Socket[] = [];
    const peer = await openRawPeer((socket, request) => (request === 1 ? void held.push(socket) : socket.write(plainAnswer('{}'))));
    const client = testClient({ clock, limits: { connections: 1 } });
    const first = client.request(resultPost(peer.origin, { totalTimeoutMs: 1_001 }));
    const second = client.request(resultPost(peer.origin, { totalTimeoutMs: 1_002, headers: { 'x-second': '1' } }));
    await peer.waitForText('ACCEPTED');
    clock.end(1_002);
    expect(failureOf(await second)).toEqual({ because: 'timeout', sent: false });
    held[0]?.write(plainAnswer('{}'));
    expect([await first, await client.request(resultPost(peer.origin))]).toMatchObject([{ is: 'ANSWERED' }, { is: 'ANSWERED' }]);
    expect([peer.connections(), peer.received.join('').includes('x-second')]).toEqual([1, false]);
  });

  test('a caller may abort it, before and after it was sent', async () => {
    const peer = await openRawPeer(() => {});
    const caller = new AbortController();
    const client = testClient();
    const answer = client.request(resultPost(peer.origin, { signal: caller.signal }));
    await peer.waitForText('ACCEPTED');
    caller.abort();
    expect(failureOf(await answer)).toEqual({ because: 'timeout', sent: true });
    expect(failureOf(await client.request(resultPost(peer.origin, { signal: caller.signal })))).toEqual({ because: 'timeout', sent: false });
    expect(failureOf(await client.request(resultPost(peer.origin, { totalTimeoutMs: 0 })))).toEqual({ because: 'timeout', sent: false });
  });
});
