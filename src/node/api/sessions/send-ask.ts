import type { Ask } from '../../../domain/exchange.ts';
import type { ExchangeId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { hasOwner, isOver } from '../../../roles/cpo/session.ts';
import { operatorAccess } from '../../../store/sql/session-rights.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { declined, type Refusal, refuse } from '../refusal.ts';
import type { AnySession } from './view-session.ts';

/** Sets, gets or clears a profile for the operator: at its own charge point, or at the CPO that its customer charges with. */
export async function sendAsk(
  { store }: Pick<Context, 'store'>,
  { cpo, remote }: Pick<Roles, 'cpo' | 'remote'>,
  { session, ask, author }: { session: AnySession; ask: Ask; author?: string | undefined },
): Promise<Result<ExchangeId, Refusal>> {
  if (isOver(session)) return declined('REJECTED', `the session is ${session.status}: only a running session takes charging profiles`);
  const { body } = session;
  if (session.peer !== undefined) {
    if (!remote || !hasOwner(body)) return refuse(404, 'NOT_FOUND', 'no such session of a party that this node acts for');
    if (session.status !== 'ACTIVE') return declined('REJECTED', `the session is ${session.status}: only an ACTIVE session takes charging profiles`);
    const asked = await remote.sender.send({ ...session, body, progress: undefined }, ask, author);
    return asked.ok ? asked : refuse(409, 'NOT_CONNECTED', asked.problem);
  }
  const controlled = await store.first(operatorAccess(session.key));
  if (!controlled || !cpo) return declined('REJECTED', `the session is ${session.status}: no car is connected yet`);
  const { answer, exchange } = await cpo.requests.answerOperator(controlled, ask, author);
  if (answer.result !== 'ACCEPTED') return declined(answer.result, answer.message);
  return exchange === undefined ? refuse(500, 'FAILED', 'accepted, but not stored: try again') : ok(exchange);
}
