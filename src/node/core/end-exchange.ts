import type { ExchangeState } from '../../domain/exchange.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { addOutcomeEvent } from '../../store/sql/event.ts';
import type { StoredExchange } from '../../store/sql/exchange.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from './context.ts';

/** Records how an exchange ended for whoever follows the event stream; part of the transaction that ends it. */
export const outcomeEvent = (
  { id, ask, side, peer }: Pick<StoredExchange, 'id' | 'ask' | 'side' | 'peer'>,
  at: EpochMillis,
  end: { state: ExchangeState; reason: string | undefined; result?: string | undefined },
): Write => addOutcomeEvent(id, at, { kind: ask.kind, side, peer, state: end.state, reason: end.reason, result: end.result });

/** Says in log, metrics and journal how an exchange ended, once it is committed. */
export function reportOutcome({ metrics, journal }: Pick<Context, 'metrics' | 'journal'>, exchange: StoredExchange): void {
  const { id, session, ask, peer, state, reason, result } = exchange;
  if (exchange.side === 'carried') metrics.outcomes.inc({ kind: ask.kind, outcome: state, reason: reason?.split(':')[0] ?? '' });
  journal.note({ step: 'outcome', exchange: id, kind: ask.kind, session, peer, state, reason, result });
  journal.wake();
}
