import type { ExchangeState } from '../../domain/exchange.ts';
import { type EpochMillis, epochMillis, type Seconds } from '../../domain/units.ts';

/** The remaining work for an open exchange after a start of the node. */
export type RemainingWork = 'send' | 'resend' | 'await-late-answer' | 'report-not-sent' | 'time-out' | 'deliver' | 'expire' | 'delivery-unknown' | 'nothing';

/** The deadline for the charge point: the deadline of the exchange minus a fifth of the timeout, at least 2 s, for delivering the result. */
export const answerDeadline = (deadline: EpochMillis, timeout: Seconds): EpochMillis => epochMillis(deadline - Math.max(2, 0.2 * timeout) * 1000);

/** Decides the remaining work from the stored exchange alone. `resent`: the request was sent twice already. */
export function remainingWork(exchange: { state: ExchangeState; deadline: EpochMillis; timeout: Seconds; resent: boolean }, now: EpochMillis): RemainingWork {
  const inTime = now < answerDeadline(exchange.deadline, exchange.timeout);
  switch (exchange.state) {
    case 'ACCEPTED':
      if (inTime) return 'send';
      return now < exchange.deadline ? 'report-not-sent' : 'time-out';
    case 'SENDING':
      if (!inTime) return 'time-out';
      return exchange.resent ? 'await-late-answer' : 'resend';
    case 'RESULT':
      return now < exchange.deadline ? 'deliver' : 'expire';
    case 'DELIVERING':
      return 'delivery-unknown';
    default:
      return 'nothing';
  }
}
