import { typedId } from '../../../domain/id-prefix.ts';
import type { PartyKey } from '../../../domain/ids.ts';
import { asSessionKey, fold } from '../../../domain/ids.ts';
import { keyOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { newestSession, sessionByKey, sessionsByFoldedId, sessionsByPrefix } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { MOST_ALIKE, MOST_SEARCHED } from '../lists.ts';
import { ambiguous, quote, type Refusal, refuse } from '../refusal.ts';
import type { AnySession } from './view-session.ts';

/** The parties whose customers' sessions the operator may see. An SCSP controls sessions of other parties' customers, so it sees all. */
export const visibleParties = ({ parties }: Pick<Config, 'parties'>): readonly PartyKey[] | 'all' =>
  parties.some((it) => it.role === 'SCSP') ? 'all' : parties.filter((it) => it.role === 'EMSP').map(keyOf);

/** Finds the sessions that the operator may see: at its own charge points, and of customers of its parties (SEC-15). */
export interface SessionFinder {
  parties: readonly PartyKey[] | 'all';
  isVisible(session: AnySession): boolean;
  /** By `NL*EVK*ID`, by the bare id when only one session has it, or by a beginning of either that one of the newest sessions has (F-78). */
  find(name: string): Promise<Result<AnySession, Refusal>>;
}

export function createSessionFinder({ store, config }: Pick<Context, 'store' | 'config'>, { cpo, remote }: Pick<Roles, 'cpo' | 'remote'>): SessionFinder {
  const parties = visibleParties(config);
  const isOurCustomer = (party: PartyKey | undefined) => parties === 'all' || (party !== undefined && parties.includes(party));
  const isVisible = ({ peer, tokenParty }: AnySession) => (peer === undefined ? cpo !== undefined : remote !== undefined && isOurCustomer(tokenParty));

  async function find(name: string): Promise<Result<AnySession, Refusal>> {
    const whole = await store.first(sessionByKey<OwnSession, Progress>(asSessionKey(fold(name))));
    const byId = (whole ? [whole] : await store.all(sessionsByFoldedId<OwnSession, Progress>(fold(name)))).filter(isVisible);
    const [session, ...others] = byId.length > 0 ? byId : await byPrefix(fold(typedId(name)));
    if (!session) return refuse(404, 'NOT_FOUND', `no session ${quote(name)} of a party that this node acts for`);
    if (others.length === 0) return ok(session);
    const keys = [session, ...others].map((it) => it.key).sort();
    if (byId.length === 0) return ambiguous('session', 'sessions', { typed: name, ids: keys });
    const refusal = refuse(409, 'AMBIGUOUS', `${keys.length} sessions have the id ${quote(name)}: use one of ${keys.join(', ')}`);
    return { ...refusal, problem: { ...refusal.problem, field: 'session', allowed: keys.join(', ') } };
  }

  /** Among the newest sessions, those whose id or key begins with this text. */
  async function byPrefix(prefix: string): Promise<readonly AnySession[]> {
    if (prefix === '') return [];
    const floor = Math.max(0, ((await store.first(newestSession)) ?? 0) - MOST_SEARCHED);
    return (await store.all(sessionsByPrefix<OwnSession, Progress>(prefix, floor, MOST_ALIKE))).filter(isVisible);
  }

  return { parties, isVisible, find };
}
