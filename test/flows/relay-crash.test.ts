import { describe, expect, test } from 'vitest';
import type { SentProfileRequest } from '../../sim/partner.ts';
import { isOpen } from '../../src/domain/exchange.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { moment } from '../emsp-world.ts';
import { type StoreKind, stores } from '../world.ts';
import { idsAtCpo, openRelayed, type Relayed } from './relay.fixture.ts';

const failedStore = new Error('the store has failed');
type FailurePoint = { when: 'before' | 'after'; write: string };

/** Wraps a store that fails for good before or after one commit. After each start of the node it works again. */
function failingStore() {
  let armed: FailurePoint | undefined;
  const reached = Promise.withResolvers<void>();
  return {
    /** Resolves when the store has failed. */
    failAt: (point: FailurePoint) => {
      armed = point;
      return reached.promise;
    },
    around: (store: Store): Store => {
      let failed = false;
      const failIfReached = (when: FailurePoint['when'], writes: readonly Write[]) => {
        if (armed?.when !== when || !writes.some(({ name }) => name === armed?.write)) return;
        failed = true;
        armed = undefined;
        reached.resolve();
      };
      const unlessFailed = async <T>(work: () => Promise<T>): Promise<T> => {
        if (failed) throw failedStore;
        return work();
      };
      return {
        ...store,
        first: (query) => unlessFailed(() => store.first(query)),
        all: (query) => unlessFailed(() => store.all(query)),
        commit: async (writes) => {
          failIfReached('before', writes);
          const written = await unlessFailed(() => store.commit(writes));
          failIfReached('after', writes);
          return unlessFailed(async () => written);
        },
      };
    },
  };
}

/**
 * Sends a set, and with `posts` its result; waits until the store has failed, and restarts the node. The timeout of the CPO is long enough
 * for the stop of the node.
 */
async function crash(it: Relayed, failed: Promise<void>, { posts, timeout = 3_000 }: { posts: boolean; timeout?: number }): Promise<SentProfileRequest> {
  it.cpo.answerProfiles({ PUT: { timeout } });
  const sent = await it.request('set');
  if (posts) await it.postResult({ result: 'ACCEPTED' });
  await failed;
  await it.until(it.world.stop());
  await it.world.start();
  return sent;
}

const open = async (point: FailurePoint, store: StoreKind = 'sqlite') => {
  const { around, failAt } = failingStore();
  const it = await openRelayed({ store, aroundStore: around });
  return { it, failed: failAt(point) };
};
/** Waits until no relayed exchange is open; returns their states. Recovery at the start of the node notes no step for an exchange. */
async function statesAtEnd(it: Relayed): Promise<readonly string[]> {
  let rows = await it.exchanges();
  while (rows.some(({ state }) => isOpen(state))) {
    await fetch(it.cpo.versionsUrl); // gives the node time
    rows = await it.exchanges();
  }
  return rows.map(({ state }) => state);
}
const statesOf = async (it: Relayed) => (await it.exchanges()).map(({ state, reason }) => [state, reason]);

