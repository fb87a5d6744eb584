import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ask } from '../../src/domain/exchange.ts';
import { exchangeId, type PartyKey, partyKey, peerId, type SessionKey, sessionKey, stationId } from '../../src/domain/ids.ts';
import { amperes, epochMicros, epochMillis, seconds } from '../../src/domain/units.ts';
import { openStore } from '../../src/store/open.ts';
import { giveConsent } from '../../src/store/sql/consent.ts';
import { addContract } from '../../src/store/sql/contract.ts';
import { endUnsent, type InsertCondition, insertExchange, type NewExchange } from '../../src/store/sql/exchange.ts';
import { ownCondition, relayCondition, stationCondition } from '../../src/store/sql/exchange-conditions.ts';
import { haltParty, resumeParty } from '../../src/store/sql/halt.ts';
import { rememberInput } from '../../src/store/sql/input.ts';
import { saveSession } from '../../src/store/sql/session.ts';
import type { Store } from '../../src/store/store.ts';
import { databaseFor, stores } from '../world.ts';

const at = epochMillis(1_800_000_000_000);
const [owner, scsp, other] = [partyKey('NL', 'MSP'), partyKey('NL', 'SCS'), partyKey('NL', 'OTH')];
const CPO = peerId('NL*CPO');
const profile = { unit: 'A', periods: [{ start: seconds(0), limit: amperes(10) }] } as const;
const set: Ask = { kind: 'set', profile };
const get: Ask = { kind: 'get', duration: seconds(900) };
const clear: Ask = { kind: 'clear' };

