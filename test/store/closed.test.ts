import { describe, expect, test } from 'vitest';
import { epochMillis } from '../../src/domain/units.ts';
import { openStore } from '../../src/store/open.ts';
import { addEvent, eventsAfter } from '../../src/store/sql/event.ts';
import { StoreClosed } from '../../src/store/store.ts';
import { databaseFor, stores } from '../world.ts';

const event = (n: number) => addEvent({ at: epochMillis(1), kind: 'session', body: { n } });
const bodies = async (store: Awaited<ReturnType<typeof openStore>>) => (await store.all(eventsAfter(0, 10))).map(({ body }) => body);

describe.each(stores)('a store that is closed (%s)', (kind) => {
  test('R-08: finishes the calls that are running, and refuses later ones with one known error', async () => {
    await using stack = new AsyncDisposableStack();
    const database = await databaseFor(kind, stack);
    const store = await openStore(database);
    const running = [store.commit([event(1)]), store.commit([event(2)])];
    const closed = store[Symbol.asyncDispose]();
    await Promise.all(running);
    const late = () => [store.commit([event(3)]), store.all(eventsAfter(0, 10)), store.first(eventsAfter(0, 1))];
    const refused = async () => (await Promise.allSettled(late())).map((it) => it.status === 'rejected' && it.reason instanceof StoreClosed);
    expect(await refused()).toEqual([true, true, true]);
    await closed;
    expect(await refused()).toEqual([true, true, true]);
    await store[Symbol.asyncDispose](); // again: does nothing
    await using again = await openStore(database);
    expect(await bodies(again)).toEqual(['{"n":1}', '{"n":2}']);
  });
});