describe('an eMSP node that crashes while it relays a set, and starts again', () => {
  test('before ACCEPTED is committed: the SCSP gets an error, and the CPO no request', async () => {
    const { it, failed } = await open({ when: 'before', write: 'insert-exchange' });
    await using _ = it;
    const sent = await crash(it, failed, { posts: false });
    expect(sent.result).toBe('');
    expect(await statesOf(it)).toEqual([]);
    expect(it.cpo.profileRequests).toEqual([]);
  });

  test('K11: before it forwards: the SCSP gets an error, and the CPO no request, also after the start', async () => {
    const { it, failed } = await open({ when: 'after', write: 'insert-exchange' });
    await using _ = it;
    const sent = await crash(it, failed, { posts: false });
    expect(sent.result).toBe('');
    expect(await statesOf(it)).toEqual([['UNCERTAIN', 'crash']]);
    expect(it.cpo.profileRequests).toEqual([]);
  });

  test('K12: before the answer of the CPO is committed: its result is stored, and the SCSP receives the active profile', async () => {
    const { it, failed } = await open({ when: 'before', write: 'record-answer' });
    await using _ = it;
    const sent = await crash(it, failed, { posts: false });
    expect(sent.result).toBe('');
    expect(await statesOf(it)).toEqual([['UNCERTAIN', 'crash']]);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await statesOf(it)).toEqual([['CONFIRMED', 'late']]);
    const pushed = it.scsp.nextPush(it.session);
    const charging_profile = { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 10 }] };
    await it.cpo.pushActiveProfile(idsAtCpo.id, { start_date_time: moment(0), charging_profile });
    expect(await it.until(pushed)).toMatchObject({ charging_profile });
    expect(it.scsp.callbacks(sent.responseUrl)).toEqual([]);
  });

  test('after the answer is committed, without a result: the exchange ends TIMED_OUT after the timeout in the answer to the SCSP', async () => {
    const { it, failed } = await open({ when: 'after', write: 'record-answer' });
    await using _ = it;
    const sent = await crash(it, failed, { posts: false, timeout: 30 });
    await it.until(it.world.nextStep('outcome', ({ state }) => state === 'TIMED_OUT'));
    expect(it.scsp.callbacks(sent.responseUrl)).toEqual([]);
  });

  test('before the result is committed: the CPO gets an error, and can post the result again', async () => {
    const { it, failed } = await open({ when: 'before', write: 'record-relayed' });
    await using _ = it;
    const sent = await crash(it, failed, { posts: true });
    expect(it.cpo.posted.map(({ answer }) => answer.http >= 500 || Number(answer.envelope.status_code) >= 3000)).toEqual([true]);
    expect(await statesOf(it)).toEqual([['AWAITING', undefined]]);
    expect((await it.postResult({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await sent.later).toEqual({ result: 'ACCEPTED' });
  });
});

describe.each(stores)('an eMSP node that crashes before it has delivered a result, and starts again (%s)', (store) => {
  test('after the answer is committed: a result that arrives after the start is forwarded', async () => {
    const { it, failed } = await open({ when: 'after', write: 'record-answer' }, store);
    await using _ = it;
    const sent = await crash(it, failed, { posts: false });
    expect((await it.postResult({ result: 'REJECTED' })).http).toBe(200);
    expect(await sent.later).toEqual({ result: 'REJECTED' });
    expect(await statesAtEnd(it)).toEqual(['DELIVERED']);
  });

  test('after the result is committed: it is forwarded after the start, once', async () => {
    const { it, failed } = await open({ when: 'after', write: 'record-relayed' }, store);
    await using _ = it;
    const sent = await crash(it, failed, { posts: true });
    expect(await sent.later).toEqual({ result: 'ACCEPTED' });
    expect(await statesAtEnd(it)).toEqual(['DELIVERED']);
    expect(it.scsp.callbacks(sent.responseUrl)).toHaveLength(1);
  });

  test('K8: when the delivery is claimed: the outcome is DELIVERY_UNKNOWN, and the result is not sent again', async () => {
    const { it, failed } = await open({ when: 'after', write: 'claim-delivery' }, store);
    await using _ = it;
    const sent = await crash(it, failed, { posts: true });
    expect(await statesOf(it)).toEqual([['DELIVERY_UNKNOWN', 'crash']]);
    expect(it.scsp.callbacks(sent.responseUrl)).toEqual([]);
  });

  test('K10: after the SCSP received the result: it is not sent again', async () => {
    const { it, failed } = await open({ when: 'before', write: 'end-exchange-DELIVERING' }, store);
    await using _ = it;
    const sent = await crash(it, failed, { posts: true });
    expect(await sent.later).toEqual({ result: 'ACCEPTED' });
    expect(await statesOf(it)).toEqual([['DELIVERY_UNKNOWN', 'crash']]);
    expect(it.scsp.callbacks(sent.responseUrl)).toHaveLength(1);
  });
});
