import type { ResponseType } from '../../domain/exchange.ts';
import { type EpochMillis, later, type Seconds, seconds } from '../../domain/units.ts';

/** The CPO's immediate answer to a forwarded request, or why there is none. */
export type UpstreamAnswer =
  | { is: 'ANSWERED'; result: ResponseType; timeout: Seconds; message?: string }
  /** The CPO refused the message with an OCPI status code (RTE-16). */
  | { is: 'REFUSED'; code: number; message: string | undefined }
  | { is: 'UNREACHABLE'; reason: string }
  /** The request may have arrived. */
  | { is: 'AMBIGUOUS'; reason: string };

/** The immediate answer to the SCSP and the new state of the exchange. */
export interface ForwardedAnswer {
  answer: { result: ResponseType; timeout: Seconds; message?: string } | { code: number; message: string };
  state: 'AWAITING' | 'REFUSED' | 'UNCERTAIN';
  reason: string | undefined;
  /** Until when the CPO's result is awaited. */
  deadline: EpochMillis;
}

/** The time for delivering a result through one more platform. */
const HOP: Seconds = seconds(5);
/** s: the longest timeout of a CPO that is accepted. */
const LONGEST_WAIT = 3_600;
/** The status code for a failure at the CPO: the 4xxx codes are for hubs only, and 3001 is defined for registration. */
const UPSTREAM_FAILED = 3000;

/** The status code sent to the SCSP, from the stored reason of the exchange: the CPO's own code, or the code for a failure at the CPO. */
export const ocpiCodeOf = (reason: string | undefined): number => Number(reason?.match(/^ocpi_(\d{4})(?=:|$)/)?.[1] ?? UPSTREAM_FAILED);

/** The answer for the SCSP: the CPO's immediate answer, with the time of this hop added to its timeout (CP-60, how-a-request-runs §8). */
export function forwardAnswer(upstream: UpstreamAnswer, now: EpochMillis): ForwardedAnswer {
  switch (upstream.is) {
    case 'ANSWERED': {
      const { result, message } = upstream;
      const timeout = seconds(Math.min(upstream.timeout, LONGEST_WAIT) + HOP);
      const answer = { result, timeout, ...(message !== undefined && { message }) };
      return result === 'ACCEPTED'
        ? { answer, state: 'AWAITING', reason: undefined, deadline: later(now, timeout) }
        : { answer, state: 'REFUSED', reason: message ?? result, deadline: now };
    }
    case 'REFUSED':
      return {
        answer: { code: upstream.code, message: upstream.message ?? 'the CPO refused the request' },
        state: 'REFUSED',
        reason: [`ocpi_${upstream.code}`, upstream.message].filter(Boolean).join(': '),
        deadline: now,
      };
    case 'UNREACHABLE':
      return { answer: { code: UPSTREAM_FAILED, message: 'the CPO cannot be reached' }, state: 'REFUSED', reason: upstream.reason, deadline: now };
    case 'AMBIGUOUS':
      return {
        answer: { code: UPSTREAM_FAILED, message: 'the CPO did not answer; it may have got the request' },
        state: 'UNCERTAIN',
        reason: upstream.reason,
        deadline: now,
      };
    default:
      return upstream satisfies never;
  }
}
