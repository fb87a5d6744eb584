import { describe, expect, test } from 'vitest';
import { EXCHANGE_STATES, OUTCOMES_OR_OPEN, RESPONSES, RESULTS } from '../../src/domain/exchange.ts';
import { asPartyKey, exchangeId, peerId, sessionKey } from '../../src/domain/ids.ts';
import { epochMillis, seconds } from '../../src/domain/units.ts';
import { outcomeOf } from '../../src/node/api/exchanges/outcome.ts';
import { openStore } from '../../src/store/open.ts';
import { insertExchange } from '../../src/store/sql/exchange.ts';
import { newestExchanges } from '../../src/store/sql/exchange-list.ts';
import { databaseFor, stores } from '../world.ts';

const at = epochMillis(1_800_000_000_000);
const results = [undefined, ...new Set([...RESPONSES, ...RESULTS])];
const endings = EXCHANGE_STATES.flatMap((state) => results.map((result) => ({ state, result })));

describe.each(stores)('the filter by outcome (%s)', (kind) => {
  test('CON-D07: finds exactly the exchanges whose outcome it names, in each state and with each result', async () => {
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore(await databaseFor(kind, stack)));
    for (const [n, { state, result }] of endings.entries()) {
      const id = exchangeId(`X${n}`);
      const insert = insertExchange(
        {
          ...{ id, side: 'sent', ask: { kind: 'clear' }, peer: peerId('NL*CPO'), party: asPartyKey('NL*MSP'), session: sessionKey('NL', 'CPO', 'S1') },
          ...{ edition: '2.2.1', requestId: `r${n}`, correlationId: 'c', bodyHash: 'h', acceptedAt: at, deadline: at, timeout: seconds(30), state },
          ...{ station: undefined, profileId: undefined },
        },
        {},
      );
      const end = { name: 'give-result', sql: 'UPDATE exchange SET result = $2 WHERE id = $1', values: [id, result ?? null] };
      await store.commit([insert, end]);
    }
    for (const outcome of OUTCOMES_OR_OPEN) {
      const found = await store.all(newestExchanges({ floor: 0, before: 10_000, limit: 1_000, outcome }));
      const expected = endings.flatMap((it, n) => ((outcomeOf(it) ?? 'OPEN') === outcome ? [`X${n}`] : []));
      expect([outcome, found.map(({ id }) => String(id)).reverse()]).toEqual([outcome, expected]);
    }
  });
});
