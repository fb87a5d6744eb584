import type { PartyKey, SessionKey } from '../../domain/ids.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { clearUnderWay } from '../../store/sql/previous-requests.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { operatorAccess } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { ProfileRequests } from '../cpo/answer-profile-request.ts';
import type { RequestSender } from '../remote/send-request.ts';

/** What of a party is to leave a session. */
export interface ProfileToWithdraw {
  session: SessionKey;
  party: PartyKey;
  /** A profile of it was on its way and may still arrive; the clear goes behind it. */
  underWay: boolean;
}

/** Takes back what a party has set on a session: `nothing` is there, it was `asked` for, or that could `not yet` be done. */
export type WithdrawProfile = (leaving: ProfileToWithdraw) => Promise<'nothing' | 'asked' | 'not yet'>;

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
      return (await sender?.ask(session, { kind: 'clear' }))?.ok === true ? 'asked' : 'not yet';
    }
    const controlled = await store.first(operatorAccess(key));
    const answered = controlled && (await desk?.takeBack(controlled, party));
    return answered?.answer.result === 'ACCEPTED' ? 'asked' : 'not yet';
  };
