import type { WireSession } from '../../ocpi/sessions/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { clearUnderWay } from '../../store/sql/previous-requests.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { operatorAccess } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { ProfileRequests } from '../cpo/answer-profile-request.ts';
import type { RequestSender } from '../remote/send-request.ts';
import type { WithdrawProfile } from '../rights/withdraw-profile.ts';

/** At our charge point, or in our own name at the CPO of the session. */
export const createWithdrawProfile =
  ({ store }: Context, ways: () => { desk: ProfileRequests | undefined; sender: RequestSender | undefined }): WithdrawProfile =>
  async ({ session: key, party, underWay }) => {
    // Read before the inputs, which its result takes away: a clear that ends in between is not asked for once more.
    const clearing = await store.first(clearUnderWay(key));
    const inputs = await store.all(inputsOf(key));
    const session = await store.first(sessionByKey<WireSession, undefined>(key));
    if (session?.status !== 'ACTIVE' || !(underWay || inputs.some(({ by }) => by === party))) return 'nothing';
    const { desk, sender } = ways();
    if (session.peer !== undefined) {
      if (clearing) return 'not yet'; // a CPO is not asked again while its word may still come
      return (await sender?.send(session, { kind: 'clear' }))?.ok === true ? 'asked' : 'not yet';
    }
    const controlled = await store.first(operatorAccess(key));
    const answered = controlled && (await desk?.withdraw(controlled, party));
    return answered?.answer.result === 'ACCEPTED' ? 'asked' : 'not yet';
  };
