import { describe, expect, test } from 'vitest';
import { virtualClock } from '../../sim/index.ts';
import { exchangeId, fold, partyKey, peerId, sessionKey } from '../../src/domain/ids.ts';
import { type EpochMillis, epochMicros, epochMillis, seconds, wattHours } from '../../src/domain/units.ts';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { forgetOld } from '../../src/node/upkeep/forget-old.ts';
import { openStore } from '../../src/store/open.ts';
import { addEvent } from '../../src/store/sql/event.ts';
import { addSessionEvidence, addSiteEvidence, saveSample } from '../../src/store/sql/evidence.ts';
import { endExchange, insertExchange } from '../../src/store/sql/exchange.ts';
import { rememberInput } from '../../src/store/sql/input.ts';
import { savePush } from '../../src/store/sql/push.ts';
import { addRelayed } from '../../src/store/sql/relayed.ts';
import { saveSession } from '../../src/store/sql/session.ts';
import { entitle } from '../../src/store/sql/steering.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { manualClock } from '../flows/manual-clock.fixture.ts';
import { openPlatform } from '../flows/platform.fixture.ts';
import { databaseFor, stores } from '../world.ts';

const DAY = 86_400_000;
const NOW = epochMillis(1_900_000_000_000);
const daysAgo = (days: number): EpochMillis => epochMillis(NOW - days * DAY);
const party = partyKey('NL', 'MSP');
const peer = peerId('NL*MSP');

const parsed = parseConfig('{ public_url: "https://ocpi.example.com", parties: [{ role: CPO, country_code: NL, party_id: EVK, name: EVK }] }');
const config = parsed.ok ? parsed.value : expect.fail('no configuration');

/** A session with one row in each table that belongs to it. */
function session(id: string, { status, at, events = 1 }: { status: string; at: EpochMillis; events?: number }): Write[] {
  const key = sessionKey('NL', 'EVK', id);
  const of = { peer: undefined, station: undefined, evseUid: undefined, transactionId: undefined, profileId: undefined, progress: undefined };
  const more = { driver: undefined, receiver: undefined, locationId: undefined, tokenParty: party };
  const save = (it: string) => saveSession({ key, foldedId: fold(id), status: it, lastUpdated: epochMicros(at * 1000), body: { id }, ...of, ...more });
  return [
    save('ACTIVE'),
    addSessionEvidence(key, at, { kind: 'confirmed', profile: {} }),
    savePush({ session: key, driver: undefined, party, peer, acknowledged: { id }, failed: false, pushedAt: undefined }),
    entitle(key, { party, peer }, at),
    rememberInput(key, { by: party, peer, profile: { unit: 'A', periods: [] }, state: 'installed' }, at),
    save(status),
    addRelayed({ party, session: key, id: `R-${id}` }),
    saveSample(key, { at, energy: wattHours(1), state: 'charging' }),
    ...Array.from({ length: events }, () => addEvent({ at, kind: 'session', session: key, body: { id } })),
    ...exchange(`X-${id}`, { session: id, endedAt: at }),
  ];
}
function exchange(id: string, { session: of, endedAt }: { session: string; endedAt: EpochMillis }): Write[] {
  const it = {
    id: exchangeId(id),
    side: 'carried',
    ask: { kind: 'clear' },
    peer,
    party,
    session: sessionKey('NL', 'EVK', of),
    edition: '2.2.1',
    requestId: id,
    correlationId: 'c',
    bodyHash: 'h',
    acceptedAt: endedAt,
    deadline: endedAt,
    timeout: seconds(30),
    state: 'DELIVERING',
    station: undefined,
    profileId: undefined,
  } as const;
  return [insertExchange(it, {}), endExchange(it.id, ['DELIVERING'], { state: 'DELIVERED', reason: undefined, at: endedAt })];
}

