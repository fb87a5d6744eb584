import type { ResponseType, ResultType, SentState } from '../../domain/exchange.ts';
import { type EpochMillis, epochMillis, type Seconds } from '../../domain/units.ts';

/** The receiver's immediate answer to a sent request. REFUSED: the request certainly failed. AMBIGUOUS: it may have arrived. */
export type ImmediateAnswer =
  | { is: 'ANSWERED'; result: ResponseType; timeout: Seconds; message?: string }
  | { is: 'REFUSED'; reason: string }
  | { is: 'AMBIGUOUS'; reason: string };

/** Extra time after the receiver's timeout for the delivery of its result. */
const GRACE_MS = 5_000;
/** The longest timeout of a receiver that is accepted. */
const LONGEST_WAIT_S = 3_600;

/** The state of a sent request after the immediate answer, and the deadline of its result (CP-16, CP-44). */
export function stateAfterAnswer(answer: ImmediateAnswer, now: EpochMillis): { state: SentState; reason: string | undefined; deadline: EpochMillis } {
  switch (answer.is) {
    case 'ANSWERED': {
      const deadline = epochMillis(now + Math.min(answer.timeout, LONGEST_WAIT_S) * 1000 + GRACE_MS);
      return answer.result === 'ACCEPTED'
        ? { state: 'AWAITING', reason: undefined, deadline }
        : { state: 'REFUSED', reason: answer.message ?? answer.result, deadline: now };
    }
    case 'REFUSED':
      return { state: 'REFUSED', reason: answer.reason, deadline: now };
    case 'AMBIGUOUS':
      return { state: 'UNCERTAIN', reason: answer.reason, deadline: now };
    default:
      return answer satisfies never;
  }
}

/** The final state of a sent request, from the result that the receiver posted. */
export const stateAfterResult = (result: ResultType): SentState => (result === 'ACCEPTED' ? 'CONFIRMED' : result);
