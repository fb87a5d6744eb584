import type { Ask } from '../../../domain/exchange.ts';
import type { ExchangeId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { combinationOf } from '../../../roles/cpo/combine-profiles.ts';
import { hasOwner, isOver } from '../../../roles/cpo/session.ts';
import { type Input, inputsOf } from '../../../store/sql/input.ts';
import { operatorAccess } from '../../../store/sql/session-rights.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { declined, type Refusal, refuse } from '../refusal.ts';
import type { AnySession } from './view-session.ts';

/** What a set of the operator does with the profiles of other parties: it replaces them, or stands beside them, and the lowest limit applies. */
export type SetMode = 'replace' | 'lower-only';

/** Sets, gets or clears a profile for the operator: at its own charge point, or at the CPO that its customer charges with. */
export async function sendAsk(
  { store }: Pick<Context, 'store'>,
  { cpo, remote }: Pick<Roles, 'cpo' | 'remote'>,
  { session, ask: asked, mode, author }: { session: AnySession; ask: Ask; mode?: SetMode | undefined; author?: string | undefined },
): Promise<Result<ExchangeId, Refusal>> {
  if (isOver(session)) return declined('REJECTED', `the session is ${session.status}: only a running session takes charging profiles`);
  const { body } = session;
  const needed = asked.kind === 'set' && mode === undefined ? modeNeeded(await store.all(inputsOf(session.key))) : undefined;
  if (needed) return needed;
  const ask: Ask = asked.kind === 'set' && mode === 'lower-only' ? { ...asked, keepsOthers: true } : asked;
  if (session.peer !== undefined) {
    if (!remote || !hasOwner(body)) return refuse(404, 'NOT_FOUND', 'no such session of a party that this node acts for');
    if (session.status !== 'ACTIVE') return declined('REJECTED', `the session is ${session.status}: only an ACTIVE session takes charging profiles`);
    if (ask.kind !== 'get' && ask.keepsOthers)
      return refuse(409, 'NOT_POSSIBLE', 'the profiles of other parties can be kept at charge points of this node only');
    const sent = await remote.sender.send({ ...session, body, progress: undefined }, ask, author);
    return sent.ok ? sent : refuse(409, 'NOT_CONNECTED', sent.problem);
  }
  const controlled = await store.first(operatorAccess(session.key));
  if (!controlled || !cpo) return declined('REJECTED', `the session is ${session.status}: no car is connected yet`);
  const { answer, exchange } = await cpo.requests.answerOperator(controlled, ask, author);
  if (answer.result !== 'ACCEPTED') return declined(answer.result, answer.message);
  return exchange === undefined ? refuse(500, 'FAILED', 'accepted, but not stored: try again') : ok(exchange);
}

/** The refusal of a set that does not say what becomes of the profiles of other parties; undefined: there are none. */
function modeNeeded(inputs: readonly Input[]): Result<never, Refusal> | undefined {
  const { replaces } = combinationOf(inputs);
  if (replaces.length === 0) return undefined;
  const message = `${replaces.join(' and ')} ${replaces.length === 1 ? 'has a profile' : 'have profiles'} on this session: mode \`replace\` drops it and tells the party, \`lower-only\` keeps it, and the lowest limit applies`;
  const refusal = refuse(409, 'MODE_NEEDED', message);
  return { ...refusal, problem: { ...refusal.problem, field: 'mode', allowed: 'replace, lower-only' } };
}
