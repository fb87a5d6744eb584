import { seconds } from '../../domain/units.ts';
import type { PeerClient } from '../../ocpi/call.ts';
import type { Forwarded } from '../../roles/emsp/take-relayed-answer.ts';
import { callPeer, type PeerRequest } from '../remote/peer-request.ts';

/** Sends somebody's question on to a CPO, and tells what it said at once. */
export async function forward(line: PeerClient, question: PeerRequest): Promise<Forwarded> {
  const outcome = await callPeer(line, question);
  if (outcome.data) {
    const { result, timeout } = outcome.data;
    const message = outcome.is === 'FAILED' ? outcome.message : undefined;
    return { is: 'ANSWERED', result, timeout: seconds(timeout), ...(message !== undefined && { message }) };
  }
  if (outcome.is === 'SUCCESS') return { is: 'AMBIGUOUS', reason: 'bad_body' };
  const { because, statusCode, httpStatus, sent, message } = outcome;
  if (statusCode !== undefined && statusCode >= 2000 && statusCode < 4000) return { is: 'REFUSED', code: statusCode, message };
  if (because === 'unknown_receiver' || because === 'receiver_not_connected') return { is: 'UNREACHABLE', reason: because };
  const turnedAway = httpStatus !== undefined && httpStatus >= 400 && httpStatus < 500;
  return sent && !turnedAway ? { is: 'AMBIGUOUS', reason: because } : { is: 'UNREACHABLE', reason: because };
}
