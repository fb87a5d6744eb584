import { type Static, Type } from 'typebox';
import { type ExchangeState, isOpen, OUTCOMES_OR_OPEN, RESPONSES, type ResponseType, type Side } from '../../../domain/exchange.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { OutcomeCount } from '../../../store/sql/outcome-count.ts';

/**
 * How an exchange ended: the answer or result of the CPO or charge point (REJECTED also when the request did not arrive), UNKNOWN (OCPI), UNCERTAIN (nobody knows whether the
 * profile is in force) or CANCELLED.
 */
const OUTCOMES = [...RESPONSES, 'UNKNOWN', 'UNCERTAIN', 'CANCELLED'] as const;
export const Outcome = oneOf(...OUTCOMES);
export type Outcome = Static<typeof Outcome>;
export const OutcomeOrOpen = oneOf(...OUTCOMES_OR_OPEN);
export type OutcomeOrOpen = Static<typeof OutcomeOrOpen>;

/** The outcome of an exchange; undefined while it is open. A result counts whether or not it could be delivered. */
export function outcomeOf({ state, result }: { state: ExchangeState; result?: Outcome | undefined }): Outcome | undefined {
  if (isOpen(state)) return undefined;
  if (state === 'CANCELLED') return 'CANCELLED';
  if (state === 'UNCERTAIN' || state === 'TIMED_OUT') return 'UNCERTAIN';
  // A request that certainly did not arrive: nothing is in force because of it.
  return result ?? (state === 'REFUSED' ? 'REJECTED' : 'UNCERTAIN');
}

/** The states of a request to a peer in which the peer may not have accepted it. */
const MAYBE_UNANSWERED: readonly ExchangeState[] = ['POSTING', 'REFUSED', 'UNCERTAIN', 'CANCELLED'];

/** The immediate answer to a request; undefined: there was none, or it is not known. */
export function answerOf({
  side,
  state,
  result,
  outcome,
  declined,
}: Pick<StoredExchange, 'side' | 'state' | 'result' | 'outcome' | 'declined'>): ResponseType | undefined {
  const isAnswer = (it: string | undefined): it is ResponseType => RESPONSES.some((response) => response === it);
  const answered = side !== 'carried' && side !== 'own' && outcome === undefined && MAYBE_UNANSWERED.includes(state);
  if (declined || answered) return isAnswer(result) ? result : undefined;
  return 'ACCEPTED';
}

const DELIVERIES = ['PENDING', 'DELIVERED', 'UNDELIVERED', 'UNKNOWN'] as const;
/** Whether the result reached the peer that requested it. */
export const Delivery = Type.Unsafe<(typeof DELIVERIES)[number]>({
  type: 'string',
  enum: [...DELIVERIES],
  description: 'whether the result reached the peer that requested it; UNKNOWN: the connection broke before its answer; absent: there is nothing to deliver',
});
export type Delivery = Static<typeof Delivery>;

/** The delivery of a result to the peer that requested it; undefined when the exchange has no result for a peer. */
export function deliveryOf({ side, state }: { side: Side; state: ExchangeState }): Delivery | undefined {
  if (side !== 'carried' && side !== 'relayed') return undefined;
  if (state === 'RESULT' || state === 'DELIVERING') return 'PENDING';
  if (state === 'DELIVERY_UNKNOWN') return 'UNKNOWN';
  return state === 'DELIVERED' || state === 'UNDELIVERED' ? state : undefined;
}

/** How many exchanges of one key have one outcome. */
interface CountByOutcome {
  key: string;
  outcome: OutcomeOrOpen;
  count: number;
}

/** Sums counts by key and outcome: several states have the same outcome. */
export function sumByOutcome(counts: readonly (OutcomeCount & { key: string })[]): CountByOutcome[] {
  const sums = new Map<string, CountByOutcome>();
  for (const { key, count, ...ending } of counts) {
    const outcome = outcomeOf(ending) ?? 'OPEN';
    const sum = sums.get(`${key} ${outcome}`) ?? { key, outcome, count: 0 };
    sums.set(`${key} ${outcome}`, { ...sum, count: sum.count + count });
  }
  return [...sums.values()];
}
