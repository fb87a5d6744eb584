import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../../sim/clock.ts';
import { epochMillis } from '../../domain/units.ts';
import { CommitInDoubt } from '../../store/group-commit.ts';
import { type Query, type Store, StoreClosed, StoreLost, StoreUnavailable } from '../../store/store.ts';
import { createMetrics } from './metrics.ts';
import { isStoreAway, StoreWatch } from './store-watch.ts';

const anything: Query<unknown> = { name: 'anything', sql: '', values: [], read: (row) => row };

/** A watched store whose calls fail with `error` while it is set, or never end while it is `stuck`. */
function watchedStore() {
  const state: { error: Error | undefined; stuck: boolean; commits: number } = { error: undefined, stuck: false, commits: 0 };
  const answer = async () => {
    if (state.stuck) await new Promise(() => undefined);
    if (state.error) throw state.error;
    return [];
  };
  const inner: Store = {
    kind: 'sqlite',
    commit: () => {
      state.commits += 1;
      return answer();
    },
    all: answer,
    first: async () => void (await answer()),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const clock = virtualClock(epochMillis(1_800_000_000_000));
  const lines: unknown[] = [];
  const watch = new StoreWatch({ clock, log: (level, event, facts) => lines.push([level, event, facts]), metrics: createMetrics() });
  return { state, clock, lines, watch, store: watch.around(inner) };
}

describe('the watch of a store', () => {
  test('R-18: an absence is one line at its beginning and one with the number of failed calls at its end', async () => {
    const { state, clock, lines, store } = watchedStore();
    const error = new CommitInDoubt('connection refused');
    state.error = error;
    for (let n = 0; n < 2_000; n += 1) await expect(store.commit([])).rejects.toBe(error);
    await clock.advance(30_000);
    state.error = undefined;
    await store.commit([]);
    await store.commit([]);
    expect(lines).toEqual([
      ['error', 'store-away', { error }],
      ['warn', 'store-back', { failed_calls: 2_000, seconds: 30 }],
    ]);
  });

  test('R-18: a store that can be read but not written is still away', async () => {
    const { state, lines, store } = watchedStore();
    state.error = new StoreUnavailable('disk full');
    await store.commit([]).catch(() => undefined);
    state.error = undefined;
    await store.all(anything);
    expect(lines).toHaveLength(1);
  });

  test('an error of a statement is no absence', async () => {
    const { state, lines, store } = watchedStore();
    state.error = new Error('no such table');
    await store.all(anything).catch(() => undefined);
    expect(lines).toEqual([]);
  });

  test('R-14: a commit of the last 2 s proves that the store works; else one is made', async () => {
    const { state, clock, watch, store } = watchedStore();
    await store.commit([]);
    expect([await watch.check(store), state.commits]).toEqual([undefined, 1]);
    await clock.advance(2_000);
    expect([await watch.check(store), state.commits]).toEqual([undefined, 2]);
  });

  test('R-14: a failed commit counts at once, though an earlier one is fresh', async () => {
    const { state, watch, store } = watchedStore();
    await store.commit([]);
    state.error = new StoreUnavailable('disk full');
    await store.commit([]).catch(() => undefined);
    expect(await watch.check(store)).toBe('the database accepts no commit; the log names the error');
    state.error = undefined;
    expect(await watch.check(store)).toBe(undefined);
  });

  test('R-14: a store that does not answer is found after 1.5 s', async () => {
    const { state, clock, watch, store } = watchedStore();
    state.stuck = true;
    const checked = watch.check(store);
    await clock.advance(1_500);
    expect(await checked).toBe('the database has not answered for 1.5 s');
  });
});

test('the absence of a store is recognised behind other errors; its end is none', () => {
  const lost = new StoreLost('gone', 'another node');
  expect([lost, new Error('audit', { cause: lost }), new StoreClosed(), new Error('other'), 'text'].map(isStoreAway)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
