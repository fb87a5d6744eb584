import type { ResponseType, ResultType, SentState } from '../../domain/exchange.ts';
import { type EpochMillis, epochMillis, type Seconds } from '../../domain/units.ts';

/** What the receiver answered at once to our request, or why nobody knows what it made of it. */
export type ImmediateAnswer =
  | { is: 'ANSWERED'; result: ResponseType; timeout: Seconds; message?: string }
  | { is: 'REFUSED'; reason: string }
  | { is: 'AMBIGUOUS'; reason: string };

/** A grace beyond the receiver's timeout for the way of the result to us. */
const GRACE_MS = 5_000;
/** Nobody is believed who asks us to wait for longer than this. */
const LONGEST_WAIT_S = 3_600;

/** The state of our request after the immediate answer, and until when its result is awaited (CP-16, CP-44). */
export function stateAfterAnswer(answered: ImmediateAnswer, now: EpochMillis): { state: SentState; reason: string | undefined; deadline: EpochMillis } {
  switch (answered.is) {
    case 'ANSWERED': {
      const deadline = epochMillis(now + Math.min(answered.timeout, LONGEST_WAIT_S) * 1000 + GRACE_MS);
      return answered.result === 'ACCEPTED'
        ? { state: 'AWAITING', reason: undefined, deadline }
        : { state: 'REFUSED', reason: answered.message ?? answered.result, deadline: now };
    }
    case 'REFUSED':
      return { state: 'REFUSED', reason: answered.reason, deadline: now };
    case 'AMBIGUOUS':
      return { state: 'UNCERTAIN', reason: answered.reason, deadline: now };
    default:
      return answered satisfies never;
  }
}

/** The last word on our request, from the result that the receiver posted. */
export function stateAfterResult(result: ResultType): SentState {
  switch (result) {
    case 'ACCEPTED':
      return 'CONFIRMED';
    case 'REJECTED':
    case 'UNKNOWN':
      return result;
    default:
      return result satisfies never;
  }
}
