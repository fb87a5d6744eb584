import { describe, expect, test } from 'vitest';
import { stationId } from '../../src/domain/ids.ts';
import { epochMillis } from '../../src/domain/units.ts';
import { keptStoreOf } from '../../src/node/gateway/kept-store.ts';
import type { NewKeptMessage } from '../../src/ocpp/gateway/kept-message.ts';
import { openEncryption, openStore } from '../../src/store/open.ts';
import { forgetProvisionalIds } from '../../src/store/sql/kept-message.ts';
import { openVault } from '../../src/store/vault.ts';
import { databaseFor, stores } from '../world.ts';

const at = epochMillis(1_800_000_000_000);
const message = (messageId: string, more: Partial<NewKeptMessage> = {}): NewKeptMessage => ({
  action: 'MeterValues',
  messageId,
  text: `[2,"${messageId}","MeterValues",{}]`,
  keptAt: at,
  isFirst: false,
  ...more,
});

async function open(kind: (typeof stores)[number], stack: AsyncDisposableStack) {
  const encryption = openEncryption(undefined);
  const vault = stack.use(openVault(':memory:', encryption));
  const store = stack.use(await openStore(await databaseFor(kind, stack), vault));
  const bodies = () => store.all({ name: 'bodies', sql: 'SELECT body FROM kept_message', values: [], read: (row) => String(row.body) });
  return { store, vault, bodies, of: (station: string) => keptStoreOf(stationId(station), { store, encryption }) };
}
const sentOn = async (kept: ReturnType<typeof keptStoreOf>) => {
  const ids: string[] = [];
  for (let it = await kept.first(); it; it = await kept.first()) {
    ids.push(it.messageId);
    await kept.drop(it.seq);
  }
  return ids;
};

describe.each(stores)('GW-K11: kept messages in the store (%s)', (kind) => {
  test('are read in order for each station, a BootNotification first; a newer one replaces one with the same key', async () => {
    await using stack = new AsyncDisposableStack();
    const { of } = await open(kind, stack);
    const [kept, other] = [of('CP1'), of('CP2')];
    await kept.add(message('1'));
    expect(await kept.add(message('2', { key: 'status 1' }))).toBe(0);
    await other.add(message('other', { key: 'status 1' }));
    await kept.add(message('3'));
    expect(await kept.add(message('4', { key: 'status 1' }))).toBe(1);
    await kept.add(message('5', { key: 'boot', isFirst: true }));
    expect(await kept.load()).toMatchObject({ count: 4, isBootKept: true, ids: [], last: { messageId: '4' } });
    expect(await kept.first()).toMatchObject({ key: 'boot', text: '[2,"5","MeterValues",{}]', keptAt: at });
    expect(await sentOn(kept)).toEqual(['5', '1', '3', '4']);
    expect(await kept.load()).toEqual({ count: 0, isBootKept: false, ids: [], last: undefined });
    expect(await other.count()).toBe(1);
  });

  test('a learnt transaction id is stored with the removal of its message', async () => {
    await using stack = new AsyncDisposableStack();
    const { of, store } = await open(kind, stack);
    const kept = of('CP1');
    const provisional = 2 ** 30 + 1;
    await kept.add(message('1', { action: 'StartTransaction', provisional, uid: 'CARD' }));
    expect((await kept.load()).ids).toEqual([{ provisional, csms: undefined, endedAt: undefined }]);
    const first = await kept.first();
    expect(first).toMatchObject({ provisional, action: 'StartTransaction' });
    expect(await kept.drop(first?.seq ?? 0, { id: { provisional, csms: 7 } })).toBe(1);
    expect(await kept.load()).toEqual({ count: 0, isBootKept: false, ids: [{ provisional, csms: 7, endedAt: undefined }] });
    await kept.learn({ ended: { provisional, at } });
    expect((await kept.load()).ids).toEqual([{ provisional, csms: 7, endedAt: at }]);
    await store.commit([forgetProvisionalIds(at)]);
    expect((await kept.load()).ids).toHaveLength(1);
    await store.commit([forgetProvisionalIds(epochMillis(at + 1))]);
    expect((await kept.load()).ids).toEqual([]);
  });

  test('too old messages are removed, but no BootNotification', async () => {
    await using stack = new AsyncDisposableStack();
    const { of } = await open(kind, stack);
    const kept = of('CP1');
    await kept.add(message('1'));
    await kept.add(message('2', { key: 'boot', isFirst: true }));
    await kept.add(message('3', { keptAt: epochMillis(at + 1) }));
    expect(await kept.dropOlder(epochMillis(at + 1))).toBe(1);
    expect(await sentOn(kept)).toEqual(['2', '3']);
  });

  test('SEC-46: texts are encrypted; one with a token is unreadable when its driver was erased', async () => {
    await using stack = new AsyncDisposableStack();
    const { of, vault, bodies } = await open(kind, stack);
    const kept = of('CP1');
    await kept.add(message('1', { text: 'with CARD', uid: 'CARD' }));
    await kept.add(message('2', { text: 'no token' }));
    expect((await bodies()).join(' ')).not.toMatch(/CARD|no token/);
    expect((await kept.first())?.text).toBe('with CARD');
    vault.erase(vault.driverOf('CARD'));
    const erased = await kept.first();
    expect([erased?.messageId, erased?.text]).toEqual(['1', undefined]);
    await kept.drop(erased?.seq ?? 0);
    expect((await kept.first())?.text).toBe('no token');
  });
});
