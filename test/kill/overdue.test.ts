import { expect, test } from 'vitest';
import type { ExchangeState } from '../../src/domain/exchange.ts';
import { exchangeId, partyKey, peerId, sessionKey, stationId } from '../../src/domain/ids.ts';
import { epochMillis, seconds } from '../../src/domain/units.ts';
import { openStore } from '../../src/store/open.ts';
import { eventsAfter } from '../../src/store/sql/event.ts';
import { exchangeById, insertExchange } from '../../src/store/sql/exchange.ts';
import { openWorld, stores } from '../world.ts';

/** The state of an overdue exchange, with the state and reason that it ends with. */
const overdue = [
  ['ACCEPTED', 'TIMED_OUT', 'crash'],
  ['SENDING', 'TIMED_OUT', 'crash'],
  ['RESULT', 'UNDELIVERED', 'expired'],
  ['DELIVERING', 'DELIVERY_UNKNOWN', 'crash'],
] as const satisfies [ExchangeState, ExchangeState, string][];

test.each(stores)('G-05: a running node ends overdue exchanges that none of its timers knows, with an event for each (%s)', async (kind) => {
  await using world = await openWorld({ store: kind });
  await using store = await openStore(world.database);
  const now = world.clock.now();
  for (const [state] of overdue) {
    const draft = {
      id: exchangeId(state),
      side: 'carried',
      peer: peerId('NL*MSP'),
      party: partyKey('NL', 'MSP'),
      session: sessionKey('NL', 'EVK', 'S1'),
      edition: '2.2.1',
      ask: { kind: 'clear' },
      requestId: state,
      correlationId: 'c',
      bodyHash: 'h',
      acceptedAt: epochMillis(now - 35_000),
      deadline: epochMillis(now - 5_000),
      timeout: seconds(30),
      state,
      station: stationId('CP-16'),
      profileId: 1,
    } as const;
    await store.commit([insertExchange(draft, {})]);
  }
  for (const [state, end, reason] of overdue) {
    expect(await world.firstStep('outcome', ({ exchange }) => exchange === state)).toMatchObject({ state: end, reason });
    expect(await store.first(exchangeById(exchangeId(state)))).toMatchObject({ state: end, reason });
  }
  expect((await store.all(eventsAfter(0, 10))).filter((it) => it.kind === 'exchange').map(({ exchange }) => exchange)).toEqual(overdue.map(([state]) => state));
});
