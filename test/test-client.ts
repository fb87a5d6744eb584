import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Answer } from '../src/delivery/guard/answer.ts';
import { createGuardedClient, type GuardedClientOptions, type PeerRequest } from '../src/delivery/guard/guarded-client.ts';
import { plainAnswer, type RawPeer, startRawPeer } from './raw-peer.ts';

/** A client for a laboratory, where peers stand on this machine; each test says what differs. */
export function testClient(options: Partial<GuardedClientOptions> = {}) {
  const client = createGuardedClient({ userAgent: 'evenkeel/test', insecureHttp: true, ...options });
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}
/** A client as it runs in service: https and public addresses only. */
export const productionClient = (options: Partial<GuardedClientOptions> = {}) => testClient({ insecureHttp: false, ...options });

/** A raw peer that is gone when its test is over. */
export async function openRawPeer(say: (socket: Socket, request: number) => void, host?: string, port?: number): Promise<RawPeer> {
  const peer = await startRawPeer(say, host, port);
  onTestFinished(() => peer[Symbol.asyncDispose]());
  return peer;
}
/** A peer that answers everything with an empty object. */
export const openAnsweringPeer = () => openRawPeer((socket) => socket.write(plainAnswer('{}')));
/** A listener that nobody should reach: what counts is that its `connections()` stay 0. */
export const openForbiddenPeer = () => openAnsweringPeer();

/** The call-back of an accepted request, to a peer known by the origin of `url` alone. */
export const resultPost = (url: string, more: Partial<PeerRequest> = {}): PeerRequest => ({
  peer: 'NLCPO',
  origins: new Set([URL.parse(url)?.origin ?? '']),
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"result":"ACCEPTED"}',
  ...more,
});

/** A clock whose waits end when the test says so, each known by its length. */
export function manualTimers() {
  const waits = new Map<number, () => void>();
  const after = (milliseconds: number, then: () => void) => {
    waits.set(milliseconds, then);
    return () => waits.delete(milliseconds);
  };
  return { after, end: (milliseconds: number) => waits.get(milliseconds)?.(), waiting: () => [...waits.keys()] };
}

/** Of a failure, what the delivery looks at. */
export const failureOf = (answer: Answer) => (answer.is === 'FAILED' ? { because: answer.because, sent: answer.sent } : answer);
