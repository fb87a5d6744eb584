import { expect, test } from 'vitest';
import { virtualClock } from '../../../sim/index.ts';
import { databaseFor, ownKeyFile, type StoreKind, stores } from '../../../test/world.ts';
import { stationId } from '../../domain/ids.ts';
import { epochMillis } from '../../domain/units.ts';
import type { Station } from '../../ocpp/station.ts';
import { RETRY_MS } from '../../store/retry-until.ts';
import { stationById } from '../../store/sql/station.ts';
import type { Store } from '../../store/store.ts';
import { parseConfig } from '../config/config-file.ts';
import { openContext } from '../core/open-context.ts';
import { createStationPresence } from './station-presence.ts';

const id = stationId('CP1');
const station = (epoch: number): Station => ({
  id,
  version: '1.6',
  epoch,
  abilities: () => ({ smartCharging: true, units: ['A'], maxStackLevel: 1, maxPeriods: 1, minProfileId: 1 }),
  send: async () => ({ is: 'UNKNOWN' }),
  askAbilities: async () => ({ is: 'ANSWERED', status: 'Stated' }),
  trigger: async () => ({ is: 'ANSWERED', status: 'Accepted' }),
  pending: () => 0,
  heardAt: () => epochMillis(0),
  close: () => undefined,
});

async function openPresence(kind: StoreKind) {
  const stack = new AsyncDisposableStack();
  const place = { public_url: 'http://127.0.0.1', insecure_http: true, database: await databaseFor(kind, stack), ...ownKeyFile(kind, stack) };
  const parsed = parseConfig(JSON.stringify({ ...place, parties: [{ role: 'CPO', country_code: 'NL', party_id: 'EVK', name: 'E' }] }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  const clock = virtualClock(epochMillis(1_000_000));
  let isAway = false;
  const aroundStore = (store: Store): Store => ({ ...store, commit: (writes) => (isAway ? Promise.reject(new Error('away')) : store.commit(writes)) });
  const context = await openContext(parsed.value, { clock, log: () => undefined, stack, aroundStore });
  const presence = createStationPresence(context, { recorded: () => undefined });
  const stored = async () => {
    while (context.work.size().work > 0) await new Promise((then) => setImmediate(then));
    const it = await context.store.first(stationById(id));
    return it && { epoch: it.epoch, online: it.online };
  };
  return {
    presence,
    clock,
    stored,
    setAway: (away: boolean) => (isAway = away),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test.each(stores)('SEC-31: a connection that is older than the recorded one is refused, and the newer one stays (%s)', async (kind) => {
  await using it = await openPresence(kind);
  expect(await it.presence.connected(station(2))).toBe(true);
  await expect(it.presence.connected(station(1))).rejects.toThrow('the store has a newer one');
  expect(await it.stored()).toEqual({ epoch: 2, online: true });
});

test.each(stores)('a connection that ends while it is being recorded does not count as live (%s)', async (kind) => {
  await using it = await openPresence(kind);
  const connection = station(1);
  const connected = it.presence.connected(connection);
  expect(it.presence.disconnected(connection)).toBe(false);
  expect(await connected).toBe(false);
  expect(await it.stored()).toEqual({ epoch: 1, online: false });
});

test.each(stores)('the end of a connection is recorded when the store is back (%s)', async (kind) => {
  await using it = await openPresence(kind);
  const connection = station(1);
  await it.presence.connected(connection);
  it.setAway(true);
  expect(it.presence.disconnected(connection)).toBe(true);
  expect(await it.stored()).toEqual({ epoch: 1, online: true });
  it.setAway(false);
  await it.clock.advance(RETRY_MS);
  expect(await it.stored()).toEqual({ epoch: 1, online: false });
});
