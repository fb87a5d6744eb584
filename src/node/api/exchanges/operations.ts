import type { ExchangeState } from '../../../domain/exchange.ts';
import { typedId } from '../../../domain/id-prefix.ts';
import { type ExchangeId, exchangeId, type SessionKey, stationId } from '../../../domain/ids.ts';
import { omitUndefined } from '../../../domain/omit-undefined.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { Seconds } from '../../../domain/units.ts';
import { exchangeById, type StoredExchange } from '../../../store/sql/exchange.ts';
import { exchangesByPrefix, newestExchange, newestExchanges, resultHashOf } from '../../../store/sql/exchange-list.ts';
import type { Context } from '../../core/context.ts';
import { maskUrl } from '../../core/mask-url.ts';
import type { RecentSteps } from '../../core/recent-steps.ts';
import { DEFAULT_LIMIT, MOST_ALIKE, MOST_SEARCHED, NEWEST, nextOf, type Page, type PageRequest, searchedText } from '../lists.ts';
import { ambiguous, quote, type Refusal, refuse } from '../refusal.ts';
import { createExchangeWaits } from './await-end.ts';
import { messagesOf } from './exchange-messages.ts';
import type { KeptOfExchange } from './kept-of-exchange.ts';
import type { OutcomeOrOpen } from './outcome.ts';
import type { ExchangeMessages, ExchangeView } from './schemas.ts';
import { viewExchange } from './view-exchange.ts';

/** What an operator does with exchanges. */
export interface ExchangeOperations {
  exchanges(
    which?: PageRequest & { session?: string; station?: string; state?: ExchangeState; outcome?: OutcomeOrOpen; q?: string },
  ): Promise<Result<Page<ExchangeView>, Refusal>>;
  exchange(id: string): Promise<Result<ExchangeView, Refusal>>;
  messages(id: string): Promise<Result<ExchangeMessages, Refusal>>;
  /** The newest exchanges of a session, newest first. */
  exchangesOf(session: SessionKey, limit: number): Promise<ExchangeView[]>;
  /** The exchange when it has ended, or as it stands after `wait` or when the node stops. */
  whenEnded(id: ExchangeId, wait: Seconds): Promise<Result<ExchangeView, Refusal>>;
  stopWaiting(): void;
}

interface Dependencies {
  context: Context;
  findSession(name: string): Promise<Result<{ key: SessionKey }, Refusal>>;
  steps: RecentSteps;
}

export function exchangeOperations({ context, findSession, steps }: Dependencies): ExchangeOperations {
  const { store, encryption } = context;
  const waits = createExchangeWaits(context);
  const view = (stored: StoredExchange) => viewExchange(stored, (encrypted) => maskUrl(encryption.decrypt(encrypted)));
  const unknown = (id: string) => refuse(404, 'NOT_FOUND', `no exchange ${quote(id)}`);
  /** The exchange with this id, of any age, or the only one of the newest whose id begins with it. */
  const find = async (typed: string): Promise<Result<StoredExchange, Refusal>> => {
    const id = typedId(typed).toLowerCase();
    const exact = await store.first(exchangeById(exchangeId(id)));
    if (exact) return ok(exact);
    const floor = Math.max(0, ((await store.first(newestExchange)) ?? 0) - MOST_SEARCHED);
    const found = id === '' ? [] : await store.all(exchangesByPrefix(id, floor, MOST_ALIKE));
    const [exchange, ...others] = found;
    if (!exchange) return unknown(typed);
    return others.length === 0 ? ok(exchange) : ambiguous('exchange', 'exchanges', { typed, ids: found.map((it) => it.id) });
  };
  return {
    exchanges: async ({ session: name, station, state, outcome, q: typed, limit = DEFAULT_LIMIT, before: wanted = NEWEST } = {}) => {
      const q = searchedText(typed);
      const session = name === undefined ? undefined : await findSession(name);
      if (session?.ok === false) return session;
      const before = Math.min(wanted, ((await store.first(newestExchange)) ?? 0) + 1);
      const searches = state !== undefined || outcome !== undefined || q !== undefined;
      const floor = !searches || session || station !== undefined ? 0 : Math.max(0, before - MOST_SEARCHED);
      const by = { session: session?.value.key, station: station === undefined ? undefined : stationId(station), state, outcome, q };
      const stored = await store.all(newestExchanges({ floor, before, limit, ...omitUndefined(by) }));
      return ok({ items: stored.map(view), ...nextOf(stored, limit, floor) });
    },
    exchange: async (id) => {
      const stored = await find(id);
      return stored.ok ? ok(view(stored.value)) : stored;
    },
    messages: async (id) => {
      const stored = await find(id);
      if (!stored.ok) return stored;
      const { value } = stored;
      return ok({ exchange: view(value), messages: messagesOf(value, steps.of(value.id), await keptOf(context, value)) });
    },
    exchangesOf: async (session, limit) => (await store.all(newestExchanges({ floor: 0, before: NEWEST, limit, session }))).map(view),
    whenEnded: async (id, wait) => {
      const stored = await waits.whenEnded(id, wait);
      return stored ? ok(view(stored)) : unknown(id);
    },
    stopWaiting: waits.stop,
  };
}

/** What is in memory about the charge point and the peers of an exchange. */
async function keptOf({ store, stationMessages, peerMessages }: Context, { id, station, side, peer, upstream }: StoredExchange): Promise<KeptOfExchange> {
  return {
    frames: station === undefined ? [] : stationMessages.of(station),
    states: station === undefined ? [] : stationMessages.statesOf(station),
    peerMessages: [peer, ...(upstream === undefined ? [] : [upstream])].flatMap((it) => peerMessages.of(it)),
    resultHash: side === 'sent' || side === 'relayed' ? ((await store.first(resultHashOf(id))) ?? undefined) : undefined,
  };
}