const TABLES = {
  session: 'key',
  push: 'session_key',
  steering: 'session_key',
  input: 'session_key',
  relayed: 'session_key',
  event: 'session_key',
  exchange: 'id',
  meter_sample: 'session_key',
  evidence: 'session_key',
};
async function remainingRows(store: Store): Promise<Record<string, readonly string[]>> {
  const rows = Object.entries(TABLES).map(async ([table, column]) => {
    const names = store.all({
      name: `all-${table}`,
      sql: `SELECT ${column} AS name FROM ${table} ORDER BY ${column}`,
      values: [],
      read: (row) => String(row.name),
    });
    return [table, [...new Set((await names).map((name) => name.replace('NL*EVK*', '')))]] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

async function openSeeded(kind: (typeof stores)[number], writes: readonly Write[], stack: AsyncDisposableStack): Promise<Store> {
  const store = stack.use(await openStore(await databaseFor(kind, stack)));
  for (let from = 0; from < writes.length; from += 1_000) await store.commit(writes.slice(from, from + 1_000));
  return store;
}

describe.each(stores)('retention (%s)', (kind) => {
  test('SEC-45: sessions and exchanges are deleted with all their rows when the retention time is over; running ones stay', async () => {
    await using stack = new AsyncDisposableStack();
    const clock = virtualClock(NOW);
    const seed = [
      ...session('OLD', { status: 'COMPLETED', at: daysAgo(401) }),
      ...session('NEVER', { status: 'INVALID', at: daysAgo(500) }),
      ...session('YOUNG', { status: 'COMPLETED', at: daysAgo(399) }),
      ...session('RUNS', { status: 'ACTIVE', at: daysAgo(900) }),
      ...exchange('X-LATE', { session: 'YOUNG', endedAt: daysAgo(29) }),
      addEvent({ at: NOW, kind: 'security', body: {} }),
      addSiteEvidence('OLD-SITE', daysAgo(36), { kind: 'ordered', evse: 'E1', a: 6 }),
      addSiteEvidence('SITE', daysAgo(34), { kind: 'ordered', evse: 'E1', a: 6 }),
    ];
    const store = await openSeeded(kind, seed, stack);
    const forget = () => forgetOld({ store, clock, config, pause: async () => undefined, stopped: () => false });
    await forget();
    const kept = ['RUNS', 'YOUNG'];
    const ofBoth = { session: kept, push: kept, steering: kept, input: kept, relayed: kept };
    expect(await remainingRows(store)).toEqual({ ...ofBoth, event: ['null'], exchange: ['X-LATE', 'X-RUNS'], meter_sample: [], evidence: ['null'] });
    await clock.advance(2 * DAY);
    await forget();
    const running = ['RUNS'];
    const ofOne = { session: running, push: running, steering: running, input: running, relayed: running };
    expect(await remainingRows(store)).toEqual({ ...ofOne, event: ['null'], exchange: ['X-RUNS'], meter_sample: [], evidence: [] });
  });

  test('SEC-45: rows are deleted in batches of at most 500, and other commits run between two batches', async () => {
    await using stack = new AsyncDisposableStack();
    const old = Array.from({ length: 30 }, (_, n) => session(`S${n}`, { status: 'COMPLETED', at: daysAgo(401), events: 60 })).flat();
    const inner = await openSeeded(kind, [...old, addEvent({ at: NOW, kind: 'security', body: {} })], stack);
    const order: string[] = [];
    const deleted: number[] = [];
    const store: Store = {
      ...inner,
      commit: async (writes) => {
        const written = await inner.commit(writes);
        if (written.some(({ changed }) => changed > 0)) order.push('batch');
        deleted.push(written.reduce((sum, { changed }) => sum + changed, 0));
        return written;
      },
    };
    const pause = async () => {
      await inner.commit([addEvent({ at: NOW, kind: 'security', body: {} })]);
      order.push('other');
    };
    await forgetOld({ store, clock: virtualClock(NOW), config, pause, stopped: () => false });
    expect(await remainingRows(inner)).toMatchObject({ session: [], exchange: [], event: ['null'] });
    expect(Math.max(...deleted)).toBeLessThanOrEqual(500);
    expect(deleted.filter((rows) => rows > 0).length).toBeGreaterThan(4);
    expect(order.join(' ')).not.toContain('batch batch');
  });
});

test('SEC-45: a running node deletes old rows every ten minutes', async () => {
  const clock = manualClock(NOW);
  await using platform = await openPlatform({ clock });
  await platform.store.commit([...session('S1', { status: 'COMPLETED', at: NOW }), addEvent({ at: epochMillis(NOW + 401 * DAY), kind: 'security', body: {} })]);
  clock.moveTime(401 * DAY);
  expect(clock.fireTimers(600_000, 600_000)).toBe(1);
  while ((await remainingRows(platform.store)).session?.length !== 0) {
    clock.fireTimers(0, 100); // the pauses between batches
    await new Promise((then) => setImmediate(then));
  }
  expect(await remainingRows(platform.store)).toMatchObject({ push: [], steering: [], input: [], relayed: [], event: ['null'], exchange: [] });
});
