import type { ResponseType } from '../../domain/exchange.ts';
import { type EpochMillis, later, type Seconds, seconds } from '../../domain/units.ts';

/** What a CPO answered at once to a forwarded request, or why it is not known. */
export type UpstreamAnswer =
  | { is: 'ANSWERED'; result: ResponseType; timeout: Seconds; message?: string }
  /** It refused the message itself, by a code of OCPI (RTE-16). */
  | { is: 'REFUSED'; code: number; message: string | undefined }
  | { is: 'UNREACHABLE'; reason: string }
  /** It may have got it. */
  | { is: 'AMBIGUOUS'; reason: string };

/** What the SCSP hears at once, and what becomes of the exchange. */
export interface ForwardedAnswer {
  answer: { result: ResponseType; timeout: Seconds; message?: string } | { code: number; message: string };
  state: 'AWAITING' | 'REFUSED' | 'UNCERTAIN';
  reason: string | undefined;
  /** Until when the CPO's result is waited for. */
  deadline: EpochMillis;
}

/** The way of a result over one more platform. */
const HOP: Seconds = seconds(5);
/** Nobody is believed who asks to wait for longer than this. */
const LONGEST_WAIT = 3_600;
/** Codes that another platform's own trouble has (hub codes are for hubs; 3001 is worded for registration). */
const TROUBLE = 3000;

/** The code that an SCSP heard, from the reason that is kept with the exchange: the CPO's own, or that of its trouble. */
export const ocpiCodeOf = (reason: string | undefined): number => Number(/^ocpi_(\d{4})$/.exec(reason ?? '')?.[1] ?? TROUBLE);

/** The CPO's immediate answer goes on unchanged but for the time, to which this hop is added (CP-60, how-a-request-runs §8). */
export function forwardAnswer(forwarded: UpstreamAnswer, now: EpochMillis): ForwardedAnswer {
  switch (forwarded.is) {
    case 'ANSWERED': {
      const { result, message } = forwarded;
      const timeout = seconds(Math.min(forwarded.timeout, LONGEST_WAIT) + HOP);
      const answer = { result, timeout, ...(message !== undefined && { message }) };
      return result === 'ACCEPTED'
        ? { answer, state: 'AWAITING', reason: undefined, deadline: later(now, timeout) }
        : { answer, state: 'REFUSED', reason: message ?? result, deadline: now };
    }
    case 'REFUSED':
      return {
        answer: { code: forwarded.code, message: forwarded.message ?? 'the CPO refused the request' },
        state: 'REFUSED',
        reason: `ocpi_${forwarded.code}`,
        deadline: now,
      };
    case 'UNREACHABLE':
      return { answer: { code: TROUBLE, message: 'the CPO cannot be reached' }, state: 'REFUSED', reason: forwarded.reason, deadline: now };
    case 'AMBIGUOUS':
      return {
        answer: { code: TROUBLE, message: 'the CPO did not answer; it may have got the request' },
        state: 'UNCERTAIN',
        reason: forwarded.reason,
        deadline: now,
      };
    default:
      return forwarded satisfies never;
  }
}
