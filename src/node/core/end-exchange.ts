import type { ExchangeState } from '../../domain/exchange.ts';
import type { EpochMillis } from '../../domain/units.ts';
import { addOutcomeEvent } from '../../store/sql/event.ts';
import { readExchange, type StoredExchange, endExchange as writeEnd } from '../../store/sql/exchange.ts';
import type { Write } from '../../store/store.ts';
import type { Context } from './context.ts';
import { MISSING_RESULTS } from './metrics.ts';

type ExchangeName = Pick<StoredExchange, 'id' | 'ask' | 'side' | 'peer'>;

/** How an exchange ends: its last state, and why (how-a-request-runs §10). */
interface End {
  state: ExchangeState;
  reason: string | undefined;
  result?: string | undefined;
}

/** The write of an outcome to the event stream; part of the transaction that ends the exchange. */
export const outcomeEvent = (
  { id, ask, side, peer }: ExchangeName,
  at: EpochMillis,
  end: { state: ExchangeState; reason: string | undefined; result?: string | undefined },
): Write => addOutcomeEvent(id, at, { kind: ask.kind, side, peer, state: end.state, reason: end.reason, result: end.result });

/** An exchange that has ended, as log, metrics and journal need it. `httpStatus`: of the answer to its result. */
export type EndedExchange = ExchangeName &
  Pick<StoredExchange, 'session' | 'state' | 'reason' | 'result' | 'correlationId' | 'encryptedUrl'> & { httpStatus?: number };

/** Reports an outcome in log, metrics and journal, after it is committed. */
export function reportOutcome(context: Pick<Context, 'metrics' | 'journal' | 'encryption'>, exchange: EndedExchange): void {
  const { metrics, journal } = context;
  const { id, session, ask, peer, state, reason, result } = exchange;
  if (exchange.side === 'carried') metrics.outcomes.inc({ kind: ask.kind, outcome: state, reason: reason?.split(':')[0] ?? '' });
  if ((exchange.side === 'carried' || exchange.side === 'relayed') && isMissing(state)) metrics.resultsMissing.inc({ why: state });
  if (state === 'UNDELIVERED' || state === 'DELIVERY_UNKNOWN') noteUndelivered(context, exchange);
  journal.note({ step: 'outcome', exchange: id, kind: ask.kind, session, peer, state, reason, result });
  journal.eventsCommitted();
}

const isMissing = (state: ExchangeState): boolean => MISSING_RESULTS.some((it) => it === state);

function noteUndelivered({ journal, encryption }: Pick<Context, 'journal' | 'encryption'>, exchange: EndedExchange): void {
  const { id, ask, session, peer, reason, result, correlationId, encryptedUrl, httpStatus } = exchange;
  const origin = encryptedUrl === undefined ? undefined : originOf(encryption, encryptedUrl);
  journal.note({ step: 'result-undelivered', exchange: id, kind: ask.kind, session, peer, origin, httpStatus, reason, result, correlationId });
}

/** Undefined when the response_url was encrypted with another key, which the delivery has reported as an error. */
function originOf(encryption: Context['encryption'], encryptedUrl: string): string | undefined {
  try {
    return new URL(encryption.decrypt(encryptedUrl)).origin;
  } catch {
    return undefined;
  }
}

/** The writes that end an exchange when it is in one of the states `from`; they belong in one transaction. */
export const endWrites = (exchange: ExchangeName, from: readonly ExchangeState[], end: End & { at: EpochMillis }): readonly [Write, Write] => [
  writeEnd(exchange.id, from, end),
  outcomeEvent(exchange, end.at, end),
];

/** Ends an exchange that is in one of the states `from`, and reports its outcome; undefined when it was in another state. */
export async function endExchange(
  context: Context,
  exchange: StoredExchange,
  { from, ...end }: End & { from: readonly ExchangeState[] },
): Promise<StoredExchange | undefined> {
  const { store, clock } = context;
  const at = clock.now();
  const [ended] = await store.commit(endWrites(exchange, from, { ...end, at }));
  if (ended?.changed !== 1) return undefined;
  const after = { ...exchange, state: end.state, reason: end.reason ?? exchange.reason, endedAt: at };
  reportOutcome(context, after);
  return after;
}

/** Commits a write that cancels any number of exchanges, together with other writes, and reports each outcome; resolves with the cancelled exchanges. */
export async function cancelExchanges(context: Context, cancel: Write, others: readonly Write[] = []): Promise<readonly StoredExchange[]> {
  const { store, clock } = context;
  const [cancelled] = await store.commit([cancel, ...others]);
  const ended = (cancelled?.rows ?? []).map(readExchange);
  if (ended.length === 0) return ended;
  await store.commit(ended.map((exchange) => outcomeEvent(exchange, clock.now(), exchange)));
  for (const exchange of ended) reportOutcome(context, exchange);
  return ended;
}
