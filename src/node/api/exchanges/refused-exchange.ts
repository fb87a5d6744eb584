import { ok, type Result } from '../../../domain/result.ts';
import { declined, type Refusal } from '../refusal.ts';
import type { ExchangeView } from './schemas.ts';

/**
 * An exchange as the answer to the request that began it: one that was refused is a refusal with its reason, whoever refused it (F-73).
 * It is no refusal while the exchange is open, or when nobody knows its result.
 */
export function answerWith(exchange: ExchangeView): Result<ExchangeView, Refusal> {
  const { open, outcome, reason, peer, station } = exchange;
  if (open || outcome === undefined || outcome === 'ACCEPTED' || outcome === 'UNKNOWN' || outcome === 'UNCERTAIN') return ok(exchange);
  return declined(outcome, reason === undefined || reason === outcome ? `${peer ?? station ?? 'the charge point'} answered ${outcome}` : reason, exchange);
}
