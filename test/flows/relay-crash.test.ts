import { describe, expect, test } from 'vitest';
import type { SentProfileRequest } from '../../sim/partner.ts';
import { isOpen } from '../../src/domain/exchange.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { moment } from '../emsp-world.ts';
import { type StoreKind, stores } from '../world.ts';
import { openRelayed, type Relayed, theirs } from './relayed.fixture.ts';

const lostStore = new Error('the store is lost');
type Moment = { when: 'before' | 'after'; write: string };

/** A store that is lost at a named commit, before it or when it is just done; each life of the node gets it back whole. */
function losing() {
  let armed: Moment | undefined;
  const arrived = Promise.withResolvers<void>();
  return {
    at: (moment: Moment) => {
      armed = moment;
      return arrived.promise;
    },
    around: (store: Store): Store => {
      let lost = false;
      const lose = (when: Moment['when'], writes: readonly Write[]) => {
        if (armed?.when !== when || !writes.some(({ name }) => armed !== undefined && name.startsWith(armed.write))) return;
        lost = true;
        armed = undefined;
        arrived.resolve();
      };
      const unlessLost = async <T>(work: () => Promise<T>): Promise<T> => {
        if (lost) throw lostStore;
        return work();
      };
      return {
        ...store,
        first: (query) => unlessLost(() => store.first(query)),
        all: (query) => unlessLost(() => store.all(query)),
        commit: async (writes) => {
          lose('before', writes);
          const written = await unlessLost(() => store.commit(writes));
          lose('after', writes);
          return unlessLost(async () => written);
        },
      };
    },
  };
}

/**
 * Asks for a set, loses the store at that moment (of the answer or of the result that the CPO posts), and starts the node again. The CPO
 * gives itself so much time that none of it is short, however long the end of the node takes.
 */
async function crash(it: Relayed, lost: Promise<void>, { posts, timeout = 3_000 }: { posts: boolean; timeout?: number }): Promise<SentProfileRequest> {
  it.cpo.answerProfiles({ PUT: { timeout } });
  const asked = await it.ask('set');
  if (posts) await it.post({ result: 'ACCEPTED' });
  await lost;
  await it.until(it.world.stop());
  await it.world.start();
  return asked;
}

const open = async (moment: Moment, store: StoreKind = 'sqlite') => {
  const losses = losing();
  const it = await openRelayed({ store, aroundStore: losses.around });
  return { it, lost: losses.at(moment) };
};
/** The states of all relayed exchanges when none is open any more; a node that has just started tells nobody of what it has taken up. */
async function onceClosed(it: Relayed): Promise<readonly string[]> {
  let rows = await it.rows();
  while (rows.some(({ state }) => isOpen(state))) {
    await fetch(it.cpo.versionsUrl); // lets the node go on
    rows = await it.rows();
  }
  return rows.map(({ state }) => state);
}
const stateOf = async (it: Relayed) => (await it.rows()).map(({ state, reason }) => [state, reason]);

