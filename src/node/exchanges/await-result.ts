import type { ExchangeState } from '../../domain/exchange.ts';
import { type NewExchange, readExchange, recordAnswer, type StoredExchange } from '../../store/sql/exchange.ts';
import type { Context } from '../core/context.ts';
import { endExchange, outcomeEvent } from '../core/end-exchange.ts';

/** The immediate answer of a peer: the state after it, and the deadline for the result. */
type ImmediateAnswer = Omit<Parameters<typeof recordAnswer>[1], 'endedAt'>;

/** Commits the immediate answer to a request that went to a peer. Resolves with the exchange, undefined when it no longer waited for the answer. */
export async function commitAnswer({ store, clock }: Context, exchange: NewExchange, answer: ImmediateAnswer): Promise<StoredExchange | undefined> {
  const now = clock.now();
  const ends = answer.state !== 'AWAITING';
  const [recorded] = await store.commit([
    recordAnswer(exchange.id, { ...answer, endedAt: ends ? now : undefined }),
    ...(ends ? [outcomeEvent(exchange, now, answer)] : []),
  ]);
  const row = recorded?.rows[0];
  return row && readExchange(row);
}

/** How an exchange ends when its deadline passes without a result. */
interface MissingResult {
  /** The states in which the result is still missing. */
  from: readonly ExchangeState[];
  state: ExchangeState;
  reason: string;
  /** Called after the exchange has ended so. */
  ended(exchange: StoredExchange): Promise<void>;
}

/** Waits until the deadline of an exchange; when it has no result by then, ends it. */
export function awaitResult(context: Context, exchange: StoredExchange, { ended, ...end }: MissingResult): void {
  const { clock, work } = context;
  const timeOut = async () => {
    const after = await endExchange(context, exchange, end);
    if (after) await ended(after);
  };
  clock.after(Math.max(0, exchange.deadline - clock.now()), () => work.start(`exchange ${exchange.id}`, timeOut));
}
