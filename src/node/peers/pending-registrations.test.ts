import { expect, test } from 'vitest';
import { peerId } from '../../domain/ids.ts';
import type { Binding, Request } from '../../ocpi/binding.ts';
import { postCredentials } from '../../ocpi/credentials/post-credentials.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { acknowledged } from '../../ocpi/envelope.ts';
import { getSessions } from '../../ocpi/sessions/get-sessions.ts';
import type { KnownPeer, KnownPeers } from '../core/known-peers.ts';
import { awaitRegistration, PendingRegistrations } from './pending-registrations.ts';

const placeholder = { id: peerId('registering-1'), status: 'REGISTERING' } as KnownPeer;
const registered = { id: peerId('NL*MSP'), status: 'REGISTERED' } as KnownPeer;
const request = { peer: placeholder, caller: { peer: placeholder, scope: 'ALL', token: { text: 'token', style: 'base64' } } } as Request<Endpoint, KnownPeer>;

function open(endpoint: Endpoint) {
  const answered: string[] = [];
  let known = placeholder;
  const answer = async ({ peer }: Request<Endpoint, KnownPeer>) => {
    answered.push(peer.id);
    return acknowledged();
  };
  const binding: Binding<KnownPeer> = { endpoint, answer };
  const peers = { bearer: async () => ({ peer: known, kind: 'ACCESS', hash: '' }) } as unknown as KnownPeers;
  const pending = new PendingRegistrations();
  return { answered, pending, save: () => (known = registered), bound: awaitRegistration(binding, { peers }, pending) };
}

test('F-77: a request of a platform whose credentials are not read yet is answered when they are, as that platform', async () => {
  const { answered, pending, save, bound } = open(getSessions);
  const { promise, resolve } = Promise.withResolvers<void>();
  const registration = pending.run(placeholder.id, promise);
  const reply = bound.answer(request);
  await Promise.resolve();
  expect(answered).toEqual([]);
  save();
  resolve();
  await registration;
  expect(await reply).toMatchObject({ code: 1000 });
  expect(answered).toEqual(['NL*MSP']);
});

test('F-77: it is refused when the registration fails, or when another process registers', async () => {
  const { answered, pending, bound } = open(getSessions);
  const failing = pending.run(placeholder.id, Promise.reject(new Error('no')));
  const reply = bound.answer(request);
  await expect(failing).rejects.toThrow('no');
  expect([await reply, await bound.answer(request)]).toMatchObject([{ code: 2000 }, { code: 2000 }]);
  expect(answered).toEqual([]);
});

test('F-77: a message of the credentials module is answered at once', async () => {
  const { answered, bound } = open(postCredentials);
  await bound.answer(request);
  expect(answered).toEqual(['registering-1']);
});