describe('an eMSP node that ends while it relays a set, and starts again', () => {
  test('before it has committed anything: the SCSP hears an error, and the CPO was not asked', async () => {
    const { it, lost } = await open({ when: 'before', write: 'insert-exchange' });
    await using _ = it;
    const asked = await crash(it, lost, { posts: false });
    expect(asked.result).toBe('');
    expect(await stateOf(it)).toEqual([]);
    expect(it.cpo.profileRequests).toEqual([]);
  });

  test('K11: before it forwards: the SCSP hears an error, the CPO was not asked and is not asked now', async () => {
    const { it, lost } = await open({ when: 'after', write: 'insert-exchange' });
    await using _ = it;
    const asked = await crash(it, lost, { posts: false });
    expect(asked.result).toBe('');
    expect(await stateOf(it)).toEqual([['UNCERTAIN', 'crash']]);
    expect(it.cpo.profileRequests).toEqual([]);
  });

  test('K12: when the CPO has it and its answer is not kept: its result is kept, and the SCSP hears of the state', async () => {
    const { it, lost } = await open({ when: 'before', write: 'record-answer' });
    await using _ = it;
    const asked = await crash(it, lost, { posts: false });
    expect(asked.result).toBe('');
    expect(await stateOf(it)).toEqual([['UNCERTAIN', 'crash']]);
    expect((await it.post({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await stateOf(it)).toEqual([['CONFIRMED', 'late']]);
    const told = it.scsp.nextPush(it.session);
    const charging_profile = { charging_rate_unit: 'A', duration: 900, charging_profile_period: [{ start_period: 0, limit: 10 }] };
    await it.cpo.pushActiveProfile(theirs.id, { start_date_time: moment(0), charging_profile });
    expect(await it.until(told)).toMatchObject({ charging_profile });
    expect(it.scsp.callbacks(asked.responseUrl)).toEqual([]);
  });

  test('when the answer is kept and no result comes: it ends TIMED_OUT when the time is over that the SCSP was told', async () => {
    const { it, lost } = await open({ when: 'after', write: 'record-answer' });
    await using _ = it;
    const asked = await crash(it, lost, { posts: false, timeout: 30 });
    await it.until(it.world.step('outcome', ({ state }) => state === 'TIMED_OUT'));
    expect(it.scsp.callbacks(asked.responseUrl)).toEqual([]);
  });

  test('before the result is kept: its CPO hears an error, and may post it again', async () => {
    const { it, lost } = await open({ when: 'before', write: 'record-relayed' });
    await using _ = it;
    const asked = await crash(it, lost, { posts: true });
    expect(it.cpo.posted.map(({ answer }) => answer.http >= 500 || Number(answer.envelope.status_code) >= 3000)).toEqual([true]);
    expect(await stateOf(it)).toEqual([['AWAITING', undefined]]);
    expect((await it.post({ result: 'ACCEPTED' })).http).toBe(200);
    expect(await asked.later).toEqual({ result: 'ACCEPTED' });
  });
});

describe.each(stores)('an eMSP node that ends with something to deliver, and starts again (%s)', (store) => {
  test('when the answer is kept: the result that comes after the start goes on', async () => {
    const { it, lost } = await open({ when: 'after', write: 'record-answer' }, store);
    await using _ = it;
    const asked = await crash(it, lost, { posts: false });
    expect((await it.post({ result: 'REJECTED' })).http).toBe(200);
    expect(await asked.later).toEqual({ result: 'REJECTED' });
    expect(await onceClosed(it)).toEqual(['DELIVERED']);
  });

  test('when the result is kept: it goes on after the start, once', async () => {
    const { it, lost } = await open({ when: 'after', write: 'record-relayed' }, store);
    await using _ = it;
    const asked = await crash(it, lost, { posts: true });
    expect(await asked.later).toEqual({ result: 'ACCEPTED' });
    expect(await onceClosed(it)).toEqual(['DELIVERED']);
    expect(it.scsp.callbacks(asked.responseUrl)).toHaveLength(1);
  });

  test('K8: when the result was about to go on: nobody knows whether it did, and it is not sent again', async () => {
    const { it, lost } = await open({ when: 'after', write: 'claim-delivery' }, store);
    await using _ = it;
    const asked = await crash(it, lost, { posts: true });
    expect(await stateOf(it)).toEqual([['DELIVERY_UNKNOWN', 'crash']]);
    expect(it.scsp.callbacks(asked.responseUrl)).toEqual([]);
  });

  test('K10: when the SCSP has the result: it does not get it again', async () => {
    const { it, lost } = await open({ when: 'before', write: 'end-exchange-DELIVERING' }, store);
    await using _ = it;
    const asked = await crash(it, lost, { posts: true });
    expect(await asked.later).toEqual({ result: 'ACCEPTED' });
    expect(await stateOf(it)).toEqual([['DELIVERY_UNKNOWN', 'crash']]);
    expect(it.scsp.callbacks(asked.responseUrl)).toHaveLength(1);
  });
});
