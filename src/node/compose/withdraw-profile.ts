import type { WireSession } from '../../ocpi/sessions/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { clearUnderWay } from '../../store/sql/previous-requests.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { operatorAccess } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { ProfileRequests } from '../cpo/answer-profile-request.ts';
import type { RequestSender } from '../remote/send-request.ts';
import type { ProfileToWithdraw, WithdrawProfile } from '../rights/end-peer.ts';

type Roles = () => { requests: ProfileRequests | undefined; sender: RequestSender | undefined };

/**
 * Creates the withdrawal of profiles: by a clear at our charge point, or by a clear that we send to the CPO of a remote session. Several
 * jobs withdraw profiles, so each waits for an earlier withdrawal of the same party from the same session.
 */
export function createWithdrawProfile(context: Context, roles: Roles): WithdrawProfile {
  const serial = new SerialByKey<string>();
  return (profile) => serial.run(`${profile.session} ${profile.party}`, () => withdraw(context, roles, profile));
}

async function withdraw({ store }: Context, roles: Roles, { session: key, party, underWay }: ProfileToWithdraw): ReturnType<WithdrawProfile> {
  // Read before the inputs: the result of a clear removes them, and a clear that ends in between must not be sent again.
  const clearing = await store.first(clearUnderWay(key, party));
  const inputs = await store.all(inputsOf(key));
  const session = await store.first(sessionByKey<WireSession, undefined>(key));
  if (session?.status !== 'ACTIVE' || !(underWay || inputs.some(({ by }) => by === party))) return 'nothing';
  if (clearing) return 'not yet'; // No second clear is sent while the result of the first may still arrive.
  const { requests, sender } = roles();
  if (session.peer !== undefined) return (await sender?.send(session, { kind: 'clear' }))?.ok === true ? 'requested' : 'not yet';
  const controlled = await store.first(operatorAccess(key));
  const answered = controlled && (await requests?.withdraw(controlled, party));
  return answered?.answer.result === 'ACCEPTED' ? 'requested' : 'not yet';
}
