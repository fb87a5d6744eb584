import { randomUUID } from 'node:crypto';
import { messageId } from '../domain/ids.ts';
import { ok } from '../domain/result.ts';
import type { EpochMillis } from '../domain/units.ts';
import type { CallQueue } from './call-queue.ts';
import type { Call } from './dialect.ts';
import type { SchemaSet } from './schema.ts';
import type { CommandAnswer } from './station.ts';

/** Sends a call of an operator whose answer has a `status`, after the calls that wait; a CALLERROR counts as its code. */
export async function sendCommand(
  queue: CallQueue,
  { call, schemas, deadline }: { call: Call; schemas: SchemaSet; deadline: EpochMillis },
): Promise<CommandAnswer> {
  const outcome = await queue.call({ messageId: messageId(randomUUID()), deadline, compose: () => ok(call), claim: async () => true });
  if (outcome.is === 'error') return { is: 'ANSWERED', status: outcome.code };
  if (outcome.is !== 'result') return { is: 'FAILED', because: outcome.because };
  const answer = schemas.check<{ status: string }>(`${call.action}Response`, outcome.payload);
  return answer.ok ? { is: 'ANSWERED', status: answer.value.status } : { is: 'FAILED', because: `malformed answer: ${answer.problem.problem}` };
}
