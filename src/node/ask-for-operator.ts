import type { Ask } from '../domain/exchange.ts';
import type { ExchangeId, SessionKey } from '../domain/ids.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { WireSession } from '../ocpi/sessions/session.ts';
import { controlledByKey, sessionByKey } from '../store/sql/session.ts';
import type { Roles } from './compose.ts';
import type { Ground } from './ground.ts';

/** Sets, gets or clears a profile for the operator itself: at its own charge point, or at the CPO that one of its customers charges with. */
export async function askForOperator(
  { store }: Pick<Ground, 'store'>,
  { cpo, emsp }: Roles,
  asked: { session: SessionKey; ask: Ask },
): Promise<Result<ExchangeId>> {
  const own = cpo && (await store.first(controlledByKey(asked.session)));
  if (cpo && own) {
    const { answer, exchange } = await cpo.desk.answerOperator(own, asked.ask);
    return exchange === undefined ? fail(`${answer.result}${answer.message === undefined ? '' : `: ${answer.message}`}`) : ok(exchange);
  }
  const foreign = emsp && (await store.first(sessionByKey<WireSession, undefined>(asked.session)));
  return emsp && foreign?.peer ? emsp.sender.ask(foreign, asked.ask) : fail(`${asked.session} is no session that this node knows`);
}
