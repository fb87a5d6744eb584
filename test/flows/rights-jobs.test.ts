import { describe, expect, test } from 'vitest';
import { openAgreementChanges } from '../../src/node/rights/change-agreements.ts';
import { openStore } from '../../src/store/open.ts';
import type { Query, Store } from '../../src/store/store.ts';
import { upTo } from '../profile-requests.ts';
import { stores, type WorldOptions } from '../world.ts';
import { openRelayed, sessionAtCpo } from './relay.fixture.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

/** A store whose queries with these names fail as long as `broken` is true. */
function breakable(...names: readonly string[]) {
  const state = { broken: false };
  const isBroken = ({ name }: { name: string }) => state.broken && names.includes(name);
  const failure = () => Promise.reject(new Error('canceling statement due to statement timeout'));
  const aroundStore: NonNullable<WorldOptions['aroundStore']> = (store): Store => ({
    kind: store.kind,
    commit: (writes) => store.commit(writes),
    all: (query) => (isBroken(query) ? failure() : store.all(query)),
    first: (query) => (isBroken(query) ? failure() : store.first(query)),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  });
  return { state, aroundStore };
}
/** Resolves with the first security event of a failed job. */
const firstAlarm = ({ world, until }: Steered) => until(world.firstStep('security', ({ kind }) => kind === 'rights-unchecked'));
const countOf = (table: string): Query<number> => ({
  name: `count-${table}`,
  sql: `SELECT COUNT(*) AS n FROM ${table}`,
  values: [],
  read: (row) => Number(row.n),
});
const controlRows = async (store: Store) => [await store.first(countOf('input')), await store.first(countOf('steering'))];

describe.each(stores)('jobs of rights (%s)', (store) => {
  test('R-02, SEC-34: a halted party loses its profile although the check of all other rights fails, and each failure is a security event', async () => {
    const { state, aroundStore } = breakable('expired-rights', 'sessions-to-push', 'steering-contracts');
    await using it = await openSteered(store, { aroundStore });
    await (await it.emsp.set(it.session, upTo(16))).later;
    state.broken = true;
    await using agreements = await openAgreementChanges(it.world.settings());
    await agreements.halt('NL*MSP');
    const cleared = it.station.next('ClearChargingProfile');
    await it.clock.advance(6_000);
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
    expect((await firstAlarm(it)).says).toMatch(/^rights: the job failed/);
    expect(await (await fetch(`${it.world.node().publicUrl}/metrics`)).text()).toMatch(/evenkeel_security_events_total\{kind="rights-unchecked"\} [1-9]/);
  });

  test('R-02, SEC-34: a failed withdrawal for a halted party is a security event and is repeated until it succeeds', async () => {
    const { state, aroundStore } = breakable('controlled-by');
    await using it = await openSteered(store, { aroundStore });
    await (await it.emsp.set(it.session, upTo(16))).later;
    state.broken = true;
    await using agreements = await openAgreementChanges(it.world.settings());
    await agreements.halt('NL*MSP');
    expect((await firstAlarm(it)).says).toMatch(/^halted parties: the job failed/);
    expect(it.station.installed()).toHaveLength(1);
    state.broken = false;
    const cleared = it.station.next('ClearChargingProfile');
    await it.clock.advance(6_000);
    await it.until(cleared);
    expect(it.station.installed()).toEqual([]);
  });

  test('R-02: profiles and steering records end with an own session', async () => {
    await using it = await openSteered(store);
    await using reader = await openStore(it.world.database);
    await (await it.emsp.set(it.session, upTo(16))).later;
    expect(await controlRows(reader)).toEqual([1, 1]);
    await it.station.unplug(1);
    await it.until(it.emsp.session(({ status }) => status === 'COMPLETED'));
    expect(await controlRows(reader)).toEqual([0, 0]);
  });

  test('R-02: profiles and steering records end with a remote session', async () => {
    await using it = await openRelayed({ store });
    await using reader = await openStore(it.world.settings().database);
    const set = await it.scsp.set(it.session, upTo(10));
    await it.postResult({ result: 'ACCEPTED' });
    await it.until(set.later);
    expect(await controlRows(reader)).toEqual([1, 1]);
    await it.cpo.put(sessionAtCpo({ status: 'COMPLETED', end_date_time: '2026-01-31T10:00:00Z', last_updated: '2026-01-31T10:00:00Z' }));
    await it.until(it.scsp.session(({ status }) => status === 'COMPLETED'));
    expect(await controlRows(reader)).toEqual([0, 0]);
  });
});
