import type { ExchangeState } from '../../domain/exchange.ts';
import { type EpochMillis, epochMillis, type Seconds } from '../../domain/units.ts';

/** What remains to be done for an open exchange, decided from its row alone, after a start and at each reconnection. */
export type RemainingWork = 'send' | 'resend' | 'await-late-word' | 'tell-not-sent' | 'time-out' | 'deliver' | 'expire' | 'delivery-unknown' | 'nothing';

/** The last moment at which a request may still be answered by its charge point: the deadline less room for the delivery. */
export const answerDeadline = (deadline: EpochMillis, timeout: Seconds): EpochMillis => epochMillis(deadline - Math.max(2, 0.2 * timeout) * 1000);

/** Recovery of one exchange; `resent` tells that it was already sent twice. */
export function remainingWork(x: { state: ExchangeState; deadline: EpochMillis; timeout: Seconds; resent: boolean }, now: EpochMillis): RemainingWork {
  const inTime = now < answerDeadline(x.deadline, x.timeout);
  switch (x.state) {
    case 'ACCEPTED':
      if (inTime) return 'send';
      return now < x.deadline ? 'tell-not-sent' : 'time-out';
    case 'SENDING':
      if (!inTime) return 'time-out';
      return x.resent ? 'await-late-word' : 'resend';
    case 'RESULT':
      return now < x.deadline ? 'deliver' : 'expire';
    case 'DELIVERING':
      return 'delivery-unknown';
    default:
      return 'nothing';
  }
}
