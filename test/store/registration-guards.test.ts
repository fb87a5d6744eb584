import { describe, expect, test } from 'vitest';
import { peerId } from '../../src/domain/ids.ts';
import { epochMicros, epochMillis } from '../../src/domain/units.ts';
import { newPeerRecord } from '../../src/node/peers/peer-record.ts';
import { openStore } from '../../src/store/open.ts';
import { beginLogin, loginByHash } from '../../src/store/sql/console-login.ts';
import { addUser, type ConsoleUser } from '../../src/store/sql/console-user.ts';
import {
  addAccessToken,
  addCredential,
  peerById,
  type StoredPeer,
  savePeer,
  savePeerByInvite,
  savePeerIfUnchanged,
  savePeerUnlessRegistered,
  saveWatermark,
  watermarkOf,
} from '../../src/store/sql/peer.ts';
import { databaseFor, stores } from '../world.ts';

const at = epochMillis(1_000);
const id = peerId('NL*MSP');
const role = { role: 'EMSP', country_code: 'NL', party_id: 'MSP', business_details: { name: 'eMSP' } } as const;
const registered: StoredPeer = { ...newPeerRecord(id, 'INVITED'), status: 'REGISTERED', roles: [role], encryptedToken: 'first', registeredAt: at };
const gone: StoredPeer = { ...registered, status: 'UNREGISTERED', encryptedToken: undefined };
const changed: StoredPeer = { ...registered, encryptedToken: 'second' };

describe.each(stores)('what is decided about a peer (%s)', (kind) => {
  async function open() {
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore(await databaseFor(kind, stack)));
    const kept = stack.move();
    return { store, [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }

  test.each([
    ['has ended', gone],
    ['has another token', { ...registered, encryptedToken: 'of another exchange' }],
    ['has another role', { ...registered, roles: [role, { ...role, party_id: 'NEW' }] }],
  ])('R-06: is not saved over a registration that %s meanwhile', async (_, meanwhile) => {
    await using it = await open();
    await it.store.commit([savePeer(meanwhile, at)]);
    const [saved] = await it.store.commit([savePeerIfUnchanged(changed, registered, at), addAccessToken('hash', changed)]);
    expect(saved?.changed).toBe(0);
    expect(await it.store.first(peerById(id))).toEqual(meanwhile);
  });

  test('R-06: is saved when nothing has changed', async () => {
    await using it = await open();
    await it.store.commit([savePeer(registered, at)]);
    const [saved] = await it.store.commit([savePeerIfUnchanged(changed, registered, at)]);
    expect(saved?.changed).toBe(1);
    expect((await it.store.first(peerById(id)))?.encryptedToken).toBe('second');
  });

  test('R-06: an invitation whose roles the operator changed meanwhile does not register what was checked before', async () => {
    await using it = await open();
    const invited: StoredPeer = { ...newPeerRecord(id, 'INVITED'), roles: [{ ...role, party_id: 'NEW' }] };
    await it.store.commit([savePeer(invited, at), addCredential('invite', id, { kind: 'INVITE', expiresAt: epochMillis(10_000) })]);
    const [saved] = await it.store.commit([savePeerByInvite(registered, { roles: [role], invite: 'invite' }, at)]);
    expect(saved?.changed).toBe(0);
    expect((await it.store.first(peerById(id)))?.status).toBe('INVITED');
  });

  test('R-06: an invitation never replaces a registration', async () => {
    await using it = await open();
    await it.store.commit([savePeer(registered, at)]);
    const [saved] = await it.store.commit([savePeerUnlessRegistered(newPeerRecord(id, 'INVITED'), at)]);
    expect([saved?.changed, (await it.store.first(peerById(id)))?.status]).toEqual([0, 'REGISTERED']);
  });

  test('R-06: a pull that ends after the registration leaves no watermark for the next one', async () => {
    await using it = await open();
    await it.store.commit([savePeer({ ...gone, registeredAt: undefined }, at)]);
    await it.store.commit([saveWatermark(registered, 'sessions', epochMicros(5))]);
    expect(await it.store.first(watermarkOf(id, 'sessions'))).toBeUndefined();
  });
});

test.each(stores)('R-06: a password that was replaced while it was checked begins no login (%s)', async (kind) => {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await openStore(await databaseFor(kind, stack)));
  const user: ConsoleUser = { id: 'U1', name: 'jo', role: 'view', password: 'new', encryptedTotp: undefined, createdAt: at };
  await store.commit([addUser(user, 'JO')]);
  const [begun] = await store.commit([beginLogin('hash', { id: user.id, password: 'old' }, at)]);
  expect(begun?.changed).toBe(0);
  expect((await store.commit([beginLogin('other', user, at)]))[0]?.changed).toBe(1);
  expect(await store.first(loginByHash('hash', { usedBefore: epochMillis(0), begunBefore: epochMillis(0) }))).toBeUndefined();
});
