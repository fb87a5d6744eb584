import type { WireSession } from '../../ocpi/sessions/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { clearUnderWay } from '../../store/sql/previous-requests.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { operatorAccess } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { ProfileRequests } from '../cpo/answer-profile-request.ts';
import type { RequestSender } from '../remote/send-request.ts';
import type { WithdrawProfile } from '../rights/end-peer.ts';

/** Creates the withdrawal of profiles: by a clear at our charge point, or by a clear that we send to the CPO of a remote session. */
export const createWithdrawProfile =
  ({ store }: Context, roles: () => { requests: ProfileRequests | undefined; sender: RequestSender | undefined }): WithdrawProfile =>
  async ({ session: key, party, underWay }) => {
    // Read before the inputs: the result of a clear removes them, and a clear that ends in between must not be sent again.
    const clearing = await store.first(clearUnderWay(key));
    const inputs = await store.all(inputsOf(key));
    const session = await store.first(sessionByKey<WireSession, undefined>(key));
    if (session?.status !== 'ACTIVE' || !(underWay || inputs.some(({ by }) => by === party))) return 'nothing';
    const { requests, sender } = roles();
    if (session.peer !== undefined) {
      if (clearing) return 'not yet'; // The CPO gets no second clear while the result of the first may still arrive.
      return (await sender?.send(session, { kind: 'clear' }))?.ok === true ? 'requested' : 'not yet';
    }
    const controlled = await store.first(operatorAccess(key));
    const answered = controlled && (await requests?.withdraw(controlled, party));
    return answered?.answer.result === 'ACCEPTED' ? 'requested' : 'not yet';
  };
