import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExchangeState } from '../../src/domain/exchange.ts';
import { exchangeId, messageId, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { amperes, epochMillis, seconds } from '../../src/domain/units.ts';
import { openStore } from '../../src/store/open.ts';
import { addEvent, addOutcomeEvent, eventsAfter } from '../../src/store/sql/event.ts';
import {
  cancelOpenOfPeer,
  claimDelivery,
  claimSending,
  endExchange,
  endUnsent,
  exchangeById,
  exchangeByMessage,
  exchangeByRequest,
  insertExchange,
  type NewExchange,
  openExchanges,
  overdueExchanges,
  readExchange,
  recordAnswer,
  recordOutcome,
  recordResult,
  supersedeOlderSets,
} from '../../src/store/sql/exchange.ts';
import type { Store, Write, Written } from '../../src/store/store.ts';
import { databaseFor, stores } from '../world.ts';

const at = epochMillis(1_800_000_000_000);
const deadline = epochMillis(at + 30_000);
const set = { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } } as const;

const lastEvent = async (store: Store) => (await store.all(eventsAfter(0, 100_000))).at(-1)?.seq ?? 0;

describe.each(stores)('every store (%s)', (kind) => {
  const stack = new AsyncDisposableStack();
  let store: Store;
  let count = 0;
  beforeAll(async () => {
    const database = await databaseFor(kind, stack);
    store = stack.use(await openStore(database));
  });
  afterAll(() => stack.disposeAsync());

  /** Inserts an exchange with a new session, in the state that the test begins with. */
  async function exchange(state: ExchangeState = 'ACCEPTED', more: Partial<NewExchange> = {}): Promise<NewExchange> {
    count += 1;
    const draft: NewExchange = {
      id: exchangeId(`exchange-${count}`),
      side: 'carried',
      ask: set,
      peer: peerId('NL*MSP'),
      party: partyKey('NL', 'MSP'),
      session: sessionKey('NL', 'EVK', `S${count}`),
      edition: '2.2.1',
      requestId: `request-${count}`,
      correlationId: 'c',
      bodyHash: 'h',
      acceptedAt: at,
      deadline,
      timeout: seconds(30),
      state,
      station: stationId('CP'),
      profileId: 1,
      ...more,
    };
    await store.commit([insertExchange(draft, {})]);
    return draft;
  }
  const stateOf = async ({ id }: NewExchange) => (await store.first(exchangeById(id)))?.state;
  const changed = async (write: Write) => (await store.commit([write]))[0]?.changed;
  const rowsOf = (written: Written | undefined) => (written?.rows ?? []).map(readExchange);
  const accepted = { outcome: { result: 'ACCEPTED' }, reason: 'cp', at } as const;

  describe('group commit', () => {
    const event = (n: number): Write => addEvent({ at, kind: 'session', body: { n } });
    const impossible: Write = { name: 'impossible', sql: "INSERT INTO exchange (id) VALUES ('without-the-rest')", values: [] };

    test('a unit that fails is rolled back, and the other units are committed', async () => {
      const before = await lastEvent(store);
      const units = [[event(1)], [event(2), impossible], [event(3)]];
      const settled = await Promise.allSettled(units.map((unit) => store.commit(unit)));
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect((await store.all(eventsAfter(before, 10))).map(({ body }) => body)).toEqual(['{"n":1}', '{"n":3}']);
    });

    test('each unit gets the results of its own writes, in their order', async () => {
      const [one, two] = [await exchange(), await exchange()];
      const claim = (x: NewExchange, epoch: number) => claimSending(x.id, { messageId: messageId(`${x.id}-m`), epoch, at });
      const [first, second] = await Promise.all([
        store.commit([claim(one, 1), endExchange(one.id, ['SENDING'], { state: 'TIMED_OUT', reason: 'cp_silent', at })]),
        store.commit([claim(two, 1)]),
      ]);
      expect([first.length, second.length]).toEqual([2, 1]);
      expect([first[1]?.changed, second[0]?.changed]).toEqual([1, 1]);
      expect([await stateOf(one), await stateOf(two)]).toEqual(['TIMED_OUT', 'SENDING']);
    });

    test('events are numbered in the order of their commits', async () => {
      const before = await lastEvent(store);
      await Promise.all([...Array(50).keys()].map((n) => store.commit([event(n)])));
      expect((await store.all(eventsAfter(before, 100))).map(({ body }) => body)).toEqual([...Array(50).keys()].map((n) => JSON.stringify({ n })));
    });

    test('a commit can be read at once', async () => {
      const it = await exchange();
      expect(await stateOf(it)).toBe('ACCEPTED');
    });
  });

  describe('commit 1, ACCEPTED', () => {
    test('SEC-13: a second request of a peer with the same X-Request-ID is not inserted', async () => {
      const first = await exchange();
      expect(await changed(insertExchange({ ...first, id: exchangeId('another') }, {}))).toBe(0);
      expect((await store.first(exchangeByRequest(first.peer, first.requestId)))?.id).toBe(first.id);
    });
    test('another peer may use the same X-Request-ID', async () => {
      const first = await exchange();
      expect(await changed(insertExchange({ ...first, id: exchangeId(`${first.id}-b`), peer: peerId('NL*TNM') }, {}))).toBe(1);
    });
  });

  describe('commit 2, SENDING', () => {
    const claim = (x: NewExchange, epoch: number, name = `${x.id}-${epoch}`) => claimSending(x.id, { messageId: messageId(name), epoch, at });

    test('a connection claims an exchange once', async () => {
      const it = await exchange();
      expect([await changed(claim(it, 7)), await changed(claim(it, 7))]).toEqual([1, 0]);
    });
    test('an older connection cannot claim an exchange of a newer one', async () => {
      const it = await exchange();
      expect([await changed(claim(it, 7)), await changed(claim(it, 6))]).toEqual([1, 0]);
    });
    test('a newer connection claims it again, and both message ids find the exchange', async () => {
      const it = await exchange();
      await store.commit([claim(it, 7, 'first')]);
      await store.commit([claim(it, 8, 'second')]);
      const found = [await store.first(exchangeByMessage(messageId('first'))), await store.first(exchangeByMessage(messageId('second')))];
      expect(found.map((row) => row?.id)).toEqual([it.id, it.id]);
    });
    test.each(['RESULT', 'DELIVERING', 'DELIVERED', 'TIMED_OUT', 'CANCELLED'] as const)('an exchange in state %s cannot be claimed', async (state) => {
      expect(await changed(claim(await exchange(state), 1))).toBe(0);
    });
  });

  describe('commit 3, RESULT', () => {
    test('the first result counts, a second one changes nothing', async () => {
      const it = await exchange('SENDING');
      const rejected = { outcome: { result: 'REJECTED' }, reason: 'cp', at } as const;
      const [first] = await store.commit([recordResult(it.id, ['SENDING'], accepted)]);
      const [second] = await store.commit([recordResult(it.id, ['SENDING'], rejected)]);
      expect([first, second].map((written) => ({ ...written }))).toEqual([
        { changed: 1, rows: [{ deadline }] },
        { changed: 0, rows: [] },
      ]);
      expect(await store.first(exchangeById(it.id))).toMatchObject({ result: 'ACCEPTED', outcome: { result: 'ACCEPTED' } });
    });
    test('of two concurrent results one is recorded', async () => {
      const it = await exchange('SENDING');
      const both = await Promise.all([1, 2].map(() => store.commit([recordResult(it.id, ['SENDING'], accepted)])));
      expect(both.flatMap(([written]) => written?.rows ?? [])).toHaveLength(1);
    });
  });

  describe('commit 4, DELIVERING', () => {
    test('CP-17: the delivery can be claimed once', async () => {
      const it = await exchange('RESULT');
      const claims = await Promise.all([1, 2, 3].map(() => store.commit([claimDelivery(it.id, at)])));
      expect(claims.map(([written]) => written?.changed)).toEqual([1, 0, 0]);
    });
    test('CP-16: the delivery cannot be claimed from the deadline on', async () => {
      const it = await exchange('RESULT');
      expect(await changed(claimDelivery(it.id, deadline))).toBe(0);
      expect(await changed(claimDelivery(it.id, epochMillis(deadline - 1)))).toBe(1);
    });
  });

  describe('commit 5, the end', () => {
    test('an exchange ends once, and its event is committed with the end', async () => {
      const it = await exchange('DELIVERING');
      const before = await lastEvent(store);
      const end = () =>
        store.commit([endExchange(it.id, ['DELIVERING'], { state: 'DELIVERED', reason: undefined, at }), addOutcomeEvent(it.id, at, { state: 'DELIVERED' })]);
      const [first] = await end();
      expect(first?.changed).toBe(1);
      const [again] = await store.commit([endExchange(it.id, ['DELIVERING'], { state: 'UNDELIVERED', reason: 'timeout', at: epochMillis(at + 1) })]);
      expect(again?.changed).toBe(0);
      expect(await store.first(exchangeById(it.id))).toMatchObject({ state: 'DELIVERED', endedAt: at });
      expect((await store.all(eventsAfter(before, 10))).map(({ exchange: id }) => id)).toEqual([it.id]);
    });
    test('an end that changed no row adds no event', async () => {
      const it = await exchange('DELIVERED');
      const before = await lastEvent(store);
      await store.commit([
        endExchange(it.id, ['RESULT'], { state: 'UNDELIVERED', reason: 'expired', at }),
        addOutcomeEvent(it.id, at, { state: 'UNDELIVERED' }),
      ]);
      expect(await store.all(eventsAfter(before, 10))).toEqual([]);
    });
    test('R-06: of two ends in the same millisecond only the one that took effect has an event', async () => {
      const it = await exchange('DELIVERING');
      const before = await lastEvent(store);
      for (const state of ['DELIVERED', 'DELIVERY_UNKNOWN'] as const)
        await store.commit([endExchange(it.id, ['DELIVERING'], { state, reason: undefined, at }), addOutcomeEvent(it.id, at, { state })]);
      expect((await store.all(eventsAfter(before, 10))).map(({ body }) => body)).toEqual(['{"state":"DELIVERED"}']);
    });
    test('the reason of the result stays when the end has none', async () => {
      const it = await exchange('SENDING');
      await store.commit([recordResult(it.id, ['SENDING'], accepted)]);
      await store.commit([endExchange(it.id, ['RESULT'], { state: 'DELIVERED', reason: undefined, at })]);
      expect((await store.first(exchangeById(it.id)))?.reason).toBe('cp');
    });
  });

  describe('writes that end several exchanges', () => {
    test('a newer SET gives older unsent SETs a result, other exchanges stay', async () => {
      const old = await exchange();
      const same = { session: old.session };
      const [sent, get, newest, later] = [
        await exchange('SENDING', same),
        await exchange('ACCEPTED', { ...same, ask: { kind: 'get', duration: seconds(900) } }),
        await exchange('ACCEPTED', same),
        await exchange('ACCEPTED', same),
      ];
      const [superseded] = await store.commit([supersedeOlderSets(old.session, newest.id, { at, keep: [] })]);
      expect(rowsOf(superseded).map(({ id, result, reason }) => ({ id, result, reason }))).toEqual([{ id: old.id, result: 'REJECTED', reason: 'superseded' }]);
      expect(await Promise.all([sent, get, newest, later].map(stateOf))).toEqual(['SENDING', 'ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    });
    test('CP-36: the older SETs of parties that share by the lowest profile stay', async () => {
      const own = await exchange();
      const same = { session: own.session };
      const partner = await exchange('ACCEPTED', { ...same, party: partyKey('NL', 'SCS') });
      const other = await exchange('ACCEPTED', { ...same, party: partyKey('NL', 'OTH') });
      const newest = await exchange('ACCEPTED', same);
      const [superseded] = await store.commit([supersedeOlderSets(own.session, newest.id, { at, keep: [partyKey('NL', 'SCS')] })]);
      expect(rowsOf(superseded).map(({ id }) => id)).toEqual([own.id, other.id]);
      expect(await stateOf(partner)).toBe('ACCEPTED');
    });
    test('the end of a session gives unsent exchanges a result: REJECTED, or UNKNOWN for a CLEAR', async () => {
      const one = await exchange();
      const same = { session: one.session };
      const [clear, sent] = [await exchange('ACCEPTED', { ...same, ask: { kind: 'clear' } }), await exchange('SENDING', same)];
      const [ended] = await store.commit([endUnsent(one.session, at)]);
      const results = rowsOf(ended).map(({ id, outcome }) => [id, outcome?.result]);
      expect(results.sort()).toEqual([
        [one.id, 'REJECTED'],
        [clear.id, 'UNKNOWN'],
      ]);
      expect(await stateOf(sent)).toBe('SENDING');
    });
    test('CRE-16: the end of a peer cancels its open exchanges, but not one whose result is being posted', async () => {
      const peer = peerId(`NL*P${count}`);
      const [open, posting, done] = [await exchange('SENDING', { peer }), await exchange('DELIVERING', { peer }), await exchange('DELIVERED', { peer })];
      const other = await exchange();
      const [cancelled] = await store.commit([cancelOpenOfPeer(peer, at)]);
      expect(rowsOf(cancelled).map(({ id, state }) => [id, state])).toEqual([[open.id, 'CANCELLED']]);
      expect(await Promise.all([posting, done, other].map(stateOf))).toEqual(['DELIVERING', 'DELIVERED', 'ACCEPTED']);
    });
  });

  describe('exchanges that are sent to peers', () => {
    const confirmed = { state: 'CONFIRMED', outcome: { result: 'ACCEPTED' }, reason: 'peer', at } as const;

    test('CP-17: the first result counts, also when it comes before the answer', async () => {
      const it = await exchange('POSTING', { side: 'sent' });
      expect(await changed(recordOutcome(it.id, confirmed))).toBe(1);
      const answer = { state: 'AWAITING', result: 'ACCEPTED', reason: undefined, timeout: 30, deadline, endedAt: undefined } as const;
      expect(await changed(recordAnswer(it.id, answer))).toBe(0);
      expect(await changed(recordOutcome(it.id, { ...confirmed, state: 'REJECTED' }))).toBe(0);
      expect(await stateOf(it)).toBe('CONFIRMED');
    });
    test('a late result ends an uncertain exchange', async () => {
      const it = await exchange('UNCERTAIN', { side: 'sent' });
      expect(await changed(recordOutcome(it.id, confirmed))).toBe(1);
    });
    test('a refused exchange accepts no result', async () => {
      expect(await changed(recordOutcome((await exchange('REFUSED', { side: 'sent' })).id, confirmed))).toBe(0);
    });
  });

  test('G-05: overdueExchanges finds open exchanges after their deadline, but no ended ones and none that were sent to peers', async () => {
    const early = { deadline: epochMillis(1_000) };
    const one = await exchange('SENDING', early);
    const two = await exchange('RESULT', { ...early, session: one.session });
    await exchange('DELIVERED', early);
    await exchange('AWAITING', { ...early, side: 'sent' });
    expect((await store.all(overdueExchanges(epochMillis(1_000)))).map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(await store.all(overdueExchanges(epochMillis(999)))).toEqual([]);
    expect((await store.all(openExchanges)).map(({ id }) => id)).toContain(one.id);
  });
});

describe.each(stores)('the migrations of a store (%s)', (kind) => {
  test('opening a store again changes nothing and keeps its rows', async () => {
    await using stack = new AsyncDisposableStack();
    const database = await databaseFor(kind, stack);
    const first = await openStore(database);
    await first.commit([addEvent({ at, kind: 'session', body: {} })]);
    await first[Symbol.asyncDispose]();
    await using again = await openStore(database);
    expect(await lastEvent(again)).toBe(1);
  });
  test('a store of a newer release is refused, and the error says what to do', async () => {
    await using stack = new AsyncDisposableStack();
    const database = await databaseFor(kind, stack);
    const first = await openStore(database);
    await first.commit([{ name: 'newer', sql: 'INSERT INTO migration (number) VALUES (99)', values: [] }]);
    await first[Symbol.asyncDispose]();
    await expect(openStore(database)).rejects.toThrow('found migration 99');
  });
});
