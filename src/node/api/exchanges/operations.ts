import type { ExchangeState } from '../../../domain/exchange.ts';
import { type ExchangeId, exchangeId, type SessionKey } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { Seconds } from '../../../domain/units.ts';
import { exchangeById, newestExchange, newestExchanges, type StoredExchange } from '../../../store/sql/exchange.ts';
import type { Context } from '../../core/context.ts';
import type { RecentSteps } from '../../core/recent-steps.ts';
import { DEFAULT_LIMIT, MOST_SEARCHED, NEWEST, nextOf, type Page, type PageRequest } from '../lists.ts';
import { maskUrl } from '../masks.ts';
import { quote, type Refusal, refuse } from '../refusal.ts';
import { createExchangeWaits } from './await-end.ts';
import { messagesOf } from './exchange-messages.ts';
import type { ExchangeMessages, ExchangeView } from './schemas.ts';
import { viewExchange } from './view-exchange.ts';

/** What an operator does with exchanges. */
export interface ExchangeOperations {
  exchanges(which?: PageRequest & { session?: string; state?: ExchangeState; q?: string }): Promise<Result<Page<ExchangeView>, Refusal>>;
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
  const find = async (id: string) => store.first(exchangeById(exchangeId(id)));
  const unknown = (id: string) => refuse(404, 'NOT_FOUND', `no exchange ${quote(id)}`);
  return {
    exchanges: async ({ session: name, state, q, limit = DEFAULT_LIMIT, before: wanted = NEWEST } = {}) => {
      const session = name === undefined ? undefined : await findSession(name);
      if (session?.ok === false) return session;
      const before = Math.min(wanted, ((await store.first(newestExchange)) ?? 0) + 1);
      const floor = (state === undefined && q === undefined) || session ? 0 : Math.max(0, before - MOST_SEARCHED);
      const stored = await store.all(
        newestExchanges({ floor, before, limit, ...(session && { session: session.value.key }), ...(state && { state }), ...(q !== undefined && { q }) }),
      );
      return ok({ items: stored.map(view), ...nextOf(stored, limit, floor) });
    },
    exchange: async (id) => {
      const stored = await find(id);
      return stored ? ok(view(stored)) : unknown(id);
    },
    messages: async (id) => {
      const stored = await find(id);
      return stored ? ok({ exchange: view(stored), messages: messagesOf(stored, steps.of(stored.id)) }) : unknown(id);
    },
    exchangesOf: async (session, limit) => (await store.all(newestExchanges({ floor: 0, before: NEWEST, limit, session }))).map(view),
    whenEnded: async (id, wait) => {
      const stored = await waits.whenEnded(id, wait);
      return stored ? ok(view(stored)) : unknown(id);
    },
    stopWaiting: waits.stop,
  };
}
