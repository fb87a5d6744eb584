import type { PartyKey } from '../../../domain/ids.ts';
import { asSessionKey, fold } from '../../../domain/ids.ts';
import { keyOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { sessionByKey, sessionsByFoldedId } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { quote, type Refusal, refuse } from '../refusal.ts';
import type { AnySession } from './view-session.ts';

/** The parties whose customers' sessions the operator may see. An SCSP controls sessions of other parties' customers, so it sees all. */
export const visibleParties = ({ parties }: Pick<Config, 'parties'>): readonly PartyKey[] | 'all' =>
  parties.some((it) => it.role === 'SCSP') ? 'all' : parties.filter((it) => it.role === 'EMSP').map(keyOf);

/** Finds the sessions that the operator may see: at its own charge points, and of customers of its parties (SEC-15). */
export interface SessionFinder {
  parties: readonly PartyKey[] | 'all';
  isVisible(session: AnySession): boolean;
  /** By `NL*EVK*ID`, or by the bare id when only one session has it. */
  find(name: string): Promise<Result<AnySession, Refusal>>;
}

export function createSessionFinder({ store, config }: Pick<Context, 'store' | 'config'>, { cpo, remote }: Pick<Roles, 'cpo' | 'remote'>): SessionFinder {
  const parties = visibleParties(config);
  const isOurCustomer = (party: PartyKey | undefined) => parties === 'all' || (party !== undefined && parties.includes(party));
  const isVisible = ({ peer, tokenParty }: AnySession) => (peer === undefined ? cpo !== undefined : remote !== undefined && isOurCustomer(tokenParty));

  async function find(name: string): Promise<Result<AnySession, Refusal>> {
    const whole = await store.first(sessionByKey<OwnSession, Progress>(asSessionKey(fold(name))));
    const found = whole ? [whole] : await store.all(sessionsByFoldedId<OwnSession, Progress>(fold(name)));
    const [session, ...others] = found.filter(isVisible);
    if (!session) return refuse(404, 'NOT_FOUND', `no session ${quote(name)} of a party that this node acts for`);
    if (others.length === 0) return ok(session);
    const keys = [session, ...others].map((it) => it.key).join(', ');
    const refusal = refuse(409, 'AMBIGUOUS', `${others.length + 1} sessions have the id ${quote(name)}: use one of ${keys}`);
    return { ...refusal, problem: { ...refusal.problem, field: 'session', allowed: keys } };
  }

  return { parties, isVisible, find };
}
