import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Answer } from '../src/delivery/guard/answer.ts';
import { createGuardedClient, type GuardedClientOptions, type PeerRequest } from '../src/delivery/guard/guarded-client.ts';
import { plainAnswer, type RawPeer, startRawPeer } from './raw-peer.ts';

/** A guarded client that may use plain http and this machine, as `insecure_http` allows. It is disposed when the test ends. */
export function testClient(options: Partial<GuardedClientOptions> = {}) {
  const client = createGuardedClient({ userAgent: 'evenkeel/test', insecureHttp: true, ...options });
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}
/** A guarded client as in production: https and public addresses only. */
export const productionClient = (options: Partial<GuardedClientOptions> = {}) => testClient({ insecureHttp: false, ...options });

/** Starts a raw peer that is stopped when the test ends. */
export async function openRawPeer(respond: (socket: Socket, request: number) => void, host?: string, port?: number): Promise<RawPeer> {
  const peer = await startRawPeer(respond, host, port);
  onTestFinished(() => peer[Symbol.asyncDispose]());
  return peer;
}
/** A peer that answers every request with an empty JSON object. */
export const openAnsweringPeer = () => openRawPeer((socket) => socket.write(plainAnswer('{}')));
/** A peer that no request may reach: the test expects that its `connections()` is 0. */
export const openForbiddenPeer = () => openAnsweringPeer();

/** A POST of a result to a peer whose only registered origin is that of `url`. */
export const resultPost = (url: string, more: Partial<PeerRequest> = {}): PeerRequest => ({
  peer: 'NLCPO',
  origins: new Set([URL.parse(url)?.origin ?? '']),
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"result":"ACCEPTED"}',
  ...more,
});

/** Timers that the test ends. Each is identified by its length in milliseconds. */
export function manualTimers() {
  const timers = new Map<number, () => void>();
  const after = (milliseconds: number, then: () => void) => {
    timers.set(milliseconds, then);
    return () => timers.delete(milliseconds);
  };
  return { after, end: (milliseconds: number) => timers.get(milliseconds)?.(), waiting: () => [...timers.keys()] };
}

/** The fields of a failed answer that the delivery of results uses; any other answer unchanged. */
export const failureOf = (answer: Answer) => (answer.is === 'FAILED' ? { because: answer.because, sent: answer.sent } : answer);