describe.each(stores)('conditions of the insert (%s)', (kind) => {
  const stack = new AsyncDisposableStack();
  /** Two views on one database, as two nodes would have them. */
  let store: Store;
  let second: Store;
  let count = 0;
  beforeAll(async () => {
    const database = await databaseFor(kind, stack);
    store = stack.use(await openStore(database));
    second = stack.use(await openStore(database));
    for (const party of [scsp, other]) {
      await store.commit([
        ...addContract({ id: `contract-${party}`, party, may: ['see', 'control'] }, 'config'),
        giveConsent({ party, driver: '*', purpose: 'smart_charging', textVersion: '1', givenAt: epochMillis(0) }, 'config'),
      ]);
    }
  });
  afterAll(() => stack.disposeAsync());

  async function session(more: { status?: string; peer?: typeof CPO } = {}): Promise<SessionKey> {
    count += 1;
    const key = sessionKey('NL', more.peer ? 'CPO' : 'EVK', `S${count}`);
    await save(key, more);
    return key;
  }
  const save = (key: SessionKey, { status = 'ACTIVE', peer }: { status?: string; peer?: typeof CPO }) =>
    store.commit([
      saveSession({
        key,
        peer,
        foldedId: key,
        tokenParty: owner,
        status,
        lastUpdated: epochMicros(0),
        body: {},
        station: peer ? undefined : stationId('CP'),
        evseUid: 'E1',
        transactionId: peer ? undefined : key,
        profileId: 1,
        progress: undefined,
        driver: undefined,
        receiver: undefined,
        locationId: 'LOC1',
      }),
    ]);
  const draft = (on: SessionKey, party: PartyKey, more: Partial<NewExchange> = {}): NewExchange => {
    count += 1;
    return {
      id: exchangeId(`exchange-${count}`),
      side: 'carried',
      ask: set,
      peer: peerId(party),
      party,
      session: on,
      edition: '2.2.1',
      requestId: `request-${count}`,
      correlationId: 'c',
      bodyHash: 'h',
      acceptedAt: at,
      deadline: epochMillis(at + 30_000),
      timeout: seconds(30),
      state: 'ACCEPTED',
      station: stationId('CP'),
      profileId: 1,
      ...more,
    };
  };
  const inserted = async (x: NewExchange, condition: InsertCondition, into = store) =>
    (await into.commit([insertExchange(x, {}, condition)]))[0]?.changed === 1;
  const carried = (on: SessionKey, party: PartyKey, { ask = set, sharing = [] }: { ask?: Ask; sharing?: readonly PartyKey[] } = {}) =>
    inserted(draft(on, party, { ask }), stationCondition(ask.kind, sharing));
  const relayed = (on: SessionKey, party: PartyKey, { ask = set, sharing = [] }: { ask?: Ask; sharing?: readonly PartyKey[] } = {}) =>
    inserted(draft(on, party, { ask, side: 'relayed', state: 'POSTING', upstream: CPO, station: undefined }), relayCondition(ask.kind, sharing));
  const hasInput = (on: SessionKey, party: PartyKey) => store.commit([rememberInput(on, { by: party, peer: peerId(party), profile, state: 'installed' }, at)]);

  describe('at a charge point of this node', () => {
    test.each([set, get, clear])('R-06: a $kind of an ACTIVE session is inserted, of one that has ended or began at no charge point it is not', async (ask) => {
      expect(await carried(await session(), owner, { ask })).toBe(true);
      for (const status of ['PENDING', 'COMPLETED', 'INVALID', 'RESERVATION']) expect(await carried(await session({ status }), owner, { ask })).toBe(false);
      expect(await carried(await session({ peer: CPO }), owner, { ask })).toBe(false);
      expect(await carried(sessionKey('NL', 'EVK', 'NONE'), owner, { ask })).toBe(false);
    });

    test('R-06: not while another party has an open SET or a profile, unless they share', async () => {
      const [open, installed] = [await session(), await session()];
      expect(await carried(open, owner)).toBe(true);
      await hasInput(installed, owner);
      for (const on of [open, installed]) {
        for (const ask of [set, clear]) expect(await carried(on, scsp, { ask })).toBe(false);
        expect(await carried(on, scsp, { sharing: [other] })).toBe(false);
        expect(await carried(on, scsp, { ask: get })).toBe(true);
        expect(await carried(on, owner)).toBe(true);
        expect(await carried(on, scsp, { sharing: [other, owner] })).toBe(true);
      }
    });

    test('R-06: a clear only with a profile of its own where others have one, and neither get nor clear behind one that waits', async () => {
      const on = await session();
      await hasInput(on, owner);
      expect(await carried(on, scsp, { ask: clear, sharing: [owner] })).toBe(false);
      await hasInput(on, scsp);
      expect(await carried(on, scsp, { ask: clear, sharing: [owner] })).toBe(true);
      for (const ask of [get, clear]) {
        const free = await session();
        expect([await carried(free, owner, { ask }), await carried(free, owner, { ask })]).toEqual([true, false]);
      }
    });

    test('R-06: not for a party that is halted, or that has no right', async () => {
      const on = await session();
      await store.commit([haltParty(owner, at)]);
      for (const ask of [set, clear]) expect(await carried(on, owner, { ask })).toBe(false);
      expect(await carried(on, owner, { ask: get })).toBe(true);
      await store.commit([resumeParty(owner)]);
      expect(await carried(on, partyKey('NL', 'XXX'))).toBe(false);
      expect(await carried(on, owner)).toBe(true);
    });

    test('R-06: the operator needs an ACTIVE session, and its own get or clear waits for no other; a withdrawal waits for nothing', async () => {
      const on = await session();
      const operator = partyKey('', 'operator');
      await hasInput(on, owner);
      const own = (ask: Ask, by: 'operator' | 'withdrawal') => inserted(draft(on, operator, { ask, side: 'own' }), ownCondition(ask.kind, by));
      expect([await own(set, 'operator'), await own(clear, 'operator'), await own(clear, 'operator'), await own(clear, 'withdrawal')]).toEqual([
        true,
        true,
        false,
        true,
      ]);
      await save(on, { status: 'COMPLETED' });
      expect([await own(set, 'operator'), await own(clear, 'withdrawal')]).toEqual([false, false]);
    });
  });

  describe('at a CPO', () => {
    test('R-06: not for a session that has ended or moved, nor while another party or this node steers', async () => {
      const remote = () => session({ peer: CPO });
      expect(await relayed(await session({ peer: CPO, status: 'COMPLETED' }), scsp)).toBe(false);
      expect(await relayed(await session(), scsp)).toBe(false);
      const [installed, own] = [await remote(), await remote()];
      await hasInput(installed, other);
      for (const ask of [set, clear]) expect(await relayed(installed, scsp, { ask })).toBe(false);
      expect(await relayed(installed, scsp, { sharing: [other] })).toBe(true);
      expect(await relayed(installed, other)).toBe(false); // the SET of the SCSP has no answer yet
      for (const state of ['POSTING', 'AWAITING', 'CONFIRMED'] as const) {
        const on = state === 'POSTING' ? own : await remote();
        await store.commit([insertExchange(draft(on, owner, { side: 'sent', state, station: undefined, peer: CPO }), {})]);
        expect(await relayed(on, scsp)).toBe(false);
        expect(await relayed(on, scsp, { ask: get })).toBe(true);
      }
      await store.commit([haltParty(scsp, at)]);
      expect(await relayed(await remote(), scsp)).toBe(false);
      await store.commit([resumeParty(scsp)]);
      expect(await relayed(await remote(), scsp)).toBe(true);
      expect(await relayed(await remote(), owner)).toBe(false); // only contracts give a right to a relayed session
    });
  });

  describe('two nodes on one database', () => {
    test('R-06: two SETs in two transactions at once: one is inserted', async () => {
      for (let round = 0; round < 40; round++) {
        const on = await session();
        const condition = stationCondition('set', []);
        const both = await Promise.all([inserted(draft(on, owner), condition, store), inserted(draft(on, scsp), condition, second)]);
        expect(both.filter(Boolean), `round ${round}`).toHaveLength(1);
      }
    });

    test('R-06: a SET and the end of its session at once: the SET is not inserted, or the end finds it', async () => {
      for (let round = 0; round < 40; round++) {
        const on = await session();
        const end = second.commit([{ name: 'end', sql: "UPDATE session SET status = 'COMPLETED' WHERE key = $1", values: [on] }, endUnsent(on, at)]);
        const [isInserted, [, ended]] = await Promise.all([inserted(draft(on, owner), stationCondition('set', [])), end]);
        expect(ended?.changed, `round ${round}`).toBe(isInserted ? 1 : 0);
      }
    });
  });
});
